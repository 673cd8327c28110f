//! A world: an embedded ledger with the committed program file, and actors with names.
//!
//! Every transaction goes through [`World::send`], which checks the [invariants](crate::invariants) of everything on the ledger after it, and that
//! it did what was [predicted](crate::prediction).

use {
    crate::{
        invariants::{self, Ledgers},
        prediction::{Prediction, Tally},
    },
    litesvm::LiteSVM,
    sessions_client::{
        Embedded, Ledger, account, address,
        core::{
            AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionError,
            SessionState,
            events::AnyEvent,
            state::{Child, DISCRIMINATOR_LEN},
        },
        failure::Failure,
        instruction,
        ledger::Receipt,
    },
    sha2::{Digest, Sha256},
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_instruction::{Instruction, error::InstructionError},
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::{cell::Cell, time::Duration},
};

/// Lamports in one SOL.
pub const SOL: u64 = 1_000_000_000;

/// Someone with a key pair; the same name is the same key pair in every world.
pub struct Actor(Keypair);

impl Clone for Actor {
    fn clone(&self) -> Self {
        Self(self.0.insecure_clone())
    }
}

impl Actor {
    /// The actor with this name.
    pub fn named(name: &str) -> Self {
        Self(Keypair::new_from_array(Sha256::digest(format!("sessions test actor {name}")).into()))
    }

    /// The actor's address.
    pub fn address(&self) -> Address {
        self.0.pubkey()
    }
}

/// An embedded ledger and everyone on it.
pub struct World {
    /// The ledger.
    pub ledger: Embedded,
    /// Who pays the fees, and nothing else, so that other balances change by what the program does alone.
    pub fees: Actor,
    /// Whether a test has written something that no transaction could.
    forged: Cell<bool>,
    /// Whether another build of the program stands in its place.
    replaced: Cell<bool>,
    /// How its transactions were predicted.
    tally: Cell<Tally>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world in which nothing has happened.
    pub fn new() -> Self {
        let world = Self {
            ledger: Embedded::new().unwrap(),
            fees: Actor::named("fees"),
            forged: Cell::new(false),
            replaced: Cell::new(false),
            tally: Cell::default(),
        };
        world.ledger.fund(world.fees.address(), 1_000 * SOL).unwrap();
        world
    }

    /// Puts another program at `program`.
    pub fn deploy(&self, program: Address, file: &[u8]) {
        if program == address::PROGRAM {
            self.replaced.set(true);
        }
        self.ledger.with_svm(|svm| svm.add_program(program, file)).unwrap().unwrap();
    }

    /// The actor with this name, with ten SOL.
    pub fn actor(&self, name: &str) -> Actor {
        let actor = Actor::named(name);
        if self.balance(&actor.address()) == 0 {
            self.ledger.fund(actor.address(), 10 * SOL).unwrap();
        }
        actor
    }

    /// Sends instructions in one transaction, in a slot of its own, and checks the invariants after it.
    #[track_caller]
    pub fn send(&self, instructions: &[Instruction], signers: &[&Actor]) -> Receipt {
        pollster::block_on(self.ledger.next_slot()).unwrap();
        self.send_in_slot(instructions, signers)
    }

    /// Sends instructions in the present slot.
    #[track_caller]
    pub fn send_in_slot(&self, instructions: &[Instruction], signers: &[&Actor]) -> Receipt {
        let transaction = self.transaction(instructions, signers);
        let before = Ledgers::of(self);
        let prediction = Prediction::of(self, &transaction.message);
        let receipt = pollster::block_on(self.ledger.send(transaction)).unwrap();
        invariants::check(&before, &Ledgers::of(self), &receipt);
        // Another build of the program measures what this one is predicted not to.
        if !self.replaced.get() {
            let mut tally = self.tally.get();
            tally += prediction.check(self, &receipt);
            self.tally.set(tally);
        }
        receipt
    }

    /// How the transactions were predicted.
    pub fn tally(&self) -> Tally {
        self.tally.get()
    }

