//! Three sessions with some members, in which the cache's wallet and others act.

use {
    crate::{
        chain::{State, run},
        world::{Sight, Table},
    },
    fastrand::Rng,
    sessions_client::{
        address,
        core::{
            MemberState, PropertyState, SessionState,
            rules::{
                config::SessionConfig,
                lifecycle::CloseReason,
                permissions::{Permissions, Settings},
                quotas::{Quota, Quotas},
            },
        },
        instruction::{self, Acting, SessionArgs, SetPropertyArgs, SetSessionKeyArgs},
    },
    sessions_reducer::{Account, Moment},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// When everything is predicted: time is the one thing that a prediction does not know, and the model neither.
pub const AT: Moment = Moment { unix_timestamp: 1_767_225_600, slot: 10, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };

pub const ME: Address = Address::new_from_array([1; 32]);
pub const OTHER: Address = Address::new_from_array([2; 32]);
/// Another program, of which the rules know nothing.
const FOREIGN: Address = Address::new_from_array([200; 32]);
pub const KEYS: [&[u8]; 2] = [b"score", b"map"];

/// The chain's accounts and the three sessions: one without shared limits, one with, and one whose members can be many things only for a while.
pub fn three(seed: u64) -> (State, Vec<Table>) {
    let wallet = |lamports| Account { lamports, ..Account::default() };
    let mut state = State::from([(ME, wallet(1 << 40)), (OTHER, wallet(1 << 40))]);
    let tight = Quota { limit: 20 + seed % 20, ..Quota::UNLIMITED };
    let shared = [Quotas::UNLIMITED, Quotas { operations: tight, ..Quotas::UNLIMITED }, Quotas::UNLIMITED];
    let tables = shared.into_iter().zip(0_u8..).map(|(quotas, number)| open(&mut state, number, quotas)).collect();
    (state, tables)
}

fn open(state: &mut State, number: u8, quotas: Quotas) -> Table {
    let config = SessionConfig {
        max_members: 4,
        max_duration: 1 << 30,
        hard_limit: 1 << 30,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 60,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas,
        kind: 0,
        reserved: 0,
    };
    let id = [number; 32];
    let session = address::session(&ME, &id);
    let begin = [
        instruction::open_session(ME, ME, SessionArgs { config, host: ME, metadata: [0; 32], id }),
        instruction::join_session(OTHER, OTHER, session),
    ];
    run(state, &begin, &Moment { slot: 1, ..AT }).unwrap();
    let mut accounts = vec![session, address::member(&session, &ME), address::member(&session, &OTHER)];
    accounts.extend(KEYS.map(|key| address::property(&session, key)));
    Table {
        session,
        accounts,
        act: Box::new(move |rng, see| {
            let foreign = (rng.u32(0..8) == 0).then(|| Instruction { program_id: FOREIGN, accounts: Vec::new(), data: Vec::new() });
            foreign.into_iter().chain([step(rng, &session, &ME, see)]).collect()
        }),
        other: Box::new(move |rng, see| vec![step(rng, &session, &OTHER, see)]),
    }
}

/// Something that `wallet` does, as it sees the session.
fn step(rng: &mut Rng, session: &Address, wallet: &Address, see: &Sight<'_>) -> Instruction {
    let (session, wallet) = (*session, *wallet);
    let state = see(&session).and_then(|data| SessionState::read(&data).ok());
    let acting = match &state {
        Some(state) => Acting::wallet(session, wallet).in_session(state),
        None => Acting::wallet(session, wallet),
    };
    let key = KEYS[rng.usize(0..KEYS.len())];
    // Now and then somebody writes what they have not read.
    let version =
        see(&address::property(&session, key)).and_then(|data| Some(PropertyState::read(&data).ok()?.version)).unwrap_or_default();
    let version = if rng.u32(0..8) == 0 { rng.u64(0..5) } else { version };
    let value = [rng.u8(..); 40];
    match rng.u32(0..16) {
        0..4 => instruction::broadcast_message(wallet, session, wallet, &value[..rng.usize(1..40)]),
        4..7 => {
            let args = SetPropertyArgs { expected_version: version, capacity: 64, key, value: &value[..rng.usize(1..40)] };
            instruction::set_property(wallet, wallet, session, wallet, args)
        }
        7 => instruction::delete_property(wallet, session, wallet, key, payer(see, &address::property(&session, key)), version),
        8..10 => instruction::set_session_key(
            wallet,
            session,
            SetSessionKeyArgs { key: Address::new_from_array([rng.u8(3..); 32]), permissions: 0, ttl: 60 },
        ),
        10 => instruction::clear_session_key(wallet, session),
        11..13 => instruction::consume(acting, 0, rng.u64(0..3)),
        13 => instruction::pause_session(ME, session),
        14 => instruction::resume_session(ME, session),
        _ if rng.u32(0..30) == 0 => instruction::close_session(ME, session, CloseReason::Completed as u8),
        _ => instruction::commit_checkpoint(ME, session, rng.u64(0..50), [rng.u8(..); 32]),
    }
}

/// Who paid for a property, or somebody if it is not there.
fn payer(see: &Sight<'_>, property: &Address) -> Address {
    see(property).and_then(|data| Some(PropertyState::read(&data).ok()?.header.payer)).unwrap_or(ME)
}

/// The membership is read so that a layout that changes is noticed here too.
#[test]
fn the_tables_begin_as_they_should() {
    let (state, tables) = three(1);
    for table in &tables {
        assert_eq!(SessionState::read(&state[&table.session].data).unwrap().members, 2);
        assert!(MemberState::read(&state[&table.accounts[2]].data).unwrap().is_active());
    }
}
