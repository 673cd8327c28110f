//! Where events go.

use sessions_core::events::{AnyEvent, Event, EventSink};

/// A list of the events, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(pub Vec<AnyEvent>);

impl EventSink for Told {
    fn emit<E: Event>(&mut self, event: &E) {
        self.0.push((*event).into());
    }
}

/// Nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl EventSink for Silent {
    fn emit<E: Event>(&mut self, _event: &E) {}
}
