//! What holds of every session between two instructions, whatever happened to it.

use {
    super::{super::all_hold, SessionState},
    crate::{
        Address, NOBODY,
        rules::{
            lifecycle::{CloseReason, Status},
            quotas::Usage,
        },
    },
};

impl SessionState {
    /// Checks what must hold between two instructions; the error says what does not. Tests and fuzzing call it after every step.
    pub fn invariant(&self) -> Result<(), &'static str> {
        let status = Status::from_byte(self.status).ok_or("the status has a name")?;
        let [waits, activated, paused, closing, closed] = [
            matches!(status, Status::Requested | Status::Creating | Status::Created | Status::Activating | Status::Closing),
            self.activated_at != 0,
            status == Status::Paused,
            status == Status::Closing,
            status == Status::Closed,
        ];
        let rules = [
            (self.padding == [0; 5] && self.reserved == [0; 24], "reserved bytes are zero"),
            (self.config.validate(self.members).is_ok(), "the configuration is sound, with a seat for every member"),
            (self.usage.is_within(&self.config.quotas), "nothing is used beyond its limit"),
            (self.creator != Address::default() && self.authority != Address::default(), "someone rules the session"),
            (self.requested_at != 0, "the session was requested"),
            ((self.step_deadline != 0) == waits, "a status has a deadline if it waits for someone"),
            ((self.created_at != 0) || !activated, "what is activated was created"),
            (self.created_at != 0 || matches!(status, Status::Requested | Status::Creating | Status::Closed), "what goes on was created"),
            (activated == (self.expires_at != 0 && self.hard_end != 0), "time runs from the activation on"),
            (activated || !matches!(status, Status::Active | Status::Paused | Status::Closing), "what is active was activated"),
            ((self.paused_at != 0) == paused, "the pause is known while it lasts"),
            ((self.closed_at != 0) == closed, "the moment of closing is known once it has come"),
            ((self.close_reason != CloseReason::None as u8) == (closing || closed), "a session is closed for a reason, and only then"),
            (activated || self.usage == Usage::NONE, "nothing was used before the activation"),
            (activated || self.property_version == 0, "no property was written before the activation"),
            (self.members <= self.children || closed, "every member's account is a child"),
            ((self.message_sequence == 0) == (self.message_head == [0; 32]), "the first message begins the chain"),
            (activated || (self.message_sequence == 0 && self.checkpoint_sequence == 0), "nothing was recorded before the activation"),
            (self.vault != NOBODY || self.vault_bump == 0, "the vault's bump is known with its address"),
            (
                activated || (self.executions == 0 && self.compute_units == 0 && self.last_active_at == 0),
                "nobody acted before the activation",
            ),
            (self.authority != self.pending_authority, "nobody waits to rule what they rule"),
        ];
        all_hold(self.header.invariant().iter().chain(&rules))
    }
}
