//! Whether the messages of a session are all there, unaltered and in order.
//!
//! Each message event carries the head of the session's chain after it ([`core::rules::messages`](sessions_core::rules::messages)). [`Chain`]
//! follows the events of one session and says where they stop fitting together; held against the session's account it also says whether
//! the last ones are missing.

use {
    sessions_core::{
        SessionState,
        events::AnyEvent,
        rules::messages::{EVERYONE, Message, link},
    },
    solana_address::Address,
};

/// How far a session's messages were followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The session's address.
    pub session: Address,
    /// The number of the last message; 0 before the first.
    pub sequence: u64,
    /// The head of the chain after it.
    pub head: [u8; 32],
}

/// Where messages do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// Messages are not there.
    #[error("messages {first} to {last} are missing")]
    Missing {
        /// The number of the first that is not.
        first: u64,
        /// The number of the last.
        last: u64,
    },
    /// A message stands where another belongs, which comes later or came before.
    #[error("message {found} stands where message {expected} belongs")]
    OutOfPlace {
        /// The number that belongs there.
        expected: u64,
        /// The number that stands there.
        found: u64,
    },
    /// A message is not what was sent, or does not follow from the one before it.
    #[error("message {sequence} is altered, or the one before it is")]
    Altered {
        /// Its number.
        sequence: u64,
    },
    /// The session's account was read before the last of the messages was sent.
    #[error("the session was read at message {sequence}, before the last one")]
    Ahead {
        /// The number of its last message then.
        sequence: u64,
    },
}

/// A message event, whichever it is.
struct Link<'a> {
    message: Message<'a>,
    head: &'a [u8; 32],
}

impl<'a> Link<'a> {
    fn of(event: &'a AnyEvent) -> Option<Self> {
        let header = event.header();
        let message =
            |sequence, sender, recipient, data| Message { session: &header.address, sequence, time: header.time, sender, recipient, data };
        match event {
            AnyEvent::MessageBroadcast(event) => {
                Some(Self { message: message(event.sequence, &event.sender, &EVERYONE, event.message.as_slice()), head: &event.head })
            }
            AnyEvent::MessageSent(event) => Some(Self {
                message: message(event.sequence, &event.sender, &event.recipient, event.message.as_slice()),
                head: &event.head,
            }),
            _ => None,
        }
    }
}

impl Chain {
    /// The chain of the session at `session` before its first message.
    pub const fn new(session: Address) -> Self {
        Self { session, sequence: 0, head: [0; 32] }
    }

    /// The chain as the message of this event left it, whatever came before: to go on behind a gap that stays one, because the log that had the
    /// messages in it was cut. `None` if it is no message's event.
    pub fn resumed_at(event: &AnyEvent) -> Option<Self> {
        let link = Link::of(event)?;
        Some(Self { session: *link.message.session, sequence: link.message.sequence, head: *link.head })
    }

    /// Follows the session's messages among `events`, which are to go on where this chain ends; other events, and those of other sessions, are
    /// passed over.
    ///
    /// # Errors
    /// The first place where they do not fit. The chain then ends before it.
    pub fn follow(&mut self, events: &[AnyEvent]) -> Result<(), Break> {
        let links: Vec<Link<'_>> = events.iter().filter_map(Link::of).filter(|link| *link.message.session == self.session).collect();
        for (i, link) in links.iter().enumerate() {
            let rest = links.get(i..).unwrap_or_default();
            self.add(link, rest)?;
        }
        Ok(())
    }

