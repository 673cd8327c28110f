//! What the cache asks to be done.

use {
    crate::{OperationId, Slot, Stage},
    solana_address::Address,
};

/// Something to be done by whoever has a ledger. Effects come out in the order in which they arose, and are lost if they are not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read these accounts, all at one confirmed slot that is not before `since`, and answer with
    /// [`Cache::loaded`](crate::Cache::loaded) or [`Cache::load_failed`](crate::Cache::load_failed). There is never more than one for a session on
    /// its way.
    Load {
        /// The session.
        session: Address,
        /// Its accounts.
        accounts: Vec<Address>,
        /// The first slot that will do.
        since: Slot,
    },
    /// Sign this operation and send it, and say so with [`Cache::sent`](crate::Cache::sent) before it leaves.
    Send(OperationId),
    /// Ask what became of this session's operations that were sent, as of this slot or a later one, and answer with
    /// [`Cache::seen`](crate::Cache::seen).
    Ask {
        /// The session.
        session: Address,
        /// The slot.
        as_of: Slot,
    },
    /// An operation came to another stage.
    Staged(OperationId, Stage),
    /// What a reader of this session sees may have changed.
    Changed(Address),
    /// The session is held no longer.
    Evicted(Address),
}
