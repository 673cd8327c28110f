//! How a session begins: asked for, or opened at once.

use {
    super::{AccountHeader, Act, SessionState},
    crate::{
        Address, Result,
        error::SessionError,
        events::{EventSink, SessionActivated, SessionCreated, SessionRequested},
        rules::{
            config::{SessionConfig, check_host},
            lifecycle::Status,
        },
        same,
    },
};

/// What a creator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The creator's name for the session.
    pub id: &'a [u8; 32],
    /// Who is to serve it.
    pub host: &'a Address,
    /// A hash of what it is about.
    pub metadata: &'a [u8; 32],
    /// What it is to be.
    pub config: &'a SessionConfig,
    /// Who pays the account's rent.
    pub payer: &'a Address,
    /// The canonical bump of the session's address.
    pub bump: u8,
}

impl SessionState {
    /// – → Requested, by the creator. `self` is the zeroed account. The creator is the first member: the account of that membership is made in
    /// the same instruction ([`crate::state::MemberState::found`]) and counts here already.
    ///
    /// # Errors
    /// InvalidConfiguration with the field's name.
    // Not inlined: [`SessionState::open`] is this and more.
    #[inline(never)]
    pub fn request(&mut self, act: &Act<'_>, request: &Request<'_>, events: &mut impl EventSink) -> Result<()> {
        check_host(request.host)?;
        request.config.validate(1)?;
        self.header = AccountHeader::new(*request.payer, act.slot, request.bump);
        self.id = *request.id;
        self.creator = *act.signer;
        self.authority = *act.signer;
        self.host = *request.host;
        self.metadata = *request.metadata;
        self.config = *request.config;
        self.members = 1;
        self.children = 1;
        self.requested_at = act.now;
        self.enter_step(Status::Requested, request.config.step_timeout, act.now)?;
        self.tell(act, events, |_, about| SessionRequested::new(about));
        Ok(())
    }

    /// – → Active through every step at once, by a creator who is also the host. `events` gets those of the request, the creation and the
    /// activation as they happen; the steps between them are silent writes.
    ///
    /// # Errors
    /// PermissionDenied if the creator is not the host; InvalidConfiguration with the field's name.
    #[inline(always)]
    pub fn open(&mut self, act: &Act<'_>, request: &Request<'_>, events: &mut impl EventSink) -> Result<()> {
        if !same(act.signer, request.host) {
            return Err(SessionError::PermissionDenied.into());
        }
        self.request(act, request, events)?;
        // One hand takes the other steps in the same moment, so none of them can be refused or late: what is left of them is what they write.
        self.created_at = act.now;
        self.header.revision = 3;
        self.tell(act, events, |state, about| SessionCreated::new(about, state.creator, state.config));
        self.header.revision = 5;
        self.activate(act.now);
        self.tell(act, events, |state, about| SessionActivated::new(about, state.expires_at, state.hard_end));
        Ok(())
    }
}
