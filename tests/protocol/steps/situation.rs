//! What steps are tried with: sessions in every status, memberships of every kind, moments before and after each boundary.

use {
    bytemuck::Zeroable,
    sessions_core::{
        Act, Address, MemberState, SessionState,
        error::Detail,
        events::{AnyEvent, Event, EventSink},
        rules::{
            config::SessionConfig,
            lifecycle::{CloseReason, Status},
            membership::{MemberStatus, NEVER, Rights, Role},
            permissions::{Permissions, Settings},
            quotas::{Quota, Quotas},
        },
        state::{AccountHeader, At, Creation, Held, Request},
    },
    sessions_tests::session::{STEP_TIMEOUT, config},
    std::collections::{BTreeMap, BTreeSet},
};

/// Creates sessions, rules them and is their first member.
pub const CREATOR: Address = Address::new_from_array([1; 32]);
/// Serves them.
pub const HOST: Address = Address::new_from_array([2; 32]);
/// Has nothing to do with them.
pub const STRANGER: Address = Address::new_from_array([3; 32]);
/// Is a member.
pub const MEMBER: Address = Address::new_from_array([4; 32]);
/// Acts for a member.
pub const KEY: Address = Address::new_from_array([5; 32]);
/// The zero address.
pub const NOBODY: Address = Address::new_from_array([0; 32]);
/// Where the session is.
pub const SESSION: Address = Address::new_from_array([9; 32]);
/// Where another session is.
pub const ELSEWHERE: Address = Address::new_from_array([8; 32]);
/// Where the account is that the session has to do with.
pub const ACCOUNT: Address = Address::new_from_array([7; 32]);
/// When everything begins.
pub const START: i64 = 1_000_000;
/// The slot in which it does.
pub const SLOT: u64 = 10;
/// Where the session's vault is.
pub const VAULT: Address = Address::new_from_array([6; 32]);
/// An account that is made now.
pub const MADE: Creation<'_> = Creation { payer: &STRANGER, bump: 255 };
/// A quota whose fields do not agree.
pub const UNSOUND: Quota = Quota { limit: 1, window_limit: 1, window_seconds: 0 };

/// What came of the steps of one instruction.
#[derive(Default)]
pub struct Outcomes {
    pub events: BTreeSet<&'static str>,
    pub errors: BTreeSet<&'static str>,
    pub fields: BTreeSet<&'static str>,
    pub denials: BTreeSet<&'static str>,
    pub violations: BTreeSet<&'static str>,
}

impl Outcomes {
    /// Tries something and notes what came of it.
    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> sessions_core::Result<()>) {
        if let Err(refusal) = step(self) {
            self.errors.insert(refusal.error.name());
            match refusal.detail {
                Some(Detail::Field(field)) => self.fields.insert(field.name()),
                Some(Detail::Denial(denial)) => self.denials.insert(denial.text()),
                Some(Detail::Violation(violation)) => self.violations.insert(violation.text()),
                None => false,
            };
        }
    }
}

/// What came of everything.
#[derive(Default)]
pub struct All {
    /// Of every instruction, by its name.
    pub steps: BTreeMap<&'static str, Outcomes>,
    /// Of the guard, which other programs ask.
    pub guard: Outcomes,
}

impl All {
    /// Tries a step of an instruction and notes what came of it.
    pub fn attempt(&mut self, instruction: &'static str, step: impl FnOnce(&mut Outcomes) -> sessions_core::Result<()>) {
        self.steps.entry(instruction).or_default().attempt(step);
    }

    /// Asks the guard and notes what came of it.
    pub fn ask_guard(&mut self, question: impl FnOnce() -> sessions_core::Result<()>) {
        self.guard.attempt(|_| question());
    }

    /// What came of everything, of one kind.
    pub fn each(&self, kind: impl Fn(&Outcomes) -> &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
        self.steps.values().chain([&self.guard]).flat_map(kind).copied().collect()
    }
}

impl EventSink for Outcomes {
    fn emit<E: Event>(&mut self, event: &E) {
        let event: AnyEvent = (*event).into();
        self.events.insert(event.name());
    }
}

/// An act of `signer` on `account`, `wait` seconds after the start.
pub fn act<'a>(account: &'a Address, signer: &'a Address, wait: u32) -> Act<'a> {
    Act { account, signer, now: START + i64::from(wait), slot: SLOT }
}

/// The account in the place of the session.
pub fn at<S>(state: S) -> At<'static, S> {
    At { address: &SESSION, state }
}

/// Moments before and after each boundary of a session's time.
pub fn waits(config: &SessionConfig) -> [u32; 5] {
    [0, STEP_TIMEOUT, config.max_duration, config.hard_limit, config.hard_limit + config.step_timeout]
}

/// Requests a session, or opens it at once.
pub fn begin(
    state: &mut SessionState,
    config: &SessionConfig,
    host: &Address,
    open: bool,
    events: &mut Outcomes,
) -> sessions_core::Result<()> {
    let request = Request { id: &[5; 32], host, metadata: &[0; 32], config, payer: &CREATOR, bump: 255 };
    let act = act(&SESSION, &CREATOR, 0);
    if open { state.open(&act, &request, events) } else { state.request(&act, &request, events) }
}

