//! The events: what an indexer reads from the transaction log.
//!
//! An event is a `Program data:` line of this program's own invocation: the event's discriminator, an [`EventHeader`], then the event's own
//! fields, all little-endian and fixed-size; only a message has the length that it has, and it comes last. The catalogue stands in [`for_each_event!`](crate::for_each_event) alone; the structs here, the
//! program's IDL and the decoder are made from it.

#[macro_use]
mod catalogue;

use {
    crate::{Address, rules::messages::MAX_MESSAGE},
    bytemuck::{Pod, Zeroable},
};

/// What every event begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct EventHeader {
    /// The id of the session that the event belongs to.
    pub session_id: [u8; 32],
    /// The account that the event is about.
    pub address: Address,
    /// The account's revision after the write.
    pub revision: u64,
    /// The revision that the account's event before this one told of; 0 if this is its first. If a reader's last event has another
    /// revision, it missed one; if the account's revision moved without an event, the write was a silent one.
    pub previous: u64,
    /// `Clock::unix_timestamp` of the write.
    pub time: i64,
}

/// What an [`EventHeader`] is made from, by reference: an event is then written once, where the log reads it.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are the header's")]
pub struct About<'a> {
    pub session_id: &'a [u8; 32],
    pub address: &'a Address,
    pub revision: u64,
    pub previous: u64,
    pub time: i64,
}

impl From<About<'_>> for EventHeader {
    #[inline(always)]
    fn from(about: About<'_>) -> Self {
        let About { session_id, address, revision, previous, time } = about;
        Self { session_id: *session_id, address: *address, revision, previous, time }
    }
}

/// An event of the program. Its bytes are those of the log line: the discriminator comes first.
pub trait Event: Pod + Into<AnyEvent> {
    /// The event's name.
    const NAME: &'static str;
    /// The first eight bytes of SHA-256 over `event:NAME`, as Anchor has it.
    const DISCRIMINATOR: [u8; 8];

    /// What every event begins with.
    fn header(&self) -> &EventHeader;

    /// The bytes of the log line: all of the struct, but for the unused room behind a message.
    #[inline(always)]
    fn wire(&self) -> &[u8] {
        bytemuck::bytes_of(self)
    }
}

/// The bytes of a message in its event: the length and as many bytes. In the log it ends with them; in memory it has room for the longest.
#[derive(Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[cfg_attr(feature = "anchor", derive(anchor_lang::IdlType))]
#[repr(C)]
pub struct MessageBytes {
    length: u32,
    bytes: [u8; MAX_MESSAGE],
}

impl MessageBytes {
    /// No message, with room for one.
    pub const EMPTY: Self = Self { length: 0, bytes: [0; MAX_MESSAGE] };

    /// Writes a message into the empty room, in place: the room is larger than what most transitions move in all. Nothing is written of one
    /// that is longer than a message can be, which is checked before.
    #[inline(always)]
    pub fn put(&mut self, data: &[u8]) {
        if let Some(room) = self.bytes.get_mut(..data.len()) {
            room.copy_from_slice(data);
            self.length = data.len() as u32;
        }
    }

    /// The message.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length as usize).unwrap_or(&self.bytes)
    }

    /// How much of the room is not used.
    #[inline(always)]
    const fn spare(&self) -> usize {
        MAX_MESSAGE.saturating_sub(self.length as usize)
    }
}

impl core::fmt::Debug for MessageBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_slice().fmt(f)
    }
}

/// The event in the bytes of a log line, if they are exactly one.
fn read<E: Event>(bytes: &[u8]) -> Option<E> {
    let mut event = E::zeroed();
    bytemuck::bytes_of_mut(&mut event).get_mut(..bytes.len())?.copy_from_slice(bytes);
    (event.wire().len() == bytes.len()).then_some(event)
}

/// Where events go: the transaction's log on chain, a list off it.
///
/// A sink and not a returned value: an event that travels through a `Result` is copied once more on SBF.
pub trait EventSink {
    /// Takes an event.
    fn emit<E: Event>(&mut self, event: &E);
}

