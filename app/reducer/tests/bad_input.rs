//! What no client builds: other programs' instructions, data that is cut off, accounts that are missing. What the program itself answers to all
//! the rest is compared in the workspace's tests, with every transaction that they send.

use {
    anchor_lang::{Discriminator, InstructionData},
    sessions::instruction::{BroadcastMessage, CloseSession, PauseSession, ReclaimChildren},
    sessions_core::{Address, ID, MemberState, SessionError, SessionState, state::AccountHeader},
    sessions_reducer::{Account, Accounts, Cause, Known, Moment, Outcome, Overlay, Rejection, Silent, Told, reduce},
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
    std::collections::HashMap,
};

type Ledger = HashMap<Address, Option<Account>>;

const AT: Moment = Moment { unix_timestamp: 1_000, slot: 7, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };
const AUTHORITY: Address = Address::new_from_array([1; 32]);
const SESSION: Address = Address::new_from_array([2; 32]);
const MEMBER: Address = Address::new_from_array([3; 32]);

/// An active session, which ends much later.
fn session() -> Account {
    let mut state: SessionState = bytemuck::Zeroable::zeroed();
    state.header = AccountHeader::new(AUTHORITY, 1, 255);
    state.authority = AUTHORITY;
    state.status = sessions_core::rules::lifecycle::Status::Active as u8;
    state.expires_at = 1_000_000;
    state.hard_end = 1_000_000;
    let data = [&SessionState::DISCRIMINATOR[..], bytemuck::bytes_of(&state)].concat();
    Account { owner: ID, lamports: 1, executable: false, data }
}

fn ledger() -> Ledger {
    HashMap::from([(SESSION, Some(session()))])
}

fn metas() -> Vec<AccountMeta> {
    vec![AccountMeta::new_readonly(AUTHORITY, true), AccountMeta::new(SESSION, false)]
}

fn pause() -> Instruction {
    Instruction { program_id: ID, accounts: metas(), data: PauseSession {}.data() }
}

/// What is answered; nothing may have been written.
#[track_caller]
fn rejected(instruction: &Instruction, ledger: &Ledger) -> Rejection {
    let mut after = Overlay::new(ledger);
    let rejection = reduce(instruction, &mut after, &AT, &mut Silent).unwrap_err();
    assert!(after.into_changes().is_empty());
    rejection
}

#[test]
fn another_programs_instruction_is_foreign() {
    assert_eq!(rejected(&Instruction { program_id: AUTHORITY, ..pause() }, &ledger()), Rejection::Foreign);
}

#[test]
fn data_that_is_no_instructions_is_refused() {
    let data = [vec![], vec![0; 7], vec![0; 8], PauseSession::DISCRIMINATOR[..7].to_vec()];
    for data in data {
        let rejection = rejected(&Instruction { data, ..pause() }, &ledger());
        assert_eq!(rejection, Rejection::Failed(InstructionError::InvalidInstructionData));
    }
}

#[test]
fn arguments_that_are_cut_off_are_refused() {
    let data = CloseSession { args: sessions::instructions::CloseSessionArgs { reason: 1 } }.data();
    let cut = Instruction { data: data[..data.len() - 1].to_vec(), ..pause() };
    assert_eq!(rejected(&cut, &ledger()), Rejection::Failed(InstructionError::InvalidInstructionData));
    let whole = Instruction { data, ..pause() };
    assert!(reduce(&whole, &mut ledger(), &AT, &mut Silent).is_ok());
}

#[test]
fn a_message_that_is_shorter_than_it_says_is_refused_behind_its_accounts() {
    let data = [BroadcastMessage::DISCRIMINATOR, &9_u32.to_le_bytes(), b"short"].concat();
    let mut accounts = metas();
    accounts.push(AccountMeta::new(MEMBER, false));
    let say = Instruction { program_id: ID, accounts, data };
    assert_eq!(rejected(&say, &ledger()), Rejection::Unpredictable(Cause::Unknown(MEMBER)));
    let mut ledger = ledger();
    ledger.insert(MEMBER, None);
    assert_eq!(rejected(&say, &ledger).session_error(), Some(SessionError::PermissionDenied));
    let member = [&MemberState::DISCRIMINATOR[..], bytemuck::bytes_of(&AccountHeader::new(AUTHORITY, 1, 255)), &[0; 1_000]].concat();
    ledger.insert(MEMBER, Some(Account { data: member, ..session() }));
    assert_eq!(rejected(&say, &ledger), Rejection::Failed(InstructionError::InvalidInstructionData));
}

