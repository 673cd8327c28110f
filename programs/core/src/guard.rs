//! The guard: how another program checks a session in its own instruction, from account bytes and without a call.
//!
//! It works in any program, with Anchor or without: an account is its address, its owner and its data. A program that wants to charge a
//! member for what it does calls `consume` instead; one that only wants to know whether somebody may act asks here, for a fraction of the
//! cost.
//!
//! ```
//! # use sessions_core::{Address, Result, guard::{self, AccountBytes}, rules::permissions::Permissions};
//! # fn play(session: AccountBytes, member: AccountBytes, player: &Address, now: i64) -> Result<()> {
//! // The player's signature is the caller's to check; the clock's time is passed in.
//! let access = guard::member_may(&session, &member, player, Permissions::EXECUTE_FUNCTIONS, now)?;
//! assert!(access.member.is_active());
//! # Ok(())
//! # }
//! ```
//!
//! For those who call, this has what the call is made of: [`consume`] and [`validate_session`] are the instructions' data, [`standing`] reads the
//! answer. The accounts are the signer, the session (writable if it has shared limits) and the membership (writable for `consume`).

use {
    crate::{
        Address, ID, Result, SessionError,
        error::Denial,
        rules::permissions::Permissions,
        same,
        state::{Act, DISCRIMINATOR_LEN, MemberState, SessionState, Standing, member::permitted},
    },
    bytemuck::Pod,
};

/// An account as a program sees it.
#[derive(Clone, Copy, Debug)]
pub struct AccountBytes<'a> {
    /// Its address.
    pub address: &'a Address,
    /// The program that owns it.
    pub owner: &'a Address,
    /// Its data.
    pub data: &'a [u8],
}

/// Who may act: what the guard found in the accounts.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// The session.
    pub session: &'a SessionState,
    /// The membership.
    pub member: &'a MemberState,
    /// What the signer may do as this member: bits of [`Permissions`].
    pub permissions: u32,
}

/// Checks that `signer`, whose signature the caller has checked, is a member of the session or its session key, and may do `permission` there
/// at `now`, in Unix seconds.
///
/// Nothing is charged and no quota is looked at: that is what `consume` is for.
///
/// # Errors
/// SessionNotFound, MemberNotFound, UnsupportedVersion for accounts that are none of this program's; WrongSession, StaleEpoch; PermissionDenied,
/// with the reason; SessionNotActive, SessionExpired.
#[inline(always)]
pub fn member_may<'a>(
    session: &AccountBytes<'a>,
    member: &AccountBytes<'a>,
    signer: &Address,
    permission: Permissions,
    now: i64,
) -> Result<Access<'a>> {
    let (state, membership) = read(session, member)?;
    let act = Act { account: member.address, signer, now, slot: 0 };
    let permissions = permitted(state, membership, &act, session.address, permission)?;
    Ok(Access { session: state, member: membership, permissions })
}

/// Checks, in a program that was called through a session, that the session's vault signed, and that the member on whose behalf it did may do
/// `permission` there at `now`, in Unix seconds.
///
/// Only a member's execution makes the vault sign, and of memberships it passes on the caller's alone. So the member is who called, although
/// its own signature was left behind; and if its session key signed, no more is permitted than the key may do.
///
/// A program that is called can hand the vault's signature on to any other, this one too, with accounts and data of its own choice. So register
/// only programs that are trusted with it, and do not take the signature for the member's consent to each of the data.
///
/// # Errors
/// SessionNotFound, MemberNotFound, UnsupportedVersion for accounts that are none of this program's; WrongSession, StaleEpoch; PermissionDenied,
/// with the reason; SessionNotActive, SessionExpired.
#[inline(always)]
pub fn authorized_by_vault<'a>(
    session: &AccountBytes<'a>,
    member: &AccountBytes<'a>,
    vault: &Address,
    vault_signed: bool,
    permission: Permissions,
    now: i64,
) -> Result<Access<'a>> {
    let (state, membership) = read(session, member)?;
    membership.check_belongs(session.address, state)?;
    // A session that has not needed its vault yet has the zero address there, which signs nothing; and a vault signs for a member while that
    // member's execution runs.
    if !vault_signed || !same(&state.vault, vault) || membership.executing == 0 {
        return Err(Denial::NotTheVault.into());
    }
    let permissions = membership.permitted(state, membership.executing, permission, now)?;
    Ok(Access { session: state, member: membership, permissions })
}

/// The session and the membership in these accounts, where they lie.
#[inline(always)]
fn read<'a>(session: &AccountBytes<'a>, member: &AccountBytes<'a>) -> Result<(&'a SessionState, &'a MemberState)> {
    Ok((self::session(session)?, self::member(member)?))
}

/// The session in an account, where it lies. Nothing is asked of anybody: that is for [`member_may`].
///
/// # Errors
/// SessionNotFound if there is none of this program's, UnsupportedVersion.
#[inline(always)]
pub fn session<'a>(account: &AccountBytes<'a>) -> Result<&'a SessionState> {
    let state: &SessionState = view(account, SessionState::DISCRIMINATOR, SessionError::SessionNotFound)?;
    state.header.check_version()?;
    Ok(state)
}

/// The membership in an account, where it lies. Whether it counts for anything is for [`member_may`] to say.
///
/// # Errors
/// MemberNotFound if there is none of this program's, UnsupportedVersion.
#[inline(always)]
pub fn member<'a>(account: &AccountBytes<'a>) -> Result<&'a MemberState> {
    let state: &MemberState = view(account, MemberState::DISCRIMINATOR, SessionError::MemberNotFound)?;
    state.header.check_version()?;
    Ok(state)
}