macro_rules! define_events {
    ($(
        $(#[$doc:meta])* $name:ident = $discriminator:literal $(+ $tail:ident)? { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }
    )+) => {
        use $crate::rules::config::SessionConfig;

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
            #[repr(C)]
            pub struct $name {
                discriminator: [u8; 8],
                /// What every event begins with.
                pub header: EventHeader,
                $($(#[$field_doc])* pub $field: $type),*
            }

            impl $name {
                /// The event with these fields.
                #[inline(always)]
                pub fn new(about: impl Into<EventHeader>, $($field: $type),*) -> Self {
                    Self { discriminator: Self::DISCRIMINATOR, header: about.into(), $($field),* }
                }
            }

            impl Event for $name {
                const NAME: &'static str = stringify!($name);
                const DISCRIMINATOR: [u8; 8] = u64::to_be_bytes($discriminator);

                #[inline(always)]
                fn header(&self) -> &EventHeader {
                    &self.header
                }

                $(#[inline(always)]
                fn wire(&self) -> &[u8] {
                    let whole = bytemuck::bytes_of(self);
                    whole.get(..whole.len().saturating_sub(self.$tail.spare())).unwrap_or(whole)
                })?
            }
        )+

        $(impl From<$name> for AnyEvent {
            fn from(event: $name) -> Self {
                Self::$name(event)
            }
        })+

        /// Any event, decoded.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant is documented at its struct")]
        #[non_exhaustive]
        pub enum AnyEvent { $($name($name)),+ }

        impl AnyEvent {
            /// The names of all events, in the catalogue's order.
            pub const NAMES: &[&'static str] = &[$($name::NAME),+];

            /// Decodes the bytes of a log line; `None` if they are no event of this program, or one this version does not know.
            pub fn decode(bytes: &[u8]) -> Option<Self> {
                $(if bytes.starts_with(&$name::DISCRIMINATOR) {
                    return read(bytes).map(Self::$name);
                })+
                None
            }

            /// The event's name.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => $name::NAME),+ }
            }

            /// What every event begins with.
            pub const fn header(&self) -> &EventHeader {
                match self { $(Self::$name(event) => &event.header),+ }
            }
        }
    };
}

for_each_event!(define_events);

#[cfg(test)]
mod tests {
    use super::*;

    fn message(data: &[u8]) -> MessageBroadcast {
        let about = About { session_id: &[1; 32], address: &Address::default(), revision: 2, previous: 1, time: 3 };
        let mut event = MessageBroadcast::new(about, 1, Address::default(), [4; 32], [0; 4], MessageBytes::EMPTY);
        event.message.put(data);
        event
    }

    #[test]
    fn a_message_ends_with_its_last_byte() {
        let empty = message(b"").wire().len();
        for length in [0, 1, 255, 768] {
            let data = std::vec![7; length];
            let event = message(&data);
            assert_eq!(event.wire().len(), empty + length);
            assert!(event.wire().ends_with(&data));
            assert_eq!(AnyEvent::decode(event.wire()), Some(AnyEvent::MessageBroadcast(event)));
            assert_eq!(event.message.as_slice(), data);
        }
    }

    #[test]
    fn bytes_that_are_not_exactly_an_event_are_none() {
        let wire = message(b"hello");
        let wire = wire.wire();
        assert_eq!(AnyEvent::decode(&wire[..wire.len() - 1]), None);
        assert_eq!(AnyEvent::decode(&[wire, &[0]].concat()), None);
        assert_eq!(AnyEvent::decode(&[wire, &[0; 800]].concat()), None);
        assert_eq!(AnyEvent::decode(&wire[..8]), None);
        assert_eq!(AnyEvent::decode(&[]), None);
        let mut endless = wire.to_vec();
        let at = endless.len() - 9;
        endless[at..at + 4].fill(0xff);
        assert_eq!(AnyEvent::decode(&endless), None);
    }
}