#[test]
fn an_account_in_two_places_that_are_written_is_refused() {
    let data = [BroadcastMessage::DISCRIMINATOR, &0_u32.to_le_bytes()].concat();
    let mut accounts = metas();
    accounts.push(AccountMeta::new(SESSION, false));
    let twice = Instruction { program_id: ID, accounts, data };
    assert_eq!(rejected(&twice, &ledger()), Rejection::Failed(InstructionError::Custom(2_040)));
}

#[test]
#[expect(deprecated, reason = "the program answers so")]
fn too_few_accounts_are_refused() {
    let few = Rejection::Failed(InstructionError::NotEnoughAccountKeys);
    for accounts in [vec![], metas()[..1].to_vec()] {
        assert_eq!(rejected(&Instruction { accounts, ..pause() }, &ledger()), few);
    }
    let odd = Instruction { program_id: ID, accounts: vec![metas()[1].clone(), metas()[0].clone()], data: ReclaimChildren {}.data() };
    assert_eq!(rejected(&odd, &ledger()), few);
}

#[test]
fn more_accounts_than_a_transaction_locks_cannot_be_told() {
    let mut accounts = vec![metas()[1].clone()];
    accounts.extend((0..128).map(|byte| AccountMeta::new_readonly(Address::new_from_array([byte; 32]), false)));
    let many = Instruction { program_id: ID, accounts, data: ReclaimChildren {}.data() };
    assert_eq!(rejected(&many, &ledger()), Rejection::Unpredictable(Cause::TooManyAccounts));
}

#[test]
fn an_account_that_is_not_known_is_named() {
    assert_eq!(rejected(&pause(), &Ledger::new()), Rejection::Unpredictable(Cause::Unknown(SESSION)));
}

#[test]
fn an_account_that_is_not_there_has_the_programs_own_error() {
    let nothing = HashMap::from([(SESSION, None)]);
    assert_eq!(rejected(&pause(), &nothing).session_error(), Some(SessionError::SessionNotFound));
    for cut in [0, 7, 8, SessionState::SIZE - 1] {
        let mut account = session();
        account.data.truncate(cut);
        let short = HashMap::from([(SESSION, Some(account))]);
        assert_eq!(rejected(&pause(), &short).session_error(), Some(SessionError::SessionNotFound), "{cut}");
    }
    let others = HashMap::from([(SESSION, Some(Account { owner: AUTHORITY, ..session() }))]);
    assert_eq!(rejected(&pause(), &others).session_error(), Some(SessionError::SessionNotFound));
}

#[test]
fn flags_that_are_missing_are_refused_by_the_framework() {
    let mut unsigned = pause();
    unsigned.accounts[0].is_signer = false;
    assert_eq!(rejected(&unsigned, &ledger()), Rejection::Failed(InstructionError::MissingRequiredSignature));
    let mut unwritable = pause();
    unwritable.accounts[1].is_writable = false;
    assert_eq!(rejected(&unwritable, &ledger()), Rejection::Failed(InstructionError::Custom(2_000)));
    // An account has the flags of all its places.
    unwritable.accounts.push(AccountMeta::new(SESSION, false));
    assert!(reduce(&unwritable, &mut ledger(), &AT, &mut Silent).is_ok());
}

#[test]
fn an_overlay_leaves_what_is_under_it() {
    let base = ledger();
    let (mut over, mut told) = (Overlay::new(&base), Told::default());
    assert_eq!(reduce(&pause(), &mut over, &AT, &mut told), Ok(Outcome { exact: true, returned: vec![] }));
    assert_eq!(told.0.iter().map(|event| event.name()).collect::<Vec<_>>(), ["SessionPaused"]);
    assert_eq!(Accounts::get(&over, &AUTHORITY), Known::Unknown);
    assert_eq!(base, ledger());
    let changes = over.into_changes();
    let mut direct = ledger();
    reduce(&pause(), &mut direct, &AT, &mut Silent).unwrap();
    assert_eq!(changes.into_iter().collect::<Ledger>(), direct);
    assert_ne!(direct, base);
}
