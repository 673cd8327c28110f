//! What the program costs, measured on the committed file: compute units of each instruction, sizes and rents of the accounts, the file's
//! size. `make bench` writes the table; the test `compute_units` makes it again and compares.
//!
//! An instruction that derives an address costs more the further its canonical bump is from 255, so ids are chosen whose bumps are 255, and
//! the cost of a step of the bump stands apart.

mod guard;
mod members;
mod vaults;

use {
    crate::{
        Actor, World,
        session::{MAX_DURATION, TestSession, config},
    },
    serde::{Deserialize, Serialize},
    sessions_client::{
        address,
        core::{
            AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
            rules::{
                config::SessionChanges,
                lifecycle::{Status, Transition},
                permissions::Settings,
                quotas::Quotas,
            },
            state::MAX_VALUE,
        },
        instruction::{self, SessionArgs},
        program,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    std::{collections::BTreeMap, fmt::Write},
};

/// The whole table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Compute units of each instruction, with every derived address at bump 255.
    pub instructions: BTreeMap<String, u64>,
    /// Compute units more for each step of a derived address's bump below 255; the vault's has a seed less and costs some units less.
    pub bump_step: u64,
    /// Size and rent of each account.
    pub accounts: BTreeMap<String, AccountSize>,
    /// The program file's size in bytes.
    pub program_bytes: usize,
}

/// What an account takes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSize {
    /// Its size in bytes.
    pub bytes: usize,
    /// Its rent, in lamports.
    pub rent_lamports: u64,
}

impl Table {
    /// Measures everything.
    pub fn measure() -> Self {
        let request = |bump| {
            let (world, session) = unrequested(bump);
            let args = session.args;
            units(
                &world,
                instruction::request_session(session.creator.address(), session.payer.address(), args),
                &[&session.creator, &session.payer],
            )
        };
        let mut instructions = BTreeMap::new();
        let mut put = |name: &str, units: u64| assert_eq!(instructions.insert(name.to_owned(), units), None);

        let requested = request(255);
        put("request_session", requested);
        let (world, session) = unrequested(255);
        let args = SessionArgs { host: session.creator.address(), ..session.args };
        let open = instruction::open_session(session.creator.address(), session.payer.address(), args);
        put("open_session", units(&world, open, &[&session.creator, &session.payer]));

        for (name, status, transition) in STEPS {
            let (world, session) = in_status(*status);
            match transition {
                Transition::Expire => world.wait(MAX_DURATION),
                Transition::Reclaim => world.reclaim_children(&session.address),
                _ => {}
            }
            let party = session.party(*transition);
            put(name, units(&world, session.step(&world, *transition, party), &[party]));
        }

        let (world, session) = in_status(Status::Active);
        let changes = SessionChanges {
            host: Some(session.stranger.address()),
            metadata: Some([1; 32]),
            max_members: Some(9),
            permissions: Some(0),
            quotas: Some(Quotas::UNLIMITED),
            expires_in: Some(60),
        };
        let update = instruction::update_session(session.creator.address(), session.address, changes);
        put("update_session, everything", units(&world, update, &[&session.creator]));

        let (world, session) = in_status(Status::Closed);
        world.reclaim_children(&session.address);
        world.ledger.fund(address::vault(&session.address), 1_000_000_000).unwrap();
        let reclaim = session.step(&world, Transition::Reclaim, &session.stranger);
        put("reclaim_session, with a funded vault", units(&world, reclaim, &[&session.stranger]));

        for (name, units) in members::measure().into_iter().chain(vaults::measure()).chain(guard::measure()) {
            put(name, units);
        }

        let rent = |bytes| World::new().ledger.with_svm(|svm| svm.minimum_balance_for_rent_exemption(bytes)).unwrap();
        let size = |bytes| AccountSize { bytes, rent_lamports: rent(bytes) };
        let accounts = [
            (SessionState::NAME.to_owned(), SessionState::SIZE),
            (MemberState::NAME.to_owned(), MemberState::SIZE),
            (InvitationState::NAME.to_owned(), InvitationState::SIZE),
            (InviteTokenState::NAME.to_owned(), InviteTokenState::SIZE),
            (FunctionState::NAME.to_owned(), FunctionState::SIZE),
            (AllowanceState::NAME.to_owned(), AllowanceState::SIZE),
            (AccessGrantState::NAME.to_owned(), AccessGrantState::SIZE),
            (format!("{} of {MAX_VALUE} bytes", PropertyState::NAME), PropertyState::SIZE + MAX_VALUE),
        ];
        let accounts = accounts.into_iter().map(|(name, bytes)| (name, size(bytes))).collect();
        let bump_step = request(254) - requested;
        Self { instructions, bump_step, accounts, program_bytes: program::FILE.len() }
    }