/// A session in every status, failed ones too, under these settings.
pub fn sessions(settings: Settings) -> Vec<SessionState> {
    type Step = fn(&mut SessionState, &mut Outcomes) -> sessions_core::Result<()>;
    const STEPS: [Step; 7] = [
        |state, events| state.begin_creation(&act(&SESSION, &HOST, 0), events),
        |state, events| state.complete_creation(&act(&SESSION, &HOST, 0), events),
        |state, events| state.begin_activation(&act(&SESSION, &CREATOR, 0), events),
        |state, events| state.complete_activation(&act(&SESSION, &HOST, 0), events),
        |state, events| state.pause(&act(&SESSION, &CREATOR, 0), events),
        |state, events| state.close(&act(&SESSION, &CREATOR, 0), CloseReason::Completed as u8, events),
        |state, events| state.complete_close(&act(&SESSION, &HOST, 0), events),
    ];
    let mut events = Outcomes::default();
    let mut state = SessionState::zeroed();
    begin(&mut state, &config(settings), &HOST, false, &mut events).unwrap();
    let mut all = vec![state];
    for step in STEPS {
        step(&mut state, &mut events).unwrap();
        all.push(state);
    }
    assert!(all.iter().map(|state| state.status().unwrap()).eq(Status::ALL.iter().copied()));
    for mut unborn in [all[0], all[2]] {
        unborn.abort(&act(&SESSION, &HOST, 0), CloseReason::Failed as u8, &mut events).unwrap();
        all.push(unborn);
    }
    all
}

/// Sessions that differ in what decides about acts of members.
pub fn standing() -> Vec<SessionState> {
    let mut all: Vec<_> = [Settings::NONE, Settings::INVITE_ONLY].into_iter().flat_map(sessions).collect();
    let active = all[Status::Active as usize];
    let changed: [fn(&mut SessionState); 11] = [
        |state| state.header.revision = u64::MAX,
        |state| state.status = u8::MAX,
        |state| (state.children, state.members) = (0, 0),
        |state| state.children = u32::MAX,
        |state| (state.members, state.config.max_members) = (u32::MAX, u32::MAX),
        |state| state.members = state.config.max_members,
        |state| state.config.permissions = 0,
        |state| state.config.quotas.bytes = Quota { limit: 0, ..Quota::UNLIMITED },
        |state| state.config.quotas.units = Quota { limit: 100, ..Quota::UNLIMITED },
        |state| (state.message_sequence, state.property_version) = (u64::MAX, u64::MAX),
        |state| state.checkpoint_sequence = u64::MAX,
    ];
    all.extend(changed.map(|change| {
        let mut state = active;
        change(&mut state);
        state
    }));
    all
}

/// An active membership of `wallet` with these rights.
pub fn member(wallet: Address, rights: Rights) -> MemberState {
    MemberState {
        header: AccountHeader { revision: 1, ..AccountHeader::new(CREATOR, SLOT, 255) },
        session: SESSION,
        wallet,
        rights,
        starts_at: START,
        join_revision: 1,
        status: MemberStatus::Active as u8,
        session_key: KEY,
        key_expires_at: NEVER,
        key_permissions: Permissions::ALL.bits(),
        ..MemberState::zeroed()
    }
}

/// Memberships of `wallet` that differ in what decides about acts.
pub fn members(wallet: Address) -> Vec<MemberState> {
    let changed: [fn(&mut MemberState); 14] = [
        |_| {},
        |member| member.rights = Rights::of(Role::Moderator),
        |member| member.rights = Rights::of(Role::Observer),
        |member| member.session = ELSEWHERE,
        |member| member.header.epoch = SLOT - 1,
        |member| member.header.revision = u64::MAX,
        |member| member.status = MemberStatus::Left as u8,
        |member| (member.status, member.usage.bytes.total) = (MemberStatus::Left as u8, 50),
        |member| (member.status, member.gone_revision) = (MemberStatus::Removed as u8, u64::MAX),
        |member| member.rights.expires_at = START,
        |member| member.key_expires_at = START,
        |member| member.key_permissions = 0,
        |member| (member.session_key, member.key_expires_at, member.key_permissions) = (NOBODY, 0, 0),
        |member| member.rights.quotas = Quotas { operations: Quota { limit: 0, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED },
    ];
    let one = member(wallet, Rights::of(Role::Owner));
    let change = |change: fn(&mut MemberState)| {
        let mut member = one;
        change(&mut member);
        member
    };
    changed.into_iter().map(change).collect()
}

/// What acts of members are tried in: a session with a vault that logs and measures executions, how long after its start, a membership of it,
/// and who signs.
pub fn acting() -> impl Iterator<Item = (SessionState, u32, MemberState, &'static Address)> {
    let known = |mut state: SessionState| {
        state.vault = VAULT;
        state.config.settings |= Settings::LOG_EXECUTION.or(Settings::MONITOR_PERFORMANCE).bits();
        state
    };
    let when = standing().into_iter().map(known).flat_map(|state| waits(&state.config).map(|wait| (state, wait)));
    when.flat_map(|(state, wait)| {
        members(MEMBER).into_iter().flat_map(move |member| [&MEMBER, &KEY, &STRANGER].map(|signer| (state, wait, member, signer)))
    })
}

/// The session as the transaction passes it: for writing, and for reading only.
pub fn held(session: &mut SessionState, is_writable: bool) -> Held<'_> {
    if is_writable { Held::Writable(session) } else { Held::ReadOnly(session) }
}

/// Heads of a child of the session: sound, of an earlier life, and with all of its writes used up.
pub fn headers() -> [AccountHeader; 3] {
    let header = AccountHeader { revision: 1, ..AccountHeader::new(CREATOR, SLOT, 255) };
    [header, AccountHeader { epoch: SLOT - 1, ..header }, AccountHeader { revision: u64::MAX, ..header }]
}

/// Quotas of which one is not sound.
pub fn unsound_quotas() -> [Quotas; 3] {
    let sound = Quotas::UNLIMITED;
    [Quotas { operations: UNSOUND, ..sound }, Quotas { units: UNSOUND, ..sound }, Quotas { bytes: UNSOUND, ..sound }]
}
