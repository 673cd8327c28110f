//! The table of instructions: what `do:` can name, which arguments each takes, and how it is built.
//!
//! To add an instruction, add one entry to [`INSTRUCTIONS`]. Its `read` asks [`Fields`] for the arguments, which declares them (whatever it
//! does not ask for is refused with the nearest name), and returns an [`Act`]. `payer` is common to all and read before.

use {
    super::{
        config::{config, members, permissions, quotas},
        fields::Fields,
        values,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            SessionState,
            rules::{config::SessionChanges, lifecycle::CloseReason},
        },
        instruction as build,
        instruction::SessionArgs,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// An instruction of the scenario language.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the help text.
    pub about: &'static str,
    /// Reads its arguments; `None` if one that it needs is missing or wrong.
    pub read: fn(&mut Fields<'_, '_>, Caller) -> Option<Act>,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who signs for it: the actor, or the actor's session key.
    pub signer: Address,
    /// Who pays the fee, and the rent of what the step creates.
    pub payer: Address,
}

/// A session that a scenario knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRef {
    /// Its address.
    pub address: Address,
    /// Who created it.
    pub creator: Address,
    /// Who paid its rent.
    pub payer: Address,
}

/// An instruction with its arguments.
#[derive(Clone, Debug)]
pub struct Act {
    /// The session it is about; its status before and after is reported.
    pub session: SessionRef,
    /// Whether it makes that session, so that `save` can name it.
    pub makes: bool,
    /// How the instruction comes about.
    pub build: Build,
}

/// How an instruction comes about.
#[derive(Clone, Debug)]
pub enum Build {
    /// It follows from the scenario alone.
    Ready(Instruction),
    /// It needs to know what the session holds at that moment.
    FromState(fn(Address, &SessionState) -> Instruction),
}

impl Act {
    fn on(session: SessionRef, instruction: Instruction) -> Option<Self> {
        Some(Self { session, makes: false, build: Build::Ready(instruction) })
    }

    /// The instruction, given the session as it is now. What is gone is taken as it was made: the program then says that it is not there.
    pub fn instruction(&self, state: Option<&SessionState>) -> Instruction {
        match &self.build {
            Build::Ready(instruction) => instruction.clone(),
            Build::FromState(build) => {
                let mut made = SessionState::zeroed();
                made.header.payer = self.session.payer;
                made.creator = self.session.creator;
                build(self.session.address, state.unwrap_or(&made))
            }
        }
    }
}

/// Every instruction, in the order of a session's life.
pub const INSTRUCTIONS: &[Entry] = &[
    Entry { name: "request_session", about: "– → Requested, by the creator", read: |f, by| new(f, by, build::request_session) },
    Entry {
        name: "open_session",
        about: "– → Active in one step, by a creator who is the host",
        read: |f, by| new(f, by, build::open_session),
    },
    Entry { name: "begin_creation", about: "Requested → Creating, by the host", read: |f, by| step(f, by, build::begin_creation) },
    Entry { name: "complete_creation", about: "Creating → Created, by the host", read: |f, by| step(f, by, build::complete_creation) },
    Entry {
        name: "begin_activation", about: "Created → Activating, by the authority", read: |f, by| step(f, by, build::begin_activation)
    },
    Entry {
        name: "complete_activation", about: "Activating → Active, by the host", read: |f, by| step(f, by, build::complete_activation)
    },
    Entry { name: "pause_session", about: "Active → Paused, by the authority", read: |f, by| step(f, by, build::pause_session) },
    Entry { name: "resume_session", about: "Paused → Active, by the authority", read: |f, by| step(f, by, build::resume_session) },
    Entry { name: "update_session", about: "changes what may change, by the authority", read: update },
    Entry { name: "close_session", about: "Active or Paused → Closing, by the authority", read: close },
    Entry {
        name: "complete_close",
        about: "Closing → Closed, by the host; after its deadline by anyone",
        read: |f, by| step(f, by, build::complete_close),
    },
    Entry { name: "abort_session", about: "ends a session before it is active: creator, host; after the deadline anyone", read: abort },
    Entry {
        name: "expire_session",
        about: "Active or Paused → Closed, once its time is over",
        read: |f, by| step(f, by, build::expire_session),
    },
    Entry { name: "reclaim_session", about: "deletes a closed session; rent goes back to its payer, by anyone", read: reclaim },
];

/// The instruction with this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    INSTRUCTIONS.iter().find(|entry| entry.name == name)
}

/// A new session: `id` is needed, everything else has a default.
fn new(f: &mut Fields<'_, '_>, by: Caller, build: fn(Address, Address, SessionArgs) -> Instruction) -> Option<Act> {
    let id = f.needed("id").and_then(|node| f.scope.value("id", node, values::id));
    let host = f.address("host").unwrap_or(by.signer);
    let metadata = f.value("metadata", values::hash).unwrap_or_default();
    let args = SessionArgs { config: config(f), host, metadata, id: id? };
    let session = SessionRef { address: address::session(&by.signer, &args.id), creator: by.signer, payer: by.payer };
    Some(Act { session, makes: true, build: Build::Ready(build(by.signer, by.payer, args)) })
}

/// A step that takes nothing but its session.
fn step(f: &mut Fields<'_, '_>, by: Caller, build: fn(Address, Address) -> Instruction) -> Option<Act> {
    let session = f.session()?;
    let instruction = build(by.signer, session.address);
    Act::on(session, instruction)
}

fn update(f: &mut Fields<'_, '_>, by: Caller) -> Option<Act> {
    let session = f.session();
    let changes = SessionChanges {
        host: f.address("host"),
        metadata: f.value("metadata", values::hash),
        max_members: members(f),
        permissions: permissions(f),
        quotas: f.node("quotas").and_then(|node| quotas(f.scope, node)),
        expires_in: f.duration("expires_in"),
    };
    let session = session?;
    let instruction = build::update_session(by.signer, session.address, changes);
    Act::on(session, instruction)
}

fn close(f: &mut Fields<'_, '_>, by: Caller) -> Option<Act> {
    let session = f.session();
    let reason = f.value("reason", values::reason).unwrap_or(CloseReason::Completed as u8);
    let session = session?;
    let instruction = build::close_session(by.signer, session.address, reason);
    Act::on(session, instruction)
}

fn abort(f: &mut Fields<'_, '_>, by: Caller) -> Option<Act> {
    let session = f.session();
    let reason = f.value("reason", values::reason).unwrap_or(CloseReason::None as u8);
    let session = session?;
    let instruction = build::abort_session(by.signer, session.address, reason);
    Act::on(session, instruction)
}

fn reclaim(f: &mut Fields<'_, '_>, _: Caller) -> Option<Act> {
    Some(Act { session: f.session()?, makes: false, build: Build::FromState(build::reclaim_session) })
}