    fn add(&mut self, link_to: &Link<'_>, rest: &[Link<'_>]) -> Result<(), Break> {
        let (message, expected) = (&link_to.message, self.sequence.saturating_add(1));
        let found = message.sequence;
        if found != expected {
            let comes_later = rest.iter().any(|later| later.message.sequence == expected);
            return Err(if found > expected && !comes_later {
                Break::Missing { first: expected, last: found.saturating_sub(1) }
            } else {
                Break::OutOfPlace { expected, found }
            });
        }
        let head = link(&self.head, message);
        if head != *link_to.head {
            return Err(Break::Altered { sequence: found });
        }
        (self.sequence, self.head) = (found, head);
        Ok(())
    }

    /// Checks that this is where the session itself stands, as its account has it.
    ///
    /// # Errors
    /// What is missing since, that the last message is not the session's, or that the account is an older one.
    pub fn check_whole(&self, session: &SessionState) -> Result<(), Break> {
        if self.sequence < session.message_sequence {
            Err(Break::Missing { first: self.sequence.saturating_add(1), last: session.message_sequence })
        } else if self.sequence > session.message_sequence {
            Err(Break::Ahead { sequence: session.message_sequence })
        } else if self.head != session.message_head {
            Err(Break::Altered { sequence: self.sequence })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        sessions_core::events::{About, MessageBroadcast, MessageBytes, MessageSent},
    };

    const SESSION: Address = Address::new_from_array([1; 32]);
    const ANA: Address = Address::new_from_array([2; 32]);
    const BEN: Address = Address::new_from_array([3; 32]);

    /// Messages as a session would tell them, every second one to Ben alone.
    fn told(count: u64) -> Vec<AnyEvent> {
        let mut head = [0; 32];
        let event = |sequence: u64| {
            let data = format!("message {sequence}");
            let (time, direct) = (1_000 + sequence as i64, sequence.is_multiple_of(2));
            let recipient = if direct { &BEN } else { &EVERYONE };
            head = link(&head, &Message { session: &SESSION, sequence, time, sender: &ANA, recipient, data: data.as_bytes() });
            let about = About { session_id: &[9; 32], address: &SESSION, revision: sequence, previous: sequence - 1, time };
            if direct {
                let mut event = MessageSent::new(about, sequence, ANA, BEN, head, [0; 4], MessageBytes::EMPTY);
                event.message.put(data.as_bytes());
                AnyEvent::MessageSent(event)
            } else {
                let mut event = MessageBroadcast::new(about, sequence, ANA, head, [0; 4], MessageBytes::EMPTY);
                event.message.put(data.as_bytes());
                AnyEvent::MessageBroadcast(event)
            }
        };
        (1..=count).map(event).collect()
    }

    fn follow(events: &[AnyEvent]) -> Result<Chain, Break> {
        let mut chain = Chain::new(SESSION);
        chain.follow(events).map(|()| chain)
    }

    fn broadcast(event: &mut AnyEvent) -> &mut MessageBroadcast {
        let AnyEvent::MessageBroadcast(event) = event else { panic!("not a broadcast") };
        event
    }

    #[test]
    fn whole_chains_are_whole_in_one_piece_and_in_several() {
        let events = told(5);
        let chain = follow(&events).unwrap();
        assert_eq!(chain.sequence, 5);
        let mut parts = Chain::new(SESSION);
        for part in events.chunks(2) {
            parts.follow(part).unwrap();
        }
        assert_eq!(parts, chain);
        let mut state: SessionState = bytemuck::Zeroable::zeroed();
        (state.message_sequence, state.message_head) = (5, chain.head);
        assert_eq!(chain.check_whole(&state), Ok(()));
    }

    #[test]
    fn a_missing_message_is_named() {
        let mut events = told(5);
        events.remove(2);
        assert_eq!(follow(&events), Err(Break::Missing { first: 3, last: 3 }));
        assert_eq!(follow(&told(5)[3..]), Err(Break::Missing { first: 1, last: 3 }));
    }

    #[test]
    fn missing_last_messages_show_against_the_session() {
        let events = told(5);
        let mut state: SessionState = bytemuck::Zeroable::zeroed();
        (state.message_sequence, state.message_head) = (5, follow(&events).unwrap().head);
        assert_eq!(follow(&events[..3]).unwrap().check_whole(&state), Err(Break::Missing { first: 4, last: 5 }));
        assert_eq!(follow(&events).unwrap().check_whole(&SessionState { message_sequence: 4, ..state }), Err(Break::Ahead { sequence: 4 }));
        state.message_head = [7; 32];
        assert_eq!(follow(&events).unwrap().check_whole(&state), Err(Break::Altered { sequence: 5 }));
    }

    #[test]
    fn an_altered_message_is_named() {
        type Change = fn(&mut MessageBroadcast);
        let changes: [Change; 4] = [
            |event| event.message.put(b"massage 3"),
            |event| event.sender = BEN,
            |event| event.header.time += 1,
            |event| event.head = [7; 32],
        ];
        for change in changes {
            let mut events = told(5);
            change(broadcast(&mut events[2]));
            assert_eq!(follow(&events), Err(Break::Altered { sequence: 3 }));
        }
    }

    #[test]
    fn a_message_that_was_altered_with_its_head_breaks_the_next_one() {
        let mut events = told(5);
        let before = follow(&events[..2]).unwrap().head;
        let event = broadcast(&mut events[2]);
        event.sender = BEN;
        let message = Message { session: &SESSION, sequence: 3, time: 1_003, sender: &BEN, recipient: &EVERYONE, data: b"message 3" };
        event.head = link(&before, &message);
        assert_eq!(follow(&events), Err(Break::Altered { sequence: 4 }));
    }

    #[test]
    fn a_reordered_or_repeated_message_is_named() {
        let mut events = told(5);
        events.swap(1, 3);
        assert_eq!(follow(&events), Err(Break::OutOfPlace { expected: 2, found: 4 }));
        let mut events = told(5);
        events.insert(3, events[1]);
        assert_eq!(follow(&events), Err(Break::OutOfPlace { expected: 4, found: 2 }));
    }

    #[test]
    fn messages_of_other_sessions_are_passed_over() {
        let mut events = told(3);
        let mut other = events[0];
        broadcast(&mut other).header.address = BEN;
        events.insert(1, other);
        assert_eq!(follow(&events).unwrap().sequence, 3);
    }

    #[test]
    fn a_chain_goes_on_behind_a_gap() {
        let events = told(5);
        let mut chain = Chain::resumed_at(&events[2]).unwrap();
        chain.follow(&events[3..]).unwrap();
        assert_eq!(chain, follow(&events).unwrap());
    }

    #[test]
    fn a_direct_message_cannot_pass_for_a_broadcast() {
        let mut events = told(2);
        let AnyEvent::MessageSent(sent) = events[1] else { panic!() };
        let header = sent.header;
        let about = About { session_id: &header.session_id, address: &SESSION, revision: 2, previous: 1, time: header.time };
        let mut public = MessageBroadcast::new(about, 2, ANA, sent.head, [0; 4], MessageBytes::EMPTY);
        public.message.put(sent.message.as_slice());
        events[1] = AnyEvent::MessageBroadcast(public);
        assert_eq!(follow(&events), Err(Break::Altered { sequence: 2 }));
    }
}
