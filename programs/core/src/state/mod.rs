//! The accounts: layouts, seeds, transitions and invariants.
//!
//! Each layout is plain old data behind the eight bytes of its discriminator. A transition checks in one order, so that errors are the same
//! everywhere: who may do it, whether the status allows it, whether the time does. It changes nothing unless all of it holds, counts the
//! write, and gives the event that tells of it to the sink it was passed.

mod header;
mod session;

pub use {
    header::{AccountHeader, DISCRIMINATOR_LEN, VERSION},
    session::{Request, SEED_SESSION, SEED_VAULT, SessionState},
};

use crate::Address;

/// Who acts on which account, and when. The program takes it from the transaction and the cluster's clock, the client from its prediction.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The account that is acted on.
    pub account: &'a Address,
    /// The wallet that signed for the step.
    pub signer: &'a Address,
    /// `Clock::unix_timestamp`, in seconds.
    pub now: i64,
    /// `Clock::slot`.
    pub slot: u64,
}
