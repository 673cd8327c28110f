//! What other programs ask of a membership: to be told how it stands, and to be charged for what it does there.

use {
    super::{Asked, MemberState},
    crate::{
        Address, Result,
        error::InvalidField,
        events::{EventSink, UsageRecorded},
        rules::{
            membership::NEVER,
            permissions::{Permissions, Settings},
            quotas::{Cost, Elapsed, Quota, Used},
        },
        same,
        state::{Act, At, Held, SessionState},
    },
    bytemuck::{Pod, Zeroable},
};

/// How a member of a session stands: what the program answers by return data.
///
/// What is left is the least of what the session and the member have left, of the lifetime and of the window; 2⁶⁴ − 1 where nothing limits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct Standing {
    /// The session's id.
    pub session_id: [u8; 32],
    /// How many seconds the session, the membership and, if it signed, the session key all last.
    pub seconds_left: u64,
    /// How many acts are left.
    pub operations_left: u64,
    /// How many units are left.
    pub units_left: u64,
    /// How many bytes of property values and messages are left.
    pub bytes_left: u64,
    /// What the signer may do: bits of [`Permissions`].
    pub permissions: u32,
    /// Zero.
    pub reserved: [u8; 4],
}

impl MemberState {
    /// Charges the member for what it does in another program: one operation and `units`, by its wallet or session key, with all of `permissions`
    /// (0: EXECUTE_FUNCTIONS), while the session is active.
    ///
    /// # Errors
    /// InvalidConfiguration naming permissions without a name; those of [`authorize`](crate::state::authorize); SessionReadOnly.
    #[inline(always)]
    pub fn consume(
        &mut self,
        act: &Act<'_>,
        session: At<'_, Held<'_>>,
        permissions: u32,
        units: u64,
        events: &mut impl EventSink,
    ) -> Result<Standing> {
        let At { address, state: mut session } = session;
        let asked = asked(permissions)?;
        let ask = Asked::new(act, address, asked, cost(units));
        ask.check(&session, self)?;
        ask.charge(&mut session, self)?;
        if session.config.has(Settings::LOG_EXECUTION) {
            self.tell(&session.id, act.account, act, events, |state, about| {
                UsageRecorded::new(about, state.wallet, units, asked.bits(), [0; 4])
            });
        }
        Ok(self.standing(&session, act.signer, act.now))
    }

    /// How the member stands if it could be charged so ([`MemberState::consume`]), which it is not.
    ///
    /// # Errors
    /// InvalidConfiguration naming permissions without a name; those of [`authorize`](crate::state::authorize).
    #[inline(always)]
    pub fn validate(&self, act: &Act<'_>, session: At<'_, &SessionState>, permissions: u32, units: u64) -> Result<Standing> {
        Asked::new(act, session.address, asked(permissions)?, cost(units)).check(session.state, self)?;
        Ok(self.standing(session.state, act.signer, act.now))
    }

    /// How the member stands now, for `signer`, who is permitted to act.
    #[inline(never)]
    fn standing(&self, session: &SessionState, signer: &Address, now: i64) -> Standing {
        let elapsed = session.elapsed(now);
        let (own, used) = (&self.rights.quotas, &self.usage);
        let mut left =
            [used.operations.left(&own.operations, elapsed), used.units.left(&own.units, elapsed), used.bytes.left(&own.bytes, elapsed)];
        let shared = &session.config.quotas;
        if !shared.are_unlimited() {
            let used = &session.usage;
            left[0] = left[0].min(shared_left(&used.operations, &shared.operations, elapsed));
            left[1] = left[1].min(shared_left(&used.units, &shared.units, elapsed));
            left[2] = left[2].min(shared_left(&used.bytes, &shared.bytes, elapsed));
        }
        let mut end = session.end(now).unwrap_or(NEVER).min(self.rights.expires_at);
        if !same(&self.wallet, signer) {
            end = end.min(self.key_expires_at);
        }
        let [operations_left, units_left, bytes_left] = left;
        Standing {
            session_id: session.id,
            // What was authorized has not expired.
            seconds_left: end.abs_diff(now),
            operations_left,
            units_left,
            bytes_left,
            permissions: self.granted(session, signer),
            reserved: [0; 4],
        }
    }
}

/// What is left to all members together.
// Not inlined: few sessions have shared limits.
#[inline(never)]
const fn shared_left(used: &Used, quota: &Quota, elapsed: Elapsed) -> u64 {
    used.left(quota, elapsed)
}

/// What is asked for: EXECUTE_FUNCTIONS if nothing is named.
#[inline(always)]
fn asked(permissions: u32) -> core::result::Result<Permissions, InvalidField> {
    match Permissions::from_bits(permissions) {
        Some(Permissions::NONE) => Ok(Permissions::EXECUTE_FUNCTIONS),
        Some(asked) => Ok(asked),
        None => Err(InvalidField::Permissions),
    }
}

/// What a charge of so many units uses.
#[inline(always)]
const fn cost(units: u64) -> Cost {
    Cost { operations: 1, units, bytes: 0 }
}
