//! Sessions to test with: a sound configuration, and a session in any status.

use {
    crate::{Actor, World},
    sessions_client::{
        address,
        core::rules::{
            config::{SessionChanges, SessionConfig},
            lifecycle::{CloseReason, Status, Transition},
            membership::{OF_ROLE, Role, Terms},
            permissions::{Permissions, Settings},
            quotas::Quotas,
        },
        instruction::{self, CreateInviteTokenArgs, InviteMemberArgs, SessionArgs, SetPropertyArgs, SetSessionKeyArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// How long a test session lasts, in seconds.
pub const MAX_DURATION: u32 = 3_600;
/// When a test session ends in any case, in seconds after its activation.
pub const HARD_LIMIT: u32 = 7_200;
/// How long each party has for its step, in seconds.
pub const STEP_TIMEOUT: u32 = 60;

/// A sound configuration with these settings.
pub fn config(settings: Settings) -> SessionConfig {
    SessionConfig {
        quotas: Quotas::UNLIMITED,
        max_duration: MAX_DURATION,
        hard_limit: HARD_LIMIT,
        step_timeout: STEP_TIMEOUT,
        activation_window: 0,
        invitation_ttl: 600,
        max_members: 4,
        permissions: Permissions::ALL.bits(),
        settings: settings.bits(),
        kind: 0,
        reserved: 0,
    }
}

/// A session and those who have to do with it. The creator is its first member.
pub struct TestSession {
    /// Its address.
    pub address: Address,
    /// What it was requested with.
    pub args: SessionArgs,
    /// Who asked for it and rules it.
    pub creator: Actor,
    /// Who serves it.
    pub host: Actor,
    /// Who paid for it.
    pub payer: Actor,
    /// Who has nothing to do with it.
    pub stranger: Actor,
}

impl TestSession {
    /// A session that is not requested yet.
    pub fn new(world: &World, id: &str, config: SessionConfig) -> Self {
        let [creator, host, payer, stranger] = ["creator", "host", "payer", "stranger"].map(|name| world.actor(name));
        let args = SessionArgs { id: address::id_from_text(id), host: host.address(), metadata: [7; 32], config };
        Self { address: address::session(&creator.address(), &args.id), args, creator, host, payer, stranger }
    }

    /// A requested session.
    #[track_caller]
    pub fn requested(world: &World, config: SessionConfig) -> Self {
        let session = Self::new(world, "test", config);
        session.request(world);
        session
    }

    /// Requests the session.
    #[track_caller]
    pub fn request(&self, world: &World) {
        let request = instruction::request_session(self.creator.address(), self.payer.address(), self.args);
        world.ok_with(&[request], &[&self.creator, &self.payer]);
    }

    /// A session in `status`, on the straight way there.
    #[track_caller]
    pub fn in_status(world: &World, config: SessionConfig, status: Status) -> Self {
        let session = Self::requested(world, config);
        session.advance(world, status);
        session
    }

    /// Takes the session on to `status`, from wherever it stands.
    #[track_caller]
    pub fn advance(&self, world: &World, status: Status) {
        let present = world.session(&self.address).status().unwrap();
        let (host, authority) = (self.host.address(), self.creator.address());
        let steps = [
            (Status::Creating, instruction::begin_creation(host, self.address), &self.host),
            (Status::Created, instruction::complete_creation(host, self.address), &self.host),
            (Status::Activating, instruction::begin_activation(authority, self.address), &self.creator),
            (Status::Active, instruction::complete_activation(host, self.address), &self.host),
            (Status::Paused, instruction::pause_session(authority, self.address), &self.creator),
            (Status::Closing, instruction::close_session(authority, self.address, CloseReason::Completed as u8), &self.creator),
            (Status::Closed, instruction::complete_close(host, self.address), &self.host),
        ];
        for (reached, step, signer) in steps {
            if present < reached && reached <= status && (reached != Status::Paused || status == Status::Paused) {
                world.ok(step, signer);
            }
        }
        assert_eq!(world.session(&self.address).status(), Ok(status));
    }

    /// The actor with this name, who joins without an invitation.
    #[track_caller]
    pub fn joined(&self, world: &World, name: &str) -> Actor {
        let actor = world.actor(name);
        world.ok(instruction::join_session(actor.address(), actor.address(), self.address), &actor);
        actor
    }

    /// The actor with this name, who joins by an invitation of the creator's with these terms.
    #[track_caller]
    pub fn invited(&self, world: &World, name: &str, terms: Terms) -> Actor {
        let actor = world.actor(name);
        world.ok(self.invite(&self.creator, &actor, terms), &self.creator);
        world.ok(self.accept(world, &actor), &actor);
        actor
    }

    /// `inviter` invites `target` for as long as the session says, and pays for it.
    pub fn invite(&self, inviter: &Actor, target: &Actor, terms: Terms) -> Instruction {
        let args = InviteMemberArgs { member: target.address(), terms, ttl: 0, reserved: 0 };
        instruction::invite_member(inviter.address(), inviter.address(), self.address, args)
    }

    /// `inviter` makes the token `token` with so many uses, for as long as the session says, and pays for it.
    pub fn tokenize(&self, inviter: &Actor, token: &Actor, uses: u32) -> Instruction {
        let args = CreateInviteTokenArgs { token: token.address(), terms: Terms::of(Role::Member), ttl: 0, uses };
        instruction::create_invite_token(inviter.address(), inviter.address(), self.address, args)
    }

    /// `wallet` accepts its invitation, and pays for its membership.
    #[track_caller]
    pub fn accept(&self, world: &World, wallet: &Actor) -> Instruction {
        let invitation = world.invitation(&self.address, wallet);
        instruction::accept_invitation(wallet.address(), wallet.address(), self.address, &invitation)
    }

    /// `wallet` joins with `token`, which has to sign too, and pays for its membership.
    #[track_caller]
    pub fn join_with(&self, world: &World, token: &Actor, wallet: &Actor) -> Instruction {
        let token = world.invite_token(&self.address, token);
        instruction::join_with_token(wallet.address(), wallet.address(), self.address, &token)
    }

    /// `wallet` writes a property with this capacity, and pays for it.
    pub fn set(&self, wallet: &Actor, key: &[u8], value: &[u8], expected_version: u64, capacity: u16) -> Instruction {
        let args = SetPropertyArgs { expected_version, capacity, key, value };
        instruction::set_property(wallet.address(), wallet.address(), self.address, wallet.address(), args)
    }

    /// `wallet` gives itself a session key for a minute with all its permissions.
    pub fn set_key(&self, wallet: &Actor, key: &Actor) -> Instruction {
        let args = SetSessionKeyArgs { key: key.address(), permissions: OF_ROLE, ttl: 60 };
        instruction::set_session_key(wallet.address(), self.address, args)
    }

    /// `wallet` says something to everyone.
    pub fn say(&self, wallet: &Actor, message: &[u8]) -> Instruction {
        instruction::broadcast_message(wallet.address(), self.address, wallet.address(), message)
    }

    /// Closes the session.
    #[track_caller]
    pub fn close(&self, world: &World) {
        world.ok(self.step(world, Transition::Close, &self.creator), &self.creator);
        world.ok(self.step(world, Transition::CompleteClose, &self.host), &self.host);
    }

    /// The instruction of a transition, signed by `signer`.
    pub fn step(&self, world: &World, transition: Transition, signer: &Actor) -> Instruction {
        let (signer, session) = (signer.address(), self.address);
        match transition {
            Transition::BeginCreation => instruction::begin_creation(signer, session),
            Transition::CompleteCreation => instruction::complete_creation(signer, session),
            Transition::BeginActivation => instruction::begin_activation(signer, session),
            Transition::CompleteActivation => instruction::complete_activation(signer, session),
            Transition::Pause => instruction::pause_session(signer, session),
            Transition::Resume => instruction::resume_session(signer, session),
            Transition::Update => {
                instruction::update_session(signer, session, SessionChanges { metadata: Some([9; 32]), ..SessionChanges::default() })
            }
            Transition::Close => instruction::close_session(signer, session, CloseReason::Completed as u8),
            Transition::CompleteClose => instruction::complete_close(signer, session),
            Transition::Abort => instruction::abort_session(signer, session, CloseReason::None as u8),
            Transition::Expire => instruction::expire_session(signer, session),
            Transition::Reclaim => instruction::reclaim_session(session, &world.session(&session)),
        }
    }

    /// Where the session stands in an instruction's list of accounts.
    pub fn slot(transition: Transition) -> usize {
        usize::from(transition != Transition::Reclaim)
    }

    /// Who may take a transition at any time.
    pub fn party(&self, transition: Transition) -> &Actor {
        match transition {
            Transition::BeginCreation | Transition::CompleteCreation | Transition::CompleteActivation | Transition::CompleteClose => {
                &self.host
            }
            Transition::Reclaim => &self.stranger,
            _ => &self.creator,
        }
    }
}