    /// A signed transaction with a recent blockhash. Signers that no instruction asks for are left out.
    pub fn transaction(&self, instructions: &[Instruction], signers: &[&Actor]) -> VersionedTransaction {
        let blockhash = pollster::block_on(self.ledger.blockhash()).unwrap().hash;
        let message = Message::new_with_blockhash(instructions, Some(&self.fees.address()), &blockhash);
        let asked = &message.account_keys[..usize::from(message.header.num_required_signatures)];
        let mut keys: Vec<&Keypair> = vec![&self.fees.0];
        for signer in signers {
            if asked.contains(&signer.address()) && !keys.iter().any(|key| key.pubkey() == signer.address()) {
                keys.push(&signer.0);
            }
        }
        VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys).unwrap()
    }

    /// What an instruction that must succeed would answer by return data, and which program; nothing of it happens.
    #[track_caller]
    pub fn answer(&self, instruction: &Instruction, signer: &Actor) -> (Address, Vec<u8>) {
        let transaction = self.transaction(std::slice::from_ref(instruction), &[signer]);
        let simulated = self.ledger.with_svm(|svm| svm.simulate_transaction(transaction).map_err(Box::new));
        let answer = simulated.unwrap().unwrap().meta.return_data;
        (answer.program_id, answer.data)
    }

    /// Sends an instruction that must succeed.
    #[track_caller]
    pub fn ok(&self, instruction: Instruction, signer: &Actor) -> Receipt {
        self.ok_with(&[instruction], &[signer])
    }

    /// Sends instructions that must succeed.
    #[track_caller]
    pub fn ok_with(&self, instructions: &[Instruction], signers: &[&Actor]) -> Receipt {
        let receipt = self.send(instructions, signers);
        assert_eq!(receipt.failure, None, "{:#?}", receipt.logs);
        receipt
    }

    /// Sends an instruction that the program must refuse with `error`.
    #[track_caller]
    pub fn refused(&self, instruction: Instruction, signer: &Actor, error: SessionError) -> Receipt {
        let receipt = self.send(&[instruction], &[signer]);
        assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error }), "{:#?}", receipt.logs);
        receipt
    }

    /// Sends an instruction that must fail with one of the runtime's or Anchor's errors.
    #[track_caller]
    pub fn fails(&self, instruction: Instruction, signer: &Actor, error: InstructionError) -> Receipt {
        let receipt = self.send(&[instruction], &[signer]);
        assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error }), "{:#?}", receipt.logs);
        receipt
    }

    /// The session at this address.
    #[track_caller]
    pub fn session(&self, session: &Address) -> SessionState {
        account::session(&self.snapshot(session)).unwrap()
    }

    /// The membership of `wallet` in the session at `session`.
    #[track_caller]
    pub fn member(&self, session: &Address, wallet: &Actor) -> MemberState {
        account::member(&self.snapshot(&address::member(session, &wallet.address()))).unwrap()
    }

    /// The invitation of `target` to the session at `session`.
    #[track_caller]
    pub fn invitation(&self, session: &Address, target: &Actor) -> InvitationState {
        account::invitation(&self.snapshot(&address::invitation(session, &target.address()))).unwrap()
    }

    /// The invite token with the key `token` of the session at `session`.
    #[track_caller]
    pub fn invite_token(&self, session: &Address, token: &Actor) -> InviteTokenState {
        account::invite_token(&self.snapshot(&address::invite_token(session, &token.address()))).unwrap()
    }

    /// The property `key` of the session at `session`, and its value.
    #[track_caller]
    pub fn property(&self, session: &Address, key: &[u8]) -> (PropertyState, Vec<u8>) {
        let snapshot = self.snapshot(&address::property(session, key));
        let (state, value) = account::property(&snapshot).unwrap();
        (state, value.to_vec())
    }

    /// The function at this address.
    #[track_caller]
    pub fn function(&self, address: &Address) -> FunctionState {
        account::function(&self.snapshot(address)).unwrap()
    }

    /// What `wallet` may take out of the vault of the session at `session`, of this mint or of SOL.
    #[track_caller]
    pub fn allowance(&self, session: &Address, wallet: &Actor, mint: Option<Address>) -> AllowanceState {
        let member = address::member(session, &wallet.address());
        account::allowance(&self.snapshot(&address::allowance(&member, &mint.unwrap_or_default()))).unwrap()
    }

    /// What the session at `owner` grants the one at `reader`.
    #[track_caller]
    pub fn grant(&self, owner: &Address, reader: &Address) -> AccessGrantState {
        account::grant(&self.snapshot(&address::grant(owner, reader))).unwrap()
    }

    /// What belongs to the session at `session`, each account with the payer of its rent.
    pub fn children(&self, session: &Address) -> Vec<(Address, Address)> {
        let children = self.program_accounts().into_iter().filter_map(|(address, account)| Some((address, Child::read(&account.data)?)));
        children.filter(|(_, child)| child.session == *session).map(|(address, child)| (address, child.header.payer)).collect()
    }

    /// Reclaims everything that belongs to the session at `session`, a few accounts at a time.
    #[track_caller]
    pub fn reclaim_children(&self, session: &Address) {
        for children in self.children(session).chunks(10) {
            self.ok_with(&[instruction::reclaim_children(*session, children)], &[]);
        }
    }

    /// The account at this address.
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.snapshot(address).account
    }

    fn snapshot(&self, address: &Address) -> sessions_client::ledger::Snapshot {
        pollster::block_on(self.ledger.read(&[*address])).unwrap().remove(0)
    }

    /// The lamports at this address.
    pub fn balance(&self, address: &Address) -> u64 {
        self.account(address).map_or(0, |account| account.lamports)
    }

    /// The ledger's clock.
    pub fn clock(&self) -> Clock {
        pollster::block_on(self.ledger.clock()).unwrap()
    }

    /// Now, in seconds.
    pub fn now(&self) -> i64 {
        self.clock().unix_timestamp
    }

    /// Lets seconds pass.
    pub fn wait(&self, seconds: u32) {
        pollster::block_on(self.ledger.wait(Duration::from_secs(u64::from(seconds)))).unwrap();
    }

    /// Opens a feature gate, as a cluster may; programs that need it are to be deployed behind this.
    pub fn open_gate(&self, gate: &Address) {
        let open = |svm: &mut LiteSVM| {
            let mut features = LiteSVM::mainnet_feature_set();
            features.activate(gate, 0);
            *svm = core::mem::take(svm).with_feature_set(features).with_builtins();
        };
        self.ledger.with_svm(open).unwrap();
    }

    /// Whether the ledger, which has what the main cluster has, has this gate open.
    pub fn is_gate_open(&self, gate: &Address) -> bool {
        LiteSVM::mainnet_feature_set().is_active(gate)
    }

    /// Sets the clock.
    pub fn set_time(&self, now: i64) {
        self.ledger.set_time(now).unwrap();
    }

    /// Writes a session's state as no transaction could.
    pub fn forge(&self, session: &Address, change: impl FnOnce(&mut SessionState)) {
        self.forge_as(session, change);
    }

    /// Whether a test has written something that no transaction could.
    pub fn is_forged(&self) -> bool {
        self.forged.get()
    }

    /// Puts an account there as no transaction could.
    pub fn put(&self, address: Address, account: Account) {
        self.forged.set(true);
        self.ledger.put(address, account).unwrap();
    }

    /// Writes an account's state as no transaction could.
    pub fn forge_as<T: bytemuck::Pod>(&self, address: &Address, change: impl FnOnce(&mut T)) {
        let mut account = self.account(address).unwrap();
        let layout = &mut account.data[DISCRIMINATOR_LEN..][..size_of::<T>()];
        let mut state: T = bytemuck::pod_read_unaligned(layout);
        change(&mut state);
        layout.copy_from_slice(bytemuck::bytes_of(&state));
        self.put(*address, account);
    }

    /// Every account of the program.
    pub fn program_accounts(&self) -> Vec<(Address, Account)> {
        let mut accounts = self.ledger.with_svm(|svm| svm.get_program_accounts(&address::PROGRAM)).unwrap();
        accounts.retain(|(_, account)| account.lamports > 0);
        accounts.sort_by_key(|(address, _)| *address);
        accounts
    }
}

/// The names of a receipt's events.
pub fn names(receipt: &Receipt) -> Vec<&'static str> {
    receipt.events.iter().map(AnyEvent::name).collect()
}
