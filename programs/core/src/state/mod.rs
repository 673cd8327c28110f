//! The accounts: layouts, seeds, transitions and invariants.
//!
//! Each layout is plain old data behind the eight bytes of its discriminator. A transition checks in one order, so that errors are the same
//! everywhere: whether the accounts belong together, who may do it, whether the status allows it, whether the time does. It changes nothing
//! unless all of it holds, counts each write, and gives the events that tell of it to the sink it was passed.
//!
//! | module | account |
//! |---|---|
//! | [`session`] | the session itself |
//! | [`member`] | one wallet's membership, and [`authorize`], the only way to act |
//! | [`invitation`] | an invitation to a wallet, and a token that admits whoever holds its key |
//! | [`property`] | a shared value |
//! | [`function`] | a call that members may make with the session's vault |
//! | [`allowance`] | what a member may take out of the vault |
//! | [`grant`] | what a session lets another do with its properties |
//! | [`child`] | what accounts that belong to a session have in common, and how they are reclaimed |

pub mod allowance;
pub mod child;
pub mod function;
pub mod grant;
mod header;
pub mod invitation;
pub mod member;
pub mod property;
pub mod session;

pub use {
    allowance::{AllowanceState, Payment, SEED_ALLOWANCE},
    child::Child,
    function::{FunctionState, NewFunction, SEED_FUNCTION},
    grant::{AccessGrantState, NewGrant, SEED_GRANT},
    header::{AccountHeader, DISCRIMINATOR_LEN, VERSION},
    invitation::{InvitationState, InviteTokenState, Offer, SEED_INVITATION, SEED_TOKEN},
    member::{Asked, Execution, MemberState, Permit, SEED_MEMBER, Single, Standing, authorize},
    property::{Across, MAX_KEY, MAX_VALUE, PropertyKey, PropertyState, PropertyWrite, SEED_PROPERTY},
    session::{Held, Request, SEED_SESSION, SEED_VAULT, SessionState, Vault},
};

use crate::Address;

/// The first rule that does not hold, if there is one.
fn all_hold<'a>(mut rules: impl Iterator<Item = &'a (bool, &'static str)>) -> Result<(), &'static str> {
    rules.try_for_each(|(holds, rule)| if *holds { Ok(()) } else { Err(*rule) })
}

/// Who acts on which account, and when. The program takes it from the transaction and the cluster's clock, the client from its prediction.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The account that is acted on.
    pub account: &'a Address,
    /// The wallet or the session key that signed for the step.
    pub signer: &'a Address,
    /// `Clock::unix_timestamp`, in seconds.
    pub now: i64,
    /// `Clock::slot`.
    pub slot: u64,
}

/// Another account that has to do with the act: its address and its state, `S` being a reference to that.
#[derive(Clone, Copy, Debug)]
pub struct At<'a, S> {
    /// Its address.
    pub address: &'a Address,
    /// What it holds.
    pub state: S,
}

/// How an account came about that an act makes.
#[derive(Clone, Copy, Debug)]
pub struct Creation<'a> {
    /// Who paid its rent.
    pub payer: &'a Address,
    /// The canonical bump of its address.
    pub bump: u8,
}