    /// The table as the JSON that is committed.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap() + "\n"
    }

    /// The table as a person reads it.
    pub fn to_markdown(&self) -> String {
        let mut page = String::from(
            "# Compute units, sizes and rents\n\n\
             Measured on the committed program file (SBPF v0) in LiteSVM; `make bench` writes this page and `tests/compute-units.json`, and a\n\
             test makes them again and compares. An instruction that derives addresses has them at bump 255 here; each step of a bump below\n\
             that costs the units given last. What makes an account calls the system program, as does the transfer out of a funded vault in\n\
             reclaim_session. Of a message, each byte takes about one and a half units.\n\n| instruction | compute units |\n|---|---:|\n",
        );
        for (name, units) in &self.instructions {
            writeln!(page, "| {name} | {} |", thousands(*units)).unwrap();
        }
        writeln!(page, "| a step of a bump below 255 | {} |", thousands(self.bump_step)).unwrap();
        page.push_str("\n| account | bytes | rent in lamports |\n|---|---:|---:|\n");
        for (name, size) in &self.accounts {
            writeln!(page, "| {name} | {} | {} |", thousands(size.bytes as u64), thousands(size.rent_lamports)).unwrap();
        }
        writeln!(page, "\nThe program file has {} bytes.", thousands(self.program_bytes as u64)).unwrap();
        page
    }
}

/// The steps of an existing session, each from a status in which it is possible.
const STEPS: &[(&str, Status, Transition)] = &[
    ("begin_creation", Status::Requested, Transition::BeginCreation),
    ("complete_creation", Status::Creating, Transition::CompleteCreation),
    ("begin_activation", Status::Created, Transition::BeginActivation),
    ("complete_activation", Status::Activating, Transition::CompleteActivation),
    ("pause_session", Status::Active, Transition::Pause),
    ("resume_session", Status::Paused, Transition::Resume),
    ("update_session", Status::Active, Transition::Update),
    ("close_session", Status::Active, Transition::Close),
    ("complete_close", Status::Closing, Transition::CompleteClose),
    ("abort_session", Status::Requested, Transition::Abort),
    ("expire_session", Status::Active, Transition::Expire),
    ("reclaim_session", Status::Closed, Transition::Reclaim),
];

/// A session that is not requested yet, with this canonical bump, and 255 for its vault and its creator's membership.
fn unrequested(session_bump: u8) -> (World, TestSession) {
    let creator = Actor::named("creator").address();
    let bump = |seeds: &[&[u8]]| Address::find_program_address(seeds, &address::PROGRAM);
    let id = (0_u32..)
        .map(|n| format!("measured {n}"))
        .find(|id| {
            let (session, found) = bump(&SessionState::seeds(&creator, &address::id_from_text(id)));
            found == session_bump
                && bump(&SessionState::vault_seeds(&session)).1 == 255
                && bump(&MemberState::seeds(&session, &creator)).1 == 255
        })
        .unwrap();
    let world = World::new();
    let session = TestSession::new(&world, &id, config(Settings::PAUSE_STOPS_CLOCK));
    (world, session)
}

fn in_status(status: Status) -> (World, TestSession) {
    let (world, session) = unrequested(255);
    session.request(&world);
    session.advance(&world, status);
    (world, session)
}

/// Whether the program's address with these seeds has the bump 255.
fn is_at_255(seeds: &[&[u8]]) -> bool {
    Address::find_program_address(seeds, &address::PROGRAM).1 == 255
}

/// A short name of which this holds.
fn named_with(holds: impl Fn(&str) -> bool) -> String {
    (0_u32..).map(|n| format!("n{n}")).find(|name| holds(name)).unwrap()
}

fn units(world: &World, instruction: Instruction, signers: &[&Actor]) -> u64 {
    world.ok_with(&[instruction], signers).compute_units
}

/// A number with its thousands apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}
