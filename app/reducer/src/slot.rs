//! The accounts that an instruction takes, each in its slot, with what the framework checks of a slot before anything is loaded.

use {
    crate::outcome::{CONSTRAINT_MUT, Cause, DUPLICATE, Rejection, TOO_FEW_ACCOUNTS},
    sessions_core::{Address, NOBODY, same},
    solana_instruction::{AccountMeta, error::InstructionError},
};

/// The system program's address.
pub(crate) const SYSTEM: Address = NOBODY;

/// The most accounts that a transaction can lock.
const MAX_LOCKS: usize = 128;

/// An account in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot<'a> {
    pub address: &'a Address,
    pub is_signer: bool,
    pub is_writable: bool,
    /// The first place in which the account stands.
    pub place: u8,
}

impl<'a> Slot<'a> {
    /// A signer's address.
    #[inline(always)]
    pub fn signer(self) -> Result<&'a Address, Rejection> {
        if self.is_signer { Ok(self.address) } else { Err(InstructionError::MissingRequiredSignature.into()) }
    }

    /// The address of a signer that pays.
    #[inline(always)]
    pub fn payer(self) -> Result<&'a Address, Rejection> {
        if self.is_signer && self.is_writable { Ok(self.address) } else { Err(InstructionError::MissingRequiredSignature.into()) }
    }

    /// An account that has to be writable, whatever it is.
    #[inline(always)]
    pub const fn writable(self) -> Result<Self, Rejection> {
        if self.is_writable { Ok(self) } else { Err(CONSTRAINT_MUT) }
    }

    /// Whether both are one account.
    #[inline(always)]
    pub fn is(self, other: Self) -> bool {
        self.place == other.place
    }
}

/// The slots of the accounts that an instruction declares, of which those in `sole` may not stand in another slot too.
///
/// # Errors
/// AccountNotEnoughKeys; ConstraintDuplicateMutableAccount; accounts that no transaction can lock cannot be told.
#[inline(always)]
pub(crate) fn declared<'a, const N: usize>(metas: &'a [AccountMeta], sole: &[usize]) -> Result<[Slot<'a>; N], Rejection> {
    let Some((first, rest)) = metas.split_first_chunk::<N>() else {
        return Err(TOO_FEW_ACCOUNTS);
    };
    let mut slots = [const { Slot { address: &NOBODY, is_signer: false, is_writable: false, place: 0 } }; N];
    let mut repeats = false;
    for (index, meta) in first.iter().enumerate() {
        let mut slot = Slot { address: &meta.pubkey, is_signer: meta.is_signer, is_writable: meta.is_writable, place: index as u8 };
        let (before, here) = slots.split_at_mut(index);
        for earlier in before.iter_mut() {
            if !same(earlier.address, slot.address) {
                continue;
            }
            if sole.contains(&index) || sole.contains(&usize::from(earlier.place)) {
                return Err(DUPLICATE);
            }
            earlier.is_signer |= slot.is_signer;
            earlier.is_writable |= slot.is_writable;
            slot = *earlier;
            repeats = true;
            break;
        }
        if let Some(place) = here.first_mut() {
            *place = slot;
        }
    }
    // The flags of an account are those of all its places.
    if repeats {
        let firsts = slots;
        for slot in &mut slots {
            *slot = firsts.get(usize::from(slot.place)).copied().unwrap_or(*slot);
        }
    }
    for meta in rest {
        for slot in slots.iter_mut().filter(|slot| same(slot.address, &meta.pubkey)) {
            slot.is_signer |= meta.is_signer;
            slot.is_writable |= meta.is_writable;
        }
    }
    Ok(slots)
}

/// The slots of the accounts behind `declared`, none of which may stand in one of those in `sole`.
///
/// # Errors
/// As of [`declared`].
pub(crate) fn remaining<'a>(metas: &'a [AccountMeta], declared: &[Slot<'a>], sole: &[usize]) -> Result<Vec<Slot<'a>>, Rejection> {
    if metas.len() > MAX_LOCKS {
        return Err(Rejection::Unpredictable(Cause::TooManyAccounts));
    }
    let mut slots = declared.to_vec();
    for (index, meta) in metas.iter().enumerate().skip(declared.len()) {
        let earlier = slots.iter().find(|earlier| same(earlier.address, &meta.pubkey)).copied();
        slots.push(match earlier {
            Some(earlier) if sole.contains(&usize::from(earlier.place)) => return Err(DUPLICATE),
            Some(earlier) => earlier,
            None => {
                let all = || metas.iter().filter(|other| same(&other.pubkey, &meta.pubkey));
                Slot {
                    address: &meta.pubkey,
                    is_signer: all().any(|other| other.is_signer),
                    is_writable: all().any(|other| other.is_writable),
                    place: index as u8,
                }
            }
        });
    }
    Ok(slots.split_off(declared.len()))
}
