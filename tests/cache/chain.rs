//! A chain of blocks, some of which disappear again: the session program's rules, and nothing else of a ledger.
//!
//! Its node is consistent: what it says is confirmed stays, and what it says of a transaction is true as of the slot that it names.

use {
    sessions_reducer::{Account, Accounts, Known, Moment, Rejection, Silent, reduce},
    solana_address::Address,
    solana_instruction::Instruction,
    std::{
        collections::{BTreeMap, BTreeSet},
        sync::Arc,
    },
};

pub type State = BTreeMap<Address, Account>;

/// A transaction, by a number of the test's own: the operation's, if it is one of the cache's.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub number: u64,
    pub instructions: Vec<Instruction>,
}

/// A block: what ran in it, whether it succeeded, and the accounts behind it.
#[derive(Clone)]
pub struct Block {
    pub slot: u64,
    pub ran: Vec<(Transaction, Result<(), String>)>,
    pub state: Arc<State>,
}

/// Blocks from the first on; those above `confirmed` may disappear.
pub struct Chain {
    pub blocks: Vec<Block>,
    pub confirmed: usize,
    pub finalized: usize,
    /// What ever succeeded in a block, and the block's slot, also of those that have disappeared.
    pub succeeded: BTreeSet<(u64, u64)>,
    next_slot: u64,
}

/// The accounts, as rules see them; there is nothing that is not known. What is written is kept apart.
struct View<'a> {
    state: &'a State,
    written: BTreeMap<Address, Option<Account>>,
}

impl Accounts for View<'_> {
    fn get(&self, address: &Address) -> Known<'_> {
        Known::loaded(self.written.get(address).map_or_else(|| self.state.get(address), Option::as_ref))
    }

    fn get_mut(&mut self, address: &Address) -> &mut Option<Account> {
        self.written.entry(*address).or_insert_with(|| self.state.get(address).cloned())
    }
}

/// What instructions that succeeded did.
pub struct Ran {
    /// The accounts that they wrote.
    pub written: BTreeSet<Address>,
    /// Whether the rules know all of it.
    pub exact: bool,
}

/// Runs instructions on a state: all of them, or none.
pub fn run(state: &mut State, instructions: &[Instruction], at: &Moment) -> Result<Ran, Rejection> {
    let mut view = View { state, written: BTreeMap::new() };
    let mut exact = true;
    for instruction in instructions {
        match reduce(instruction, &mut view, at, &mut Silent) {
            Ok(outcome) => exact &= outcome.exact,
            // Here the other programs do nothing; but who predicts them does not know that.
            Err(Rejection::Foreign) => exact = false,
            Err(rejection) => return Err(rejection),
        }
    }
    let written = view.written.keys().copied().collect();
    for (address, account) in view.written {
        match account {
            Some(account) => state.insert(address, account),
            None => state.remove(&address),
        };
    }
    Ok(Ran { written, exact })
}

impl Chain {
    pub fn new(state: State) -> Self {
        let first = Block { slot: 10, ran: Vec::new(), state: Arc::new(state) };
        Self { blocks: vec![first], confirmed: 0, finalized: 0, succeeded: BTreeSet::new(), next_slot: 11 }
    }

    pub fn tip(&self) -> &Block {
        self.blocks.last().unwrap()
    }

    pub fn confirmed(&self) -> &Block {
        &self.blocks[self.confirmed]
    }

    /// Makes a block; a transaction that has run already does not run again.
    pub fn produce(&mut self, transactions: Vec<Transaction>, at: &Moment) {
        let (slot, mut state) = (self.next_slot, State::clone(&self.tip().state));
        self.next_slot += 1;
        let at = Moment { slot, ..*at };
        let mut ran = Vec::new();
        for transaction in transactions {
            if self.find(transaction.number).is_none()
                && !ran.iter().any(|(other, _): &(Transaction, _)| other.number == transaction.number)
            {
                let result = run(&mut state, &transaction.instructions, &at).map(|_| ()).map_err(|rejection| rejection.to_string());
                if result.is_ok() {
                    self.succeeded.insert((transaction.number, slot));
                }
                ran.push((transaction, result));
            }
        }
        self.blocks.push(Block { slot, ran, state: Arc::new(state) });
    }

    /// Lets a slot go by without a block.
    pub fn skip(&mut self) {
        self.next_slot += 1;
    }

    /// Lets the blocks that are not confirmed disappear; gives what ran in them.
    pub fn fork(&mut self) -> Vec<Transaction> {
        let gone = self.blocks.split_off(self.confirmed + 1);
        gone.into_iter().flat_map(|block| block.ran).map(|(transaction, _)| transaction).collect()
    }

    pub fn confirm(&mut self, blocks: usize) {
        self.confirmed = (self.confirmed + blocks).min(self.blocks.len() - 1);
    }

    pub fn finalize(&mut self, blocks: usize) {
        self.finalized = (self.finalized + blocks).min(self.confirmed);
    }

    /// The block that a transaction ran in, by its place, and what became of it.
    pub fn find(&self, number: u64) -> Option<(usize, &Result<(), String>)> {
        self.blocks.iter().enumerate().find_map(|(place, block)| {
            let (_, result) = block.ran.iter().find(|(transaction, _)| transaction.number == number)?;
            Some((place, result))
        })
    }
}
