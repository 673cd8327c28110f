//! A surfpool in this process as a [`Ledger`] whose time moves when it is told to.
//!
//! Everything goes through [`Rpc`]; only time passes by surfpool's cheat code. The chain makes no block by itself: moving on is what closes one,
//! and with it confirms what is in it.

use {
    sessions_cli::{
        localnet::surfpool,
        scenario::{
            Plan,
            arena::{self, ARENA},
        },
    },
    sessions_client::{
        Ledger, LedgerError, Rpc,
        address::PROGRAM,
        ledger::{Blockhash, Commitment, Entry, Filter, Receipt, Snapshot, Statuses},
        program,
        transaction::{Options, wire},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_rpc_client_api::request::RpcRequest,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::{
        pin::pin,
        sync::{Arc, Mutex},
        time::Duration,
    },
    surfpool_sdk::{BlockProductionMode, SimnetEvent, Surfnet, cheatcodes::builders::DeployProgram},
    tokio::{sync::watch, task::block_in_place, time::sleep},
};

/// How many slots go by in a second, as on the embedded ledger.
const SLOTS_PER_SECOND: f64 = 2.5;

/// How often something that has to come by itself is looked for.
const POLL: Duration = Duration::from_millis(5);

/// A surfpool. Clones are handles to the same one, which stops when the last is dropped.
#[derive(Clone)]
pub struct Surfpool {
    rpc: Rpc,
    surfnet: Arc<Surfnet>,
    now: Arc<Mutex<Now>>,
}

/// Where the story is.
#[derive(Clone, Copy)]
struct Now {
    slot: u64,
    time: i64,
    /// Whether the chain is in the slot behind already, because the block of the last transaction had to be closed.
    ahead: bool,
}

impl Surfpool {
    /// A surfpool with the committed program files and the funded actors of a scenario, at its time and in this slot. Needs a runtime of tokio
    /// of several threads.
    pub async fn start(plan: &Plan, slot: u64) -> Self {
        let builder = || Surfnet::builder().offline(true).block_production_mode(BlockProductionMode::Manual);
        let surfnet = block_in_place(|| surfpool::start(builder)).unwrap();
        block_in_place(|| {
            let cheats = surfnet.cheatcodes();
            for (address, file) in [(PROGRAM, program::FILE), (ARENA, arena::FILE)] {
                cheats.deploy(DeployProgram::new(address).so_bytes(file.to_vec())).unwrap();
            }
            for (actor, lamports) in &plan.actors {
                cheats.fund_sol(&actor.address, *lamports).unwrap();
            }
        });
        let rpc = Rpc::connect(surfnet.rpc_url(), Some(surfnet.ws_url())).unwrap();
        rpc.check().await.unwrap();
        let rpc = rpc.with_options(Options { look: POLL, ..Options::default() });
        let now = Now { slot, time: plan.start, ahead: false };
        let ledger = Self { rpc, surfnet: Arc::new(surfnet), now: Arc::new(Mutex::new(now)) };
        ledger.travel(slot, plan.start);
        ledger
    }

    fn now(&self) -> Now {
        *self.now.lock().unwrap()
    }

    /// Closes the block of the open slot, and opens this one.
    fn travel(&self, slot: u64, time: i64) {
        let travel = RpcRequest::Custom { method: "surfnet_timeTravel" };
        let to = serde_json::json!([{ "absoluteSlotAt": { "slot": slot, "timestamp": time * 1_000 } }]);
        let landed: serde_json::Value = block_in_place(|| self.surfnet.rpc_client().send(travel, to)).unwrap();
        assert_eq!(landed["absoluteSlot"], slot, "{landed}");
    }

    /// Moves on by slots and seconds.
    fn advance(&self, slots: u64, seconds: i64) {
        let now = self.now();
        let (slot, time) = (now.slot + slots, now.time.saturating_add(seconds));
        if !(now.ahead && slots == 1 && seconds == 0) {
            self.travel(slot, time);
        }
        *self.now.lock().unwrap() = Now { slot, time, ahead: false };
    }

    /// Waits until a transaction has run, and closes its block. (Statuses do not tell: surfpool's know only of closed blocks.)
    async fn close(&self, signature: Signature) {
        let ran = |event| matches!(event, SimnetEvent::TransactionProcessed(_, meta, _) if meta.signature == signature);
        while !self.surfnet.events().try_iter().any(ran) {
            sleep(POLL).await;
        }
        let now = self.now();
        self.travel(now.slot + 1, now.time);
        self.now.lock().unwrap().ahead = true;
    }
}

impl Ledger for Surfpool {
    fn with_commitment(&self, commitment: Commitment) -> Self {
        Self { rpc: self.rpc.with_commitment(commitment), ..self.clone() }
    }

    async fn send(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        let close = self.close(wire::signature(&transaction));
        let mut send = pin!(self.rpc.send(transaction));
        tokio::select! {
            // One that was turned away is in no block.
            receipt = &mut send => receipt,
            () = close => send.await,
        }
    }

    async fn simulate(&self, transaction: VersionedTransaction) -> Result<Receipt, LedgerError> {
        self.rpc.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<(), LedgerError> {
        self.rpc.submit(transaction).await
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Statuses, LedgerError> {
        self.rpc.statuses(signatures).await
    }

    async fn receipt(&self, signature: &Signature) -> Result<Option<Receipt>, LedgerError> {
        self.rpc.receipt(signature).await
    }

    async fn history(&self, address: &Address, before: Option<Signature>, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.rpc.history(address, before, limit).await
    }

    async fn read(&self, addresses: &[Address]) -> Result<Vec<Snapshot>, LedgerError> {
        self.rpc.read(addresses).await
    }

    async fn accounts(&self, filters: &[Filter]) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.rpc.accounts(filters).await
    }

    async fn token_accounts(&self, owner: &Address) -> Result<Vec<(Address, Account)>, LedgerError> {
        self.rpc.token_accounts(owner).await
    }

    async fn subscribe(&self, address: Address) -> Result<watch::Receiver<Snapshot>, LedgerError> {
        self.rpc.subscribe(address).await
    }

    /// The chain's clock, but for the slot: a story goes on to the next one when it says so.
    async fn clock(&self) -> Result<Clock, LedgerError> {
        let (clock, now) = (self.rpc.clock().await?, self.now());
        assert_eq!(clock.slot, now.slot + u64::from(now.ahead));
        Ok(Clock { slot: now.slot, ..clock })
    }

    async fn blockhash(&self) -> Result<Blockhash, LedgerError> {
        self.rpc.blockhash().await
    }

    async fn block_height(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.rpc.block_height(commitment).await
    }

    async fn slot(&self, commitment: Commitment) -> Result<u64, LedgerError> {
        self.rpc.slot(commitment).await
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, LedgerError> {
        self.rpc.minimum_balance(bytes).await
    }

    async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, LedgerError> {
        self.rpc.priority_fees(writable).await
    }

    async fn airdrop(&self, address: Address, lamports: u64) -> Result<(), LedgerError> {
        self.rpc.airdrop(address, lamports).await
    }

    async fn wait(&self, time: Duration) -> Result<(), LedgerError> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a span has neither sign nor so many slots")]
        let slots = (time.as_secs_f64() * SLOTS_PER_SECOND).ceil() as u64;
        self.advance(slots.max(1), i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
        Ok(())
    }

    async fn next_slot(&self) -> Result<(), LedgerError> {
        self.advance(1, 0);
        Ok(())
    }
}
