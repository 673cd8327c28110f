//! Logging the events of `sessions-core`.

use {
    anchor_lang::prelude::*,
    sessions_core::events::{Event, EventSink},
};

/// The transaction's log: an event is a `Program data:` line.
pub struct Log;

impl EventSink for Log {
    #[inline(always)]
    fn emit<E: Event>(&mut self, event: &E) {
        log(event.wire());
    }
}

/// Not inlined: that is two units an event, and the program file is 2.6 KB shorter for it.
#[inline(never)]
fn log(event: &[u8]) {
    sol_log_data(&[event]);
}

/// The catalogue of events once more as Anchor's own, from the same list: this is how they come into the IDL.
#[cfg(feature = "idl-build")]
pub mod idl {
    use {
        anchor_lang::prelude::*,
        sessions_core::{
            events::{EventHeader, MessageBytes},
            for_each_event,
            rules::config::SessionConfig,
        },
    };

    macro_rules! define_events {
        ($(
            $(#[$doc:meta])* $name:ident = $_discriminator:literal $(+ $_tail:ident)? {
                $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)?
            }
        )+) => {
            $(
                $(#[$doc])*
                #[event(bytemuck)]
                pub struct $name {
                    /// What every event begins with.
                    pub header: EventHeader,
                    $($(#[$field_doc])* pub $field: $type),*
                }
            )+
        };
    }

    for_each_event!(define_events);
}
