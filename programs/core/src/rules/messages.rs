//! Messages: how long they can be, and the chain that each of them is a link of.
//!
//! The head of a session's chain is 32 zero bytes before the first message. Each message folds itself into it:
//!
//! `SHA-256(head ‖ session ‖ sequence ‖ time ‖ sender ‖ recipient ‖ data)`
//!
//! with the session's address, the numbers as eight bytes with the lowest first, and a recipient of zeros for a message to everyone. All of
//! it stands in the message's event, so whoever has the events of a session can see whether one is missing, altered or out of its place.

use crate::{Address, NOBODY};

/// The most bytes that a message can have.
pub const MAX_MESSAGE: usize = 768;

/// What a message consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The session's address.
    pub session: &'a Address,
    /// The message's number in its session, from 1 on.
    pub sequence: u64,
    /// When it was sent, in Unix seconds.
    pub time: i64,
    /// The wallet of the member who sent it.
    pub sender: &'a Address,
    /// The wallet that it is for; zeros if it is for everyone.
    pub recipient: &'a Address,
    /// What it says.
    pub data: &'a [u8],
}

/// The recipient of a message to everyone.
pub const EVERYONE: Address = NOBODY;

/// The head of the chain after `message`, when it was `head` before.
#[inline(always)]
pub fn link(head: &[u8; 32], message: &Message<'_>) -> [u8; 32] {
    let Message { session, sequence, time, sender, recipient, data } = message;
    let (sequence, time) = (sequence.to_le_bytes(), time.to_le_bytes());
    let parts = [head.as_slice(), session.as_array(), &sequence, &time, sender.as_array(), recipient.as_array(), data];
    solana_sha256_hasher::hashv(&parts).to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Address = Address::new_from_array([1; 32]);
    const B: Address = Address::new_from_array([2; 32]);

    #[test]
    fn every_part_of_a_message_counts() {
        let message = Message { session: &A, sequence: 1, time: 5, sender: &A, recipient: &EVERYONE, data: b"hello" };
        let head = link(&[0; 32], &message);
        let others = [
            Message { session: &B, ..message },
            Message { sequence: 2, ..message },
            Message { time: 6, ..message },
            Message { sender: &B, ..message },
            Message { recipient: &B, ..message },
            Message { data: b"hello!", ..message },
            Message { data: b"", ..message },
        ];
        for other in others {
            assert_ne!(link(&[0; 32], &other), head, "{other:?}");
        }
        assert_ne!(link(&[1; 32], &message), head);
    }

    #[test]
    fn the_link_is_the_documented_one() {
        // SHA-256 of 32 zeros, 32 ones, 1 and 5 as little-endian u64, 32 ones, 32 zeros, "hello"; reckoned with another implementation.
        let message = Message { session: &A, sequence: 1, time: 5, sender: &A, recipient: &EVERYONE, data: b"hello" };
        let head = link(&[0; 32], &message);
        let hex: std::string::String = head.iter().map(|byte| std::format!("{byte:02x}")).collect();
        assert_eq!(hex, "c35107357206343427e9beec666f0aad959a06bc54a218555eec811a11a8a316");
    }
}
