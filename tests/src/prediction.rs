//! What `sessions-reducer` says of a transaction before it is sent, held against what the program then does. Every transaction of a
//! [`World`] is held so.
//!
//! Compared are the error or, where there is none, every account that the transaction names, its events and its return data. Where another program
//! has a say, the reducer calls its answer inexact: then the accounts of the session program are compared, but for allowances, which an
//! execution charges. A transaction that also sends other programs' instructions that write something is not compared.

use {
    crate::World,
    sessions_client::{
        address,
        core::{AllowanceState, events::AnyEvent},
        failure::Failure,
        ledger::Receipt,
    },
    sessions_reducer::{Account, Accounts, Known, Moment, Outcome, Overlay, Rejection, Told, reduce},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction, error::InstructionError},
    solana_message::VersionedMessage,
    std::{
        collections::{BTreeMap, BTreeSet, HashMap},
        ops::AddAssign,
    },
};

/// How many transactions were predicted, and how well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What was said of all accounts came true.
    pub exact: u32,
    /// The error came true.
    pub refused: u32,
    /// What was said of the program's accounts came true.
    pub inexact: u32,
    /// What was called inexact failed by another program.
    pub failed_elsewhere: u32,
    /// The reducer could not tell.
    pub unpredictable: u32,
    /// Other programs were sent instructions too.
    pub foreign: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.exact += other.exact;
        self.refused += other.refused;
        self.inexact += other.inexact;
        self.failed_elsewhere += other.failed_elsewhere;
        self.unpredictable += other.unpredictable;
        self.foreign += other.foreign;
    }
}

/// What is said of a transaction.
pub struct Prediction {
    /// The error, with the place of the instruction that has it; or whether all of it is exact, and what the last instruction answers.
    said: Result<Outcome, (u8, Rejection)>,
    accounts: BTreeMap<Address, Option<Account>>,
    events: Vec<AnyEvent>,
}

/// An account as the reducer takes it. The file of a program is nothing to it.
fn known(account: solana_account::Account) -> Account {
    let solana_account::Account { lamports, data, owner, executable, .. } = account;
    Account { owner, lamports, executable, data: if executable { Vec::new() } else { data } }
}

/// The instructions of a message, with the flags that their accounts have in it.
fn instructions(message: &VersionedMessage) -> Vec<Instruction> {
    let keys = message.static_account_keys();
    // The system program is never written, however it is passed.
    let reserved = BTreeSet::from([Address::default()]);
    let meta = |index: &u8| {
        let index = usize::from(*index);
        let (is_signer, is_writable) =
            (message.is_signer(index), message.is_maybe_writable_with_reserved_addresses(index, Some(&reserved)));
        AccountMeta { pubkey: keys[index], is_signer, is_writable }
    };
    let one = |instruction: &solana_message::compiled_instruction::CompiledInstruction| Instruction {
        program_id: keys[usize::from(instruction.program_id_index)],
        accounts: instruction.accounts.iter().map(meta).collect(),
        data: instruction.data.clone(),
    };
    message.instructions().iter().map(one).collect()
}

impl Prediction {
    /// What the reducer says of a transaction that is sent now. Of who pays the fee it does not know what they have.
    pub fn of(world: &World, message: &VersionedMessage) -> Self {
        let clock = world.clock();
        let rent = world.ledger.with_svm(|svm| svm.minimum_balance_for_rent_exemption(0)).unwrap();
        let at = Moment { unix_timestamp: clock.unix_timestamp, slot: clock.slot, lamports_per_byte: rent / 128 };
        let named = message.static_account_keys().iter().filter(|address| **address != world.fees.address());
        let before: HashMap<Address, Option<Account>> = named.map(|address| (*address, world.account(address).map(known))).collect();
        let (mut after, mut told) = (Overlay::new(&before), Told::default());
        let mut said = Ok(Outcome { exact: true, returned: Vec::new() });
        for (place, instruction) in (0..).zip(instructions(message)) {
            match reduce(&instruction, &mut after, &at, &mut told) {
                Ok(outcome) => {
                    said = said.map(|all| Outcome { exact: all.exact && outcome.exact, returned: outcome.returned });
                }
                // What writes nothing, like a memo or a limit, changes nothing.
                Err(Rejection::Foreign) if !instruction.accounts.iter().any(|meta| meta.is_writable) => {
                    said = said.map(|all| Outcome { exact: false, ..all });
                }
                Err(rejection) => {
                    said = Err((place, rejection));
                    break;
                }
            }
        }
        let accounts = before.keys().map(|address| {
            let account = match after.get(address) {
                Known::Present(account) => Some(account.clone()),
                Known::Absent | Known::Unknown => None,
            };
            (*address, account)
        });
        Self { said, accounts: accounts.collect(), events: told.0 }
    }

    /// Compares it with what happened.
    #[track_caller]
    pub fn check(&self, world: &World, receipt: &Receipt) -> Tally {
        let mut tally = Tally::default();
        match (&self.said, &receipt.failure) {
            (Err((_, Rejection::Foreign)), _) => tally.foreign = 1,
            (Err((_, Rejection::Unpredictable(_))), _) => tally.unpredictable = 1,
            (Err((place, Rejection::Refused(refusal))), Some(Failure::Session { instruction, error })) => {
                assert_eq!((*place, refusal.error), (*instruction, *error), "{:#?}", receipt.logs);
                tally.refused = 1;
            }
            (Err((place, Rejection::Failed(predicted))), Some(Failure::Instruction { instruction, error })) => {
                assert_eq!((place, predicted), (instruction, error), "{:#?}", receipt.logs);
                tally.refused = 1;
            }
            (Err((place, rejection)), failure) => {
                panic!("predicted that instruction {place} fails with {rejection:?}, found {failure:?}\n{:#?}", receipt.logs)
            }
            (Ok(_), Some(failure)) if is_of_the_whole(failure) => tally.unpredictable = 1,
            (Ok(outcome), Some(failure)) => {
                assert!(!outcome.exact, "predicted success, found {failure:?}\n{:#?}", receipt.logs);
                tally.failed_elsewhere = 1;
            }
            (Ok(outcome), None) if outcome.exact => {
                for (address, account) in &self.accounts {
                    assert_eq!(world.account(address).map(known).as_ref(), account.as_ref(), "{address}\n{:#?}", receipt.logs);
                }
                assert_eq!(receipt.events, self.events);
                assert_eq!(receipt.returned, outcome.returned);
                tally.exact = 1;
            }
            (Ok(_), None) => {
                self.check_own(world);
                tally.inexact = 1;
            }
        }
        tally
    }

    /// Compares the session program's accounts, but for allowances.
    #[track_caller]
    fn check_own(&self, world: &World) {
        let is_own = |account: &Account| account.owner == address::PROGRAM && AllowanceState::read(&account.data).is_err();
        for (address, account) in &self.accounts {
            let found = world.account(address).map(known);
            if account.as_ref().is_some_and(is_own) || found.as_ref().is_some_and(is_own) {
                assert_eq!(found.as_ref(), account.as_ref(), "{address}");
            }
        }
    }
}

/// Whether a transaction failed for what no single instruction has to do with: its size, its fee, or what it leaves a wallet with.
fn is_of_the_whole(failure: &Failure) -> bool {
    matches!(failure, Failure::Transaction(_) | Failure::Instruction { error: InstructionError::ComputationalBudgetExceeded, .. })
}
