//! Who is in a session: one file an instruction, and what goes through all of them.
//!
//! | module | is about |
//! |---|---|
//! | one named like an instruction | what it writes and tells, and the errors that are its own |
//! | [`deeds`] | every instruction, and a session in which each is possible |
//! | [`offers`] | what invitations and tokens have in common when they are made |
//! | [`acceptance`] | what they have in common when they are used |
//! | [`moments`] | every instruction in every status, after the end, after a deadline |
//! | [`slots`] | every instruction with an account that does not belong there |
//! | [`session_keys`] | what a session key can do, and what it never can |
//! | [`races`], [`reuse`] | several at once; the same id once more |

mod accept_authority;
mod accept_invitation;
mod acceptance;
mod clear_session_key;
mod create_invite_token;
mod decline_invitation;
mod deeds;
mod invite_member;
mod join_session;
mod join_with_token;
mod leave_session;
mod moments;
mod offers;
mod propose_authority;
mod races;
mod remove_member;
mod reuse;
mod revoke_invitation;
mod session_keys;
mod set_session_key;
mod slots;
mod update_member;

use {
    deeds::{Deed, LONG, everyone, staged},
    sessions_client::{
        address,
        core::{
            SessionError, SessionState,
            error::{Denial, InvalidField},
            events::{About, AnyEvent},
            rules::{
                config::{SessionChanges, SessionConfig},
                lifecycle::Status,
                membership::{MemberChanges, Role, Terms},
                permissions::{Permissions, Settings},
                quotas::{Quota, Quotas},
            },
            state::{AccountHeader, Offer, VERSION},
        },
        failure::Failure,
        instruction::{self, CreateInviteTokenArgs, InviteMemberArgs},
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{Instruction, error::InstructionError},
};

/// Changes of a member that change nothing yet.
const NOTHING: MemberChanges = MemberChanges { role: None, permissions: None, expires_in: None, quotas: None };
/// Changes of a session that change nothing yet.
const UNCHANGED: SessionChanges =
    SessionChanges { host: None, metadata: None, max_members: None, permissions: None, quotas: None, expires_in: None };
/// Limits of ten bytes in all, and no others.
const TEN_BYTES: Quotas = Quotas { bytes: Quota { limit: 10, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED };
/// A quota whose fields do not agree.
const UNSOUND: Quota = Quota { limit: 1, window_limit: 1, window_seconds: 0 };

/// Why an instruction must be refused.
#[derive(Clone, Debug, PartialEq)]
enum Why {
    /// By one of the program's errors, of which the log says nothing more.
    Error(SessionError),
    /// By one of the program's errors, with this line in the log.
    Detail(SessionError, String),
    /// By one of the runtime's or Anchor's.
    Runtime(InstructionError),
}

impl From<SessionError> for Why {
    fn from(error: SessionError) -> Self {
        Self::Error(error)
    }
}

impl From<Denial> for Why {
    fn from(denial: Denial) -> Self {
        Self::Detail(SessionError::PermissionDenied, denial.text().to_owned())
    }
}

impl From<InvalidField> for Why {
    fn from(field: InvalidField) -> Self {
        Self::Detail(SessionError::InvalidConfiguration, field.name().to_owned())
    }
}

impl From<InstructionError> for Why {
    fn from(error: InstructionError) -> Self {
        Self::Runtime(error)
    }
}

/// Why `receipt`'s transaction of one instruction was refused, if it was. What the program says of it follows the error's name in the log.
fn why(receipt: &Receipt) -> Option<Why> {
    let said: Vec<_> = receipt.logs.iter().filter_map(|line| line.strip_prefix("Program log: ")).collect();
    match receipt.failure.clone()? {
        Failure::Session { instruction: 0, error } => Some(match said[..] {
            [.., name, detail] if name == error.name() => Why::Detail(error, detail.to_owned()),
            _ => Why::Error(error),
        }),
        Failure::Instruction { instruction: 0, error } => Some(Why::Runtime(error)),
        other => panic!("{other:?}\n{:#?}", receipt.logs),
    }
}

/// Sends an instruction that must be refused, and says so in which `case` it was not.
#[track_caller]
fn refused_in(case: impl core::fmt::Debug, world: &World, instruction: &Instruction, signers: &[&Actor], expected: impl Into<Why>) {
    let receipt = world.send(std::slice::from_ref(instruction), signers);
    assert_eq!(why(&receipt), Some(expected.into()), "{case:?}\n{:#?}", receipt.logs);
}

/// Sends an instruction that must be refused.
#[track_caller]
fn refused(world: &World, instruction: &Instruction, signers: &[&Actor], expected: impl Into<Why>) {
    refused_in("", world, instruction, signers, expected);
}

/// A configuration with seats for nine.
fn seats(settings: Settings) -> SessionConfig {
    SessionConfig { max_members: 9, ..config(settings) }
}

/// A world with an active session with seats for nine.
fn active() -> (World, TestSession) {
    let world = World::new();
    let session = TestSession::in_status(&world, seats(Settings::NONE), Status::Active);
    (world, session)
}

/// The header of an account of the session with this many writes, of the last of which an event told.
fn header(world: &World, session: &TestSession, payer: &Actor, seeds: [&[u8]; 3], revision: u64) -> AccountHeader {
    let (payer, epoch) = (payer.address(), world.session(&session.address).header.epoch);
    let (_, bump) = Address::find_program_address(&seeds, &address::PROGRAM);
    AccountHeader { payer, epoch, revision, event_revision: revision, version: VERSION, bump, reserved: [0; 6] }
}

/// What an event of now begins with, that tells of an account's write `revision` and follows the one that told of `previous`.
fn about<'a>(world: &World, session: &'a TestSession, address: &'a Address, [previous, revision]: [u64; 2]) -> About<'a> {
    About { session_id: &session.args.id, address, revision, previous, time: world.now() }
}

/// The session's state when `change` is made to it by one write, of which no event tells.
fn written(before: &SessionState, change: impl FnOnce(&mut SessionState)) -> SessionState {
    let mut after = *before;
    after.header.revision += 1;
    change(&mut after);
    after
}

/// The receipt's events, against these.
#[track_caller]
fn assert_told<const N: usize>(receipt: &Receipt, expected: [AnyEvent; N]) {
    assert_eq!(receipt.events, expected);
}

/// The actor with this name as a moderator.
#[track_caller]
fn moderator(world: &World, session: &TestSession, name: &str) -> Actor {
    session.invited(world, name, Terms::of(Role::Moderator))
}

/// The creator's change of a member, as the authority that it is at first.
fn update(session: &TestSession, wallet: &Actor, changes: MemberChanges) -> Instruction {
    instruction::update_member(session.creator.address(), session.address, wallet.address(), changes)
}

/// Takes permissions from a member.
#[track_caller]
fn narrow(world: &World, session: &TestSession, wallet: &Actor, permissions: Permissions) {
    world.ok(update(session, wallet, MemberChanges { permissions: Some(permissions.bits()), ..NOTHING }), &session.creator);
}

/// Lets a member's time be over in so many seconds, and gives the moment.
#[track_caller]
fn end_in(world: &World, session: &TestSession, wallet: &Actor, seconds: u32) -> i64 {
    world.ok(update(session, wallet, MemberChanges { expires_in: Some(seconds), ..NOTHING }), &session.creator);
    world.member(&session.address, wallet).rights.expires_at
}

/// What the session permits at all.
#[track_caller]
fn permit(world: &World, session: &TestSession, permissions: Permissions) {
    let changes = SessionChanges { permissions: Some(permissions.bits()), ..UNCHANGED };
    world.ok(instruction::update_session(session.creator.address(), session.address, changes), &session.creator);
}

/// Every permission but this one.
fn all_but(permission: Permissions) -> Permissions {
    Permissions::from_bits(Permissions::ALL.bits() & !permission.bits()).unwrap()
}

/// A member leaves.
#[track_caller]
fn leave(world: &World, session: &TestSession, wallet: &Actor) {
    world.ok(instruction::leave_session(wallet.address(), session.address), wallet);
}

/// The creator removes a member.
#[track_caller]
fn remove(world: &World, session: &TestSession, wallet: &Actor) {
    world.ok(instruction::remove_member(session.creator.address(), session.address, wallet.address()), &session.creator);
}

/// Leaves a few lamports at an address, as anyone can.
fn send_ahead(world: &World, address: Address) {
    world.ledger.put(address, Account { lamports: 1_000_000, ..Account::default() }).unwrap();
}

/// A wallet joins without an invitation, and pays for it.
fn join(session: &TestSession, wallet: &Actor) -> Instruction {
    instruction::join_session(wallet.address(), wallet.address(), session.address)
}

/// The session's authority becomes `heir`, who is a member.
#[track_caller]
fn hand_over(world: &World, session: &TestSession, heir: &Actor) {
    world.ok(instruction::propose_authority(session.creator.address(), session.address, heir.address()), &session.creator);
    world.ok(instruction::accept_authority(heir.address(), session.address), heir);
}

/// The two ways to offer a seat: an invitation to the actor `guest`, and a token of the actor `token` with three uses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Invitation,
    Token,
}

impl Way {
    const BOTH: [Self; 2] = [Self::Invitation, Self::Token];

    /// `inviter` offers a seat, and pays for it.
    fn offer(self, session: &TestSession, inviter: &Actor, terms: Terms, ttl: u32) -> Instruction {
        let (inviter, [guest, token]) = (inviter.address(), ["guest", "token"].map(|name| Actor::named(name).address()));
        match self {
            Self::Invitation => {
                instruction::invite_member(inviter, inviter, session.address, InviteMemberArgs { member: guest, terms, ttl, reserved: 0 })
            }
            Self::Token => {
                instruction::create_invite_token(inviter, inviter, session.address, CreateInviteTokenArgs { token, terms, ttl, uses: 3 })
            }
        }
    }

    /// `wallet` takes the seat, and pays for its membership. An invitation is the guest's alone.
    fn take(self, world: &World, session: &TestSession, wallet: &Actor) -> Instruction {
        let wallet = wallet.address();
        match self {
            Self::Invitation => {
                let invitation = world.invitation(&session.address, &Actor::named("guest"));
                instruction::accept_invitation(wallet, wallet, session.address, &invitation)
            }
            Self::Token => {
                let token = world.invite_token(&session.address, &Actor::named("token"));
                instruction::join_with_token(wallet, wallet, session.address, &token)
            }
        }
    }

    /// `signer` takes the offer back.
    fn revoke(self, world: &World, session: &TestSession, signer: &Actor) -> Instruction {
        let (signer, at) = (signer.address(), session.address);
        match self {
            Self::Invitation => instruction::revoke_invitation(signer, at, &world.invitation(&at, &Actor::named("guest"))),
            Self::Token => instruction::revoke_token(signer, at, &world.invite_token(&at, &Actor::named("token"))),
        }
    }

    /// What is offered.
    fn offered(self, world: &World, session: &TestSession) -> Offer {
        match self {
            Self::Invitation => world.invitation(&session.address, &Actor::named("guest")).offer,
            Self::Token => world.invite_token(&session.address, &Actor::named("token")).offer,
        }
    }

    /// Where it is written.
    fn address(self, session: &TestSession) -> Address {
        match self {
            Self::Invitation => address::invitation(&session.address, &Actor::named("guest").address()),
            Self::Token => address::invite_token(&session.address, &Actor::named("token").address()),
        }
    }
}
