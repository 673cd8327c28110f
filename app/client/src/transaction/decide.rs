//! What to do about a transaction, from what is known of it. No clock, no I/O.

use {
    crate::ledger::{Blockhash, Commitment, LedgerError, Status},
    solana_address::Address,
    solana_hash::Hash,
    solana_transaction_error::TransactionError,
};

/// How often a transaction whose blockhash a node does not know is handed over before that is believed.
const UNKNOWN_BLOCKHASH_TRIES: u32 = 3;

/// How long a signed transaction can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// As long as the blockhash is recent.
    Blockhash(Blockhash),
    /// Until the nonce moves.
    Nonce {
        /// The nonce account.
        account: Address,
        /// What it held when the transaction was signed.
        hash: Hash,
    },
}

impl Lifetime {
    /// What the transaction has in the place of its blockhash.
    pub const fn hash(&self) -> Hash {
        match self {
            Self::Blockhash(blockhash) => blockhash.hash,
            Self::Nonce { hash, .. } => *hash,
        }
    }
}

/// Where the *finalized* chain stands, as far as a transaction's lifetime goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The finalized block height.
    Height(u64),
    /// What the nonce account held in a finalized slot.
    Nonce {
        /// The slot.
        slot: u64,
        /// What it held; `None` if it was gone.
        hash: Option<Hash>,
    },
}

/// What is to be done about a transaction that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is where it was wanted to be.
    Done(Status),
    /// It ran, but not yet as surely as wanted.
    Wait(Status),
    /// It has not been seen; the same bytes are to be handed over again from time to time.
    Rebroadcast,
    /// It has not run and never will: another can be signed in its place.
    Expired,
}

/// What is remembered of a transaction from one look to the next, to tell whether it can still run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// As of which slot it had no status when its nonce was first found to have moved.
    moved: Option<u64>,
}

impl Expiry {
    /// Whether a transaction can no longer run, which had no status as of the slot `unseen`.
    ///
    /// Height alone decides about a blockhash. A nonce that has moved may have been moved by the transaction itself, whose status comes later where
    /// a node shows accounts sooner than it shows what wrote them; so that slot must be finalized, too, before it is believed that another did.
    pub fn is_over(&mut self, lifetime: &Lifetime, standing: &Standing, unseen: u64) -> bool {
        match (lifetime, standing) {
            (Lifetime::Blockhash(blockhash), Standing::Height(finalized)) => *finalized > blockhash.last_valid_block_height,
            (Lifetime::Nonce { hash, .. }, Standing::Nonce { slot, hash: now }) if *now != Some(*hash) => {
                *slot >= *self.moved.get_or_insert(unseen)
            }
            _ => {
                self.moved = None;
                false
            }
        }
    }
}

/// What to do about a transaction with this status, which `expired` or not. A status is believed before anything else: what ran has not expired.
///
/// To be safe, [`Expiry::is_over`] must have been answered *before* the status was asked for: only then does no status mean that it has not run.
pub fn step(expired: bool, status: Option<Status>, wanted: Commitment) -> Step {
    match status {
        Some(status) if status.commitment >= wanted => Step::Done(status),
        Some(status) => Step::Wait(status),
        None if expired => Step::Expired,
        None => Step::Rebroadcast,
    }
}

/// What came of handing a transaction over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// It may be on its way.
    Underway,
    /// The ledger did not take it, or may not have; it is to be tried again.
    Again,
    /// It was turned away and was never on its way.
    Refused(LedgerError),
}

/// What handing a transaction over came to.
///
/// `underway` says whether it may have been on its way before: then nothing that a ledger says of the bytes now means that it has not run, for the
/// first copy may have, and a payer without funds may have none because of it. `tries` counts the times before.
pub fn handover(answer: Result<(), LedgerError>, underway: bool, tries: u32) -> Handover {
    match answer {
        Ok(()) | Err(LedgerError::Rejected(TransactionError::AlreadyProcessed)) => Handover::Underway,
        // Broken off in between, or answered with what makes no sense, it may have arrived.
        Err(error) if error.is_retryable() || !error.is_refusal() => Handover::Again,
        Err(_) if underway => Handover::Again,
        Err(LedgerError::Rejected(TransactionError::BlockhashNotFound)) if tries + 1 < UNKNOWN_BLOCKHASH_TRIES => Handover::Again,
        Err(error) => Handover::Refused(error),
    }
}