/// The layout in an account of this program. Account data is aligned to eight bytes on chain; elsewhere it has to be, too.
#[inline(always)]
fn view<'a, T: Pod>(account: &AccountBytes<'a>, discriminator: [u8; DISCRIMINATOR_LEN], not_found: SessionError) -> Result<&'a T> {
    if same(account.owner, &ID)
        && let Some((first, rest)) = account.data.split_first_chunk::<DISCRIMINATOR_LEN>()
        && u64::from_le_bytes(*first) == u64::from_le_bytes(discriminator)
        && let Some(layout) = rest.get(..size_of::<T>())
        && let Ok(state) = bytemuck::try_from_bytes(layout)
    {
        Ok(state)
    } else {
        Err(not_found.into())
    }
}

/// Bytes of the data of [`consume`] and [`validate_session`].
pub const CALL_LEN: usize = 24;

/// The data of `consume`: charges the member one operation and `units`, and asks for all of `permissions` (none: EXECUTE_FUNCTIONS).
#[inline(always)]
pub const fn consume(permissions: Permissions, units: u64) -> [u8; CALL_LEN] {
    call(CONSUME, permissions, units)
}

/// The data of `validate_session`: asks the same, and charges nothing.
#[inline(always)]
pub const fn validate_session(permissions: Permissions, units: u64) -> [u8; CALL_LEN] {
    call(VALIDATE_SESSION, permissions, units)
}

/// How the member stands, by the return data that `program` left; `None` if that is no answer of this program's about the session with this id.
///
/// What comes back from a call is what was returned last, by whichever program that was. So who wrote it is part of the answer.
#[inline(always)]
pub fn standing(program: &Address, data: &[u8], session_id: &[u8; 32]) -> Option<Standing> {
    if !same(program, &ID) || data.len() != size_of::<Standing>() {
        return None;
    }
    let standing: Standing = bytemuck::pod_read_unaligned(data);
    (standing.session_id == *session_id).then_some(standing)
}

/// The first eight bytes of SHA-256 over `global:consume`.
const CONSUME: u64 = 0x41b2_8d0d_5f39_4c9a;
/// The first eight bytes of SHA-256 over `global:validate_session`.
const VALIDATE_SESSION: u64 = 0x7e21_b122_21f5_2ecd;

/// An instruction's data: its discriminator, units, permissions and four zeros.
const fn call(discriminator: u64, permissions: Permissions, units: u64) -> [u8; CALL_LEN] {
    let [a, b, c, d, e, f, g, h] = discriminator.to_be_bytes();
    let [i, j, k, l, m, n, o, p] = units.to_le_bytes();
    let [q, r, s, t] = permissions.bits().to_le_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, 0, 0, 0, 0]
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    #[test]
    fn a_call_is_its_name_its_units_and_its_permissions() {
        for (name, data) in
            [("global:consume", consume(Permissions::SPEND, 513)), ("global:validate_session", validate_session(Permissions::SPEND, 513))]
        {
            assert_eq!(data[..8], solana_sha256_hasher::hash(name.as_bytes()).as_ref()[..8], "{name}");
            assert_eq!(data[8..], [1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        }
    }

    #[test]
    fn an_answer_counts_from_this_program_and_for_this_session() {
        let expected = Standing { session_id: [7; 32], units_left: 9, ..Standing::zeroed() };
        let data = bytemuck::bytes_of(&expected);
        assert_eq!(standing(&ID, data, &[7; 32]), Some(expected));
        assert_eq!(standing(&Address::new_from_array([1; 32]), data, &[7; 32]), None);
        assert_eq!(standing(&ID, data, &[8; 32]), None);
        assert_eq!(standing(&ID, &data[1..], &[7; 32]), None);
        assert_eq!(standing(&ID, &[data, &[0]].concat(), &[7; 32]), None);
        assert_eq!(standing(&ID, &[], &[0; 32]), None);
    }

    /// What an account holds: a discriminator and a layout, where a layout may lie.
    #[repr(C, align(8))]
    struct Data<const N: usize>([u8; N]);

    #[test]
    fn only_this_programs_accounts_are_read() {
        let mut state = SessionState::zeroed();
        state.header.version = crate::state::VERSION;
        let mut data = Data([0; SessionState::SIZE]);
        data.0[..DISCRIMINATOR_LEN].copy_from_slice(&SessionState::DISCRIMINATOR);
        data.0[DISCRIMINATOR_LEN..].copy_from_slice(bytemuck::bytes_of(&state));
        let (address, other) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
        let whole = AccountBytes { address: &address, owner: &ID, data: &data.0 };
        assert_eq!(session(&whole).unwrap(), &state);
        for account in [
            AccountBytes { owner: &other, ..whole },
            AccountBytes { data: &[], ..whole },
            AccountBytes { data: &data.0[..SessionState::SIZE - 1], ..whole },
        ] {
            assert_eq!(session(&account).unwrap_err().error, SessionError::SessionNotFound);
        }
        assert_eq!(member(&whole).unwrap_err().error, SessionError::MemberNotFound);
        data.0[DISCRIMINATOR_LEN + core::mem::offset_of!(SessionState, header.version)] = 9;
        let later = AccountBytes { address: &address, owner: &ID, data: &data.0 };
        assert_eq!(session(&later).unwrap_err().error, SessionError::UnsupportedVersion);
    }
}
