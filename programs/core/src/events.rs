//! The events: what an indexer reads from the transaction log.
//!
//! An event is a `Program data:` line of this program's own invocation: the event's discriminator, an [`EventHeader`], then the event's own
//! fields, all fixed-size and little-endian. The catalogue stands in [`for_each_event!`](crate::for_each_event) alone; the structs here, the
//! program's IDL and the decoder are made from it.

use {
    crate::Address,
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

/// An event of the program. Its bytes are those of the log line: the discriminator comes first.
pub trait Event: Pod + Into<AnyEvent> {
    /// The event's name.
    const NAME: &'static str;
    /// The first eight bytes of SHA-256 over `event:NAME`, as Anchor has it.
    const DISCRIMINATOR: [u8; 8];

    /// What every event begins with.
    fn header(&self) -> &EventHeader;
}

/// Where events go: the transaction's log on chain, a list off it.
///
/// A sink and not a returned value: an event that travels through a `Result` is copied once more on SBF.
pub trait EventSink {
    /// Takes an event.
    fn emit<E: Event>(&mut self, event: E);
}

/// Calls the macro `$define` with every event: documentation, name, discriminator and the fields after the header.
#[macro_export]
macro_rules! for_each_event {
    ($define:ident) => {
        $define! {
            /// A creator asked for a session.
            SessionRequested = 0x32f588e9eb3b038b {}
            /// The host began to create the session.
            SessionCreating = 0xecaa2734876b8c3b {}
            /// The session was created.
            SessionCreated = 0x6b6ffe19157adce1 {
                /// Who asked for it.
                creator: Address,
                /// What it is.
                config: SessionConfig,
            }
            /// The authority began the session's activation.
            SessionActivating = 0xbd9a59a91f309136 {}
            /// The session was activated; its time runs.
            SessionActivated = 0xb1220b7f995dff22 {
                /// When it ends, if no pause moves it.
                expires_at: i64,
                /// When it ends in any case.
                hard_end: i64,
            }
            /// The session was paused.
            SessionPaused = 0xdbb30e178f5fcc86 {}
            /// The session was resumed.
            SessionResumed = 0xcc77dedbedc77545 {
                /// When it ends now.
                expires_at: i64,
            }
            /// The session's host, metadata, configuration or end was changed.
            SessionUpdated = 0x2cd0e10bcbd022c5 {}
            /// The session's time was over; it is closed with the reason Expired.
            SessionExpired = 0x04fc495eb79ba6ce {}
            /// The authority began to close the session.
            SessionClosing = 0xabaf656b6c16c8c5 {
                /// Why: a byte of `CloseReason`, or the application's own.
                reason: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// The session was closed, in another way than by the end of its time.
            SessionClosed = 0x39ed0bf3c222781b {
                /// Why: a byte of `CloseReason`, or the application's own.
                reason: u8,
                /// Zero.
                reserved: [u8; 7],
            }
            /// The session's account was deleted and its rent paid back.
            SessionDeleted = 0xc6cbc1130caa0b71 {
                /// The slot in which it was requested.
                epoch: u64,
            }
        }
    };
}

macro_rules! define_events {
    ($($(#[$doc:meta])* $name:ident = $discriminator:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
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
                pub const fn new(about: About<'_>, $($field: $type),*) -> Self {
                    Self {
                        discriminator: Self::DISCRIMINATOR,
                        header: EventHeader {
                            session_id: *about.session_id,
                            address: *about.address,
                            revision: about.revision,
                            previous: about.previous,
                            time: about.time,
                        },
                        $($field),*
                    }
                }
            }

            impl Event for $name {
                const NAME: &'static str = stringify!($name);
                const DISCRIMINATOR: [u8; 8] = u64::to_be_bytes($discriminator);

                #[inline(always)]
                fn header(&self) -> &EventHeader {
                    &self.header
                }
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
                    return bytemuck::try_pod_read_unaligned(bytes).ok().map(Self::$name);
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
