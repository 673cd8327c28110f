//! The embedded ledger keeps what the `Ledger` trait promises.

use {
    sessions_client::{
        Embedded, Ledger, LedgerError, address,
        core::rules::{
            config::SessionConfig,
            permissions::{Permissions, Settings},
            quotas::Quotas,
        },
        failure::Failure,
        instruction::{self, Acting, SessionArgs},
        ledger::MAX_TRANSACTION_BYTES,
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::time::Duration,
};

const SOL: u64 = 1_000_000_000;
const FEE: u64 = 5_000;

fn transfer(from: Address, to: Address, lamports: u64) -> Instruction {
    let data = [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    Instruction { program_id: Address::default(), accounts: vec![AccountMeta::new(from, true), AccountMeta::new(to, false)], data }
}

fn sign(ledger: &Embedded, key: &Keypair, instructions: &[Instruction]) -> VersionedTransaction {
    let blockhash = pollster::block_on(ledger.blockhash()).unwrap().hash;
    let message = Message::new_with_blockhash(instructions, Some(&key.pubkey()), &blockhash);
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[key]).unwrap()
}

fn funded() -> (Embedded, Keypair, Address) {
    let (ledger, key) = (Embedded::new().unwrap(), Keypair::new_from_array([1; 32]));
    ledger.fund(key.pubkey(), 10 * SOL).unwrap();
    (ledger, key, Address::new_from_array([2; 32]))
}

fn balance(ledger: &Embedded, address: Address) -> u64 {
    pollster::block_on(ledger.read(&[address])).unwrap()[0].account.as_ref().map_or(0, |account| account.lamports)
}

#[test]
fn a_transaction_does_what_it_says_and_costs_its_fee() {
    let (ledger, key, to) = funded();
    let receipt = pollster::block_on(ledger.send(sign(&ledger, &key, &[transfer(key.pubkey(), to, SOL)]))).unwrap();
    assert_eq!((receipt.failure, receipt.fee), (None, FEE));
    assert_eq!((balance(&ledger, to), balance(&ledger, key.pubkey())), (SOL, 9 * SOL - FEE));
}

#[test]
fn a_simulation_keeps_nothing() {
    let (ledger, key, to) = funded();
    let receipt = pollster::block_on(ledger.simulate(sign(&ledger, &key, &[transfer(key.pubkey(), to, SOL)]))).unwrap();
    assert_eq!(receipt.failure, None);
    assert!(receipt.compute_units > 0);
    assert_eq!((balance(&ledger, to), balance(&ledger, key.pubkey())), (0, 10 * SOL));
}

#[test]
fn a_transaction_that_is_turned_away_costs_nothing_and_one_that_fails_its_fee() {
    let (ledger, key, to) = funded();
    let too_much = sign(&ledger, &key, &[transfer(key.pubkey(), to, 20 * SOL)]);
    let receipt = pollster::block_on(ledger.send(too_much)).unwrap();
    assert!(matches!(receipt.failure, Some(Failure::Instruction { .. })), "{receipt:?}");
    assert_eq!((receipt.fee, balance(&ledger, key.pubkey())), (FEE, 10 * SOL - FEE));

    let poor = Keypair::new_from_array([4; 32]);
    ledger.fund(poor.pubkey(), FEE - 1).unwrap();
    let receipt = pollster::block_on(ledger.send(sign(&ledger, &poor, &[transfer(poor.pubkey(), to, 1)]))).unwrap();
    assert!(matches!(receipt.failure, Some(Failure::Transaction(_))), "{receipt:?}");
    assert_eq!((receipt.fee, balance(&ledger, poor.pubkey())), (0, FEE - 1));
}

#[test]
fn a_forged_signature_is_refused() {
    let (ledger, key, to) = funded();
    let mut transaction = sign(&ledger, &key, &[transfer(key.pubkey(), to, SOL)]);
    transaction.signatures[0] = Default::default();
    let receipt = pollster::block_on(ledger.send(transaction)).unwrap();
    assert!(matches!(receipt.failure, Some(Failure::Transaction(_))), "{receipt:?}");
    assert_eq!(balance(&ledger, to), 0);
}

#[test]
fn a_transaction_that_fits_no_packet_is_refused_before_it_is_sent() {
    let (ledger, key, to) = funded();
    let with_data = |bytes| {
        let mut instruction = transfer(key.pubkey(), to, SOL);
        instruction.data.resize(bytes, 0);
        pollster::block_on(ledger.send(sign(&ledger, &key, &[instruction])))
    };
    let Err(LedgerError::TransactionTooLarge(size)) = with_data(1_200) else { panic!() };
    assert!(size > MAX_TRANSACTION_BYTES);
    let room = 1_200 - (size - MAX_TRANSACTION_BYTES);
    assert_eq!(with_data(room + 1), Err(LedgerError::TransactionTooLarge(MAX_TRANSACTION_BYTES + 1)));
    assert!(with_data(room).is_ok());
}

#[test]
fn a_follower_is_told_of_every_change_and_of_nothing_else() {
    let (ledger, key, to) = funded();
    let mut follower = pollster::block_on(ledger.subscribe(to)).unwrap();
    assert_eq!(follower.borrow_and_update().account, None);
    pollster::block_on(ledger.send(sign(&ledger, &key, &[transfer(key.pubkey(), to, SOL)]))).unwrap();
    assert!(follower.has_changed().unwrap());
    assert_eq!(follower.borrow_and_update().account.as_ref().unwrap().lamports, SOL);
    pollster::block_on(ledger.send(sign(&ledger, &key, &[transfer(key.pubkey(), Address::new_from_array([3; 32]), SOL)]))).unwrap();
    assert!(!follower.has_changed().unwrap());
}

#[test]
fn time_moves_when_it_is_told_to() {
    let (ledger, ..) = funded();
    let clock = || pollster::block_on(ledger.clock()).unwrap();
    let start = clock();
    pollster::block_on(ledger.next_slot()).unwrap();
    assert_eq!((clock().slot, clock().unix_timestamp), (start.slot + 1, start.unix_timestamp));
    pollster::block_on(ledger.wait(Duration::from_secs(60))).unwrap();
    assert_eq!((clock().slot, clock().unix_timestamp), (start.slot + 151, start.unix_timestamp + 60));
}

#[test]
fn a_file_that_is_no_program_is_refused() {
    let program = sessions_client::program::FILE;
    for damaged in [&b""[..], b"no program", &program[..program.len() / 2]] {
        let error = Embedded::with_program(damaged).err().unwrap();
        assert!(matches!(error, LedgerError::Program(_)), "{error}");
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
    }
}

#[test]
fn an_answer_is_the_session_programs_own_and_of_what_happened() {
    let (ledger, key, to) = funded();
    let config = SessionConfig {
        max_members: 2,
        max_duration: 60,
        hard_limit: 60,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 60,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas: Quotas::UNLIMITED,
        kind: 0,
        reserved: 0,
    };
    let (wallet, id) = (key.pubkey(), [3; 32]);
    let open = instruction::open_session(wallet, wallet, SessionArgs { config, host: wallet, metadata: [0; 32], id });
    let acting = Acting::wallet(address::session(&wallet, &id), wallet);
    let returned = |instructions: &[Instruction]| {
        let receipt = pollster::block_on(ledger.send(sign(&ledger, &key, instructions))).unwrap();
        pollster::block_on(ledger.next_slot()).unwrap();
        receipt.returned
    };
    assert!(returned(&[open]).is_empty());
    assert_eq!(returned(&[instruction::consume(acting, 0, 1)])[..32], id);
    let too_much = transfer(wallet, to, 20 * SOL);
    assert!(returned(&[instruction::consume(acting, 0, 1), too_much]).is_empty(), "what failed has no answer");
}