/// Whether bytes may be on their way although handing them over answered this: everything but a clear refusal leaves it open.
pub const fn may_be_underway(answer: &Result<(), LedgerError>) -> bool {
    match answer {
        Ok(()) | Err(LedgerError::Rejected(TransactionError::AlreadyProcessed)) => true,
        Err(error) => !error.is_refusal(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Commitment::*, *};

    const LIFETIME: Lifetime = Lifetime::Blockhash(Blockhash { hash: Hash::new_from_array([1; 32]), last_valid_block_height: 150 });

    fn at(commitment: Commitment) -> Option<Status> {
        Some(Status { slot: 7, commitment, failure: None })
    }

    fn url() -> String {
        "http://127.0.0.1:1".to_owned()
    }

    #[test]
    fn a_blockhash_lasts_until_the_finalized_height_is_past_its_last_block() {
        for (height, over) in [(0, false), (149, false), (150, false), (151, true), (u64::MAX, true)] {
            assert_eq!(Expiry::default().is_over(&LIFETIME, &Standing::Height(height), 900), over, "{height}");
        }
        assert!(
            !Expiry::default().is_over(&LIFETIME, &Standing::Nonce { slot: 900, hash: None }, 0),
            "a nonce says nothing of a blockhash"
        );
    }

    #[test]
    fn a_nonce_lasts_until_it_moved_and_the_slot_where_that_was_found_is_finalized() {
        let (hash, next) = (Hash::new_from_array([1; 32]), Hash::new_from_array([2; 32]));
        let lifetime = Lifetime::Nonce { account: Address::default(), hash };
        for moved in [Some(next), None] {
            let mut expiry = Expiry::default();
            let mut look = |slot, hash, unseen| expiry.is_over(&lifetime, &Standing::Nonce { slot, hash }, unseen);
            assert!(!look(70, Some(hash), 100), "it has not moved");
            assert!(!look(71, moved, 101), "it may have been the transaction itself, in slot 101");
            assert!(!look(100, moved, 130), "that slot is not finalized yet");
            assert!(look(101, moved, 131));
            assert!(look(102, moved, 132));
            assert!(!look(103, Some(hash), 133), "a fork took it back");
            assert!(!look(104, moved, 134));
            assert!(look(134, moved, 164));
        }
        assert!(Expiry::default().is_over(&lifetime, &Standing::Nonce { slot: 7, hash: None }, 7), "where everything is finalized at once");
        assert!(!Expiry::default().is_over(&lifetime, &Standing::Height(u64::MAX), 0), "a height says nothing of a nonce");
    }

    #[test]
    fn what_ran_is_waited_for_and_never_expires() {
        for expired in [false, true] {
            for (seen, wanted) in [(Processed, Processed), (Confirmed, Processed), (Finalized, Confirmed), (Finalized, Finalized)] {
                assert!(matches!(step(expired, at(seen), wanted), Step::Done(_)), "{seen:?} {wanted:?}");
            }
            for (seen, wanted) in [(Processed, Confirmed), (Processed, Finalized), (Confirmed, Finalized)] {
                assert!(matches!(step(expired, at(seen), wanted), Step::Wait(_)), "{seen:?} {wanted:?}");
            }
        }
    }

    #[test]
    fn what_was_not_seen_is_sent_again_until_it_can_no_longer_run() {
        assert_eq!(step(false, None, Processed), Step::Rebroadcast);
        assert_eq!(step(true, None, Processed), Step::Expired);
    }

    #[test]
    fn a_refusal_counts_only_before_the_bytes_may_be_on_their_way() {
        let no_funds = || Err(LedgerError::Rejected(TransactionError::InsufficientFundsForFee));
        assert_eq!(handover(no_funds(), false, 0), Handover::Refused(LedgerError::Rejected(TransactionError::InsufficientFundsForFee)));
        assert_eq!(handover(no_funds(), true, 0), Handover::Again);
    }

    #[test]
    fn a_blockhash_that_a_node_does_not_know_yet_is_tried_again_for_a_while() {
        let unknown = || Err(LedgerError::Rejected(TransactionError::BlockhashNotFound));
        assert_eq!(handover(unknown(), false, 0), Handover::Again);
        assert_eq!(handover(unknown(), false, 1), Handover::Again);
        assert!(matches!(handover(unknown(), false, 2), Handover::Refused(_)));
        assert_eq!(handover(unknown(), true, 100), Handover::Again);
    }

    #[test]
    fn what_was_processed_before_is_on_its_way() {
        assert_eq!(handover(Err(LedgerError::Rejected(TransactionError::AlreadyProcessed)), false, 0), Handover::Underway);
        assert_eq!(handover(Ok(()), false, 0), Handover::Underway);
    }

    #[test]
    fn a_connection_that_breaks_leaves_open_whether_the_bytes_arrived() {
        let reason = String::new;
        let broken = [
            LedgerError::Unreachable { url: url(), reason: reason() },
            LedgerError::Timeout { url: url() },
            // Half an answer, or a gateway's.
            LedgerError::NotSolana { url: url(), reason: reason() },
            LedgerError::NodeFailed { url: url(), reason: reason() },
        ];
        for error in broken {
            assert!(may_be_underway(&Err(error.clone())));
            assert_eq!(handover(Err(error), false, 0), Handover::Again);
        }
        let busy = [LedgerError::RateLimited { url: url() }, LedgerError::NodeBehind { url: url(), slots: None }];
        for error in busy {
            assert!(!may_be_underway(&Err(error.clone())));
            assert_eq!(handover(Err(error), false, 0), Handover::Again);
        }
        assert!(!may_be_underway(&Err(LedgerError::Rejected(TransactionError::InsufficientFundsForFee))));
    }
}
