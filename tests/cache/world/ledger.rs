//! What happens on the chain, and to what was sent to it.

use {
    super::{World, mail::Mail},
    crate::chain::Transaction,
    sessions_cache::{OperationId, Stage},
    solana_instruction::Instruction,
};

impl World {
    pub(super) fn somebody_acts(&mut self) {
        let place = self.table();
        let state = self.chain.tip().state.clone();
        let instructions = (self.tables[place].other)(&mut self.rng, &|address| state.get(address).map(|account| account.data.clone()));
        let transaction = self.of_another(instructions);
        self.mempool.push(transaction);
        self.count("somebody else acted");
    }

    /// A transaction of somebody else's.
    pub fn of_another(&mut self, instructions: Vec<Instruction>) -> Transaction {
        self.others += 1;
        Transaction { number: self.others, instructions }
    }

    pub(super) fn produce(&mut self) {
        if self.rng.u32(0..6) == 0 {
            self.chain.skip();
        }
        self.rng.shuffle(&mut self.mempool);
        let some = self.rng.usize(0..=self.mempool.len());
        let transactions = self.mempool.split_off(some);
        self.chain.produce(transactions, &self.at);
        self.hints();
        self.count("block");
    }

    pub(super) fn produce_all(&mut self) {
        let transactions = self.waiting();
        self.chain.produce(transactions, &self.at);
        self.hints();
    }

    /// Makes a block of which nobody is told.
    pub fn block_of(&mut self, transactions: Vec<Transaction>) {
        self.chain.produce(transactions, &self.at);
    }

    /// What was sent and waits for a block; it waits no longer.
    pub fn waiting(&mut self) -> Vec<Transaction> {
        std::mem::take(&mut self.mempool)
    }

    /// A notification of each session, which may be lost, doubled or late.
    fn hints(&mut self) {
        let slot = self.chain.confirmed().slot;
        for place in 0..self.tables.len() {
            for _ in 0..self.rng.usize(0..3) {
                self.mail.push(Mail::Hint(self.tables[place].session, slot));
            }
        }
    }

    pub(super) fn confirm(&mut self) {
        let (some, more) = (self.rng.usize(0..3), self.rng.usize(0..3));
        self.chain.confirm(some);
        self.chain.finalize(more);
        // That may be told late.
        if self.rng.bool() {
            self.tell_root();
        }
        self.hints();
        self.count("blocks confirmed");
    }

    pub(super) fn tell_root(&mut self) {
        self.rooted = self.chain.blocks[self.chain.finalized].slot;
        self.cache.rooted(self.rooted);
    }

    /// Blocks disappear; what was in them is sent again, or is lost.
    pub(super) fn fork(&mut self) {
        let gone = self.chain.fork();
        if !gone.is_empty() {
            self.count("fork that took transactions");
        }
        for transaction in gone {
            if self.rng.bool() {
                self.mempool.push(transaction);
            }
        }
    }

    /// One of those that were sent and are in no block, by chance.
    fn lost(&mut self) -> Option<OperationId> {
        let lost: Vec<OperationId> = self.sent.keys().filter(|id| self.chain.find(id.0).is_none()).copied().collect();
        self.rng.choice(lost)
    }

    /// A transaction's time is over: it is in no block, and can get into none any more.
    pub(super) fn expire(&mut self) {
        if let Some(id) = self.lost() {
            self.expire_one(id);
            self.count("time over");
        }
    }

    pub fn expire_one(&mut self, id: OperationId) {
        self.mempool.retain(|transaction| transaction.number != id.0);
        self.sent.remove(&id);
        self.cache.expired(id, &self.at);
    }

    /// The same, and it is signed anew.
    pub(super) fn lapse(&mut self) {
        if let Some(id) = self.lost() {
            self.mempool.retain(|transaction| transaction.number != id.0);
            self.sent.remove(&id);
            self.cache.lapsed(id, &self.at);
            self.count("lapsed");
        }
    }

    /// A former transaction of an operation is found to be over once more, late: of one that waits to be signed anew, or landed since, that says nothing.
    pub(super) fn late_verdict(&mut self) {
        let decided = |id: &OperationId| !matches!(self.cache.stage(*id), Some(Stage::Sent | Stage::Processed { .. }));
        let decided: Vec<OperationId> = self.submitted.keys().copied().filter(decided).collect();
        let Some(id) = self.rng.choice(decided) else { return };
        let stage = self.cache.stage(id);
        self.cache.lapsed(id, &self.at);
        self.cache.expired(id, &self.at);
        assert_eq!(self.cache.stage(id), stage);
        assert!(stage == Some(Stage::Local) || self.cache.sent(id).is_none(), "{id} is not sent again: {stage:?}");
        self.count("late verdict");
    }
}
