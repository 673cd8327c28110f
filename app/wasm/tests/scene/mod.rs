//! What the tests play with: sessions that the rules open, acts in them, and a module that is called as from outside.

#![allow(dead_code, reason = "not every test needs all of it")]

use {
    borsh::BorshDeserialize,
    sessions_cache::{Account, Base, Moment, Operation, OperationId},
    sessions_client::{
        address,
        instruction::{self, SessionArgs, SetPropertyArgs},
    },
    sessions_core::rules::{
        config::SessionConfig,
        permissions::{Permissions, Settings},
        quotas::Quotas,
    },
    sessions_reducer::{Silent, reduce},
    sessions_wasm::{
        module::Module,
        wire::{self, Answer, Options, Request},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::HashMap,
};

/// The wallet that acts, and its address on the wire.
pub const ME: Address = Address::new_from_array([1; 32]);
/// When everything happens.
pub const AT: Moment = Moment { unix_timestamp: 1_767_225_600, slot: 10, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };
/// The same on the wire.
pub const WIRE_AT: wire::Moment =
    wire::Moment { unix_timestamp: AT.unix_timestamp, slot: AT.slot, lamports_per_byte: AT.lamports_per_byte };
/// A cache of few sessions.
pub const OPTIONS: Options = Options { sessions: 2, accounts: 8, pending_in_session: 6, pending: 10, ended: 8, first: 1 };

/// A session, active and without shared limits, its only membership, and a property that is not there yet.
pub struct Opened {
    pub session: Address,
    pub accounts: [Address; 3],
    state: HashMap<Address, Option<Account>>,
}

/// Opens a session by the rules.
pub fn open(number: u8) -> Opened {
    let config = SessionConfig {
        max_members: 4,
        max_duration: 1 << 30,
        hard_limit: 1 << 30,
        step_timeout: 60,
        activation_window: 0,
        invitation_ttl: 60,
        permissions: Permissions::ALL.bits(),
        settings: Settings::NONE.bits(),
        quotas: Quotas::UNLIMITED,
        kind: 0,
        reserved: 0,
    };
    let id = [number; 32];
    let session = address::session(&ME, &id);
    let accounts = [session, address::member(&session, &ME), address::property(&session, b"score")];
    let wallet = Account { lamports: 1 << 40, ..Account::default() };
    let mut state = HashMap::from(accounts.map(|account| (account, None)));
    state.insert(ME, Some(wallet));
    let begin = instruction::open_session(ME, ME, SessionArgs { config, host: ME, metadata: [0; 32], id });
    reduce(&begin, &mut state, &Moment { slot: 1, ..AT }, &mut Silent).unwrap();
    Opened { session, accounts, state }
}

impl Opened {
    /// Writes the property, if it is at this version; 0 if it is to be made.
    pub fn write(&self, expected_version: u64, value: &[u8]) -> Instruction {
        let args = SetPropertyArgs { expected_version, capacity: 16, key: b"score", value };
        instruction::set_property(ME, ME, self.session, ME, args)
    }

    /// The same as an operation.
    pub fn operation(&self, expected_version: u64, value: &[u8], after: Option<OperationId>) -> Operation {
        Operation { session: self.session, instructions: vec![self.write(expected_version, value)], after }
    }

    /// Lets the chain write the property.
    pub fn landed(&mut self, expected_version: u64, value: &[u8]) -> bool {
        let write = self.write(expected_version, value);
        reduce(&write, &mut self.state, &AT, &mut Silent).is_ok()
    }

    /// Its accounts as they were at a slot.
    pub fn base(&self, slot: u64) -> Base {
        Base { slot, read_at: slot * 400, accounts: self.accounts.map(|account| (account, self.state[&account].clone())).into() }
    }

    /// The same on the wire.
    pub fn wire_base(&self, slot: u64) -> wire::Base {
        let Base { slot, read_at, accounts } = self.base(slot);
        let on_wire = |(address, account): (Address, Option<Account>)| (address.to_bytes(), account.as_ref().map(Into::into));
        wire::Base { slot, read_at, accounts: accounts.into_iter().map(on_wire).collect() }
    }
}

/// Somebody who calls a module with one cache.
pub struct Caller {
    pub module: Module,
    pub handle: u32,
}

impl Caller {
    pub fn new(options: &Options) -> Self {
        let mut module = Module::new();
        let bytes = borsh::to_vec(options).unwrap();
        let buffer = put(&mut module, &bytes);
        let handle = module.open(buffer, bytes.len()).unwrap();
        assert!(module.release(buffer));
        Self { module, handle }
    }

    pub fn call(&mut self, request: &Request) -> Answer {
        Answer::try_from_slice(&self.bytes(&borsh::to_vec(request).unwrap())).unwrap()
    }

    /// The answer to whatever these bytes are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        let buffer = put(&mut self.module, bytes);
        let length = self.module.call(self.handle, buffer, bytes.len());
        assert!(self.module.release(buffer));
        assert_eq!(length, self.module.answer().len());
        self.module.answer().to_vec()
    }

    pub fn revision(&mut self, session: &Address) -> u64 {
        let buffer = put(&mut self.module, session.as_array());
        let revision = self.module.revision(self.handle, buffer);
        assert!(self.module.release(buffer));
        revision
    }
}

/// A buffer with these bytes, as a caller from outside fills it.
#[allow(unsafe_code, reason = "who calls from outside writes into the module's memory")]
pub fn put(module: &mut Module, bytes: &[u8]) -> *mut u8 {
    let buffer = module.allocate(bytes.len().max(1)).unwrap();
    // SAFETY: the buffer has room for them, is the module's alone, and nothing else refers to it meanwhile.
    unsafe { buffer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    buffer
}
