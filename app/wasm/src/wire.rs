//! What crosses the boundary, as bytes of [borsh](https://borsh.io): whole numbers little-endian, an enum's variant as one byte in the order of
//! this file, a list's length as four bytes, an `Option` as a byte 0 or 1.
//!
//! A [`Request`] goes in and an [`Answer`] comes out; each request says which answer it gets, and any may get a [`Fault`]. The names are those of
//! `sessions_cache`, whose documentation holds for them. Variants and fields are only ever added behind the last one: the
//! module and whoever calls it are released together, but a mistake about that is then told as [`Fault::Malformed`].

use borsh::{BorshDeserialize as Read, BorshSerialize as Write};

/// An account's address.
pub type Address = [u8; 32];
/// A slot's number.
pub type Slot = u64;
/// An operation's number, rising in the order of submission.
pub type OperationId = u64;
/// Accounts by their addresses; `None` of one that is not there.
pub type Shelf = Vec<(Address, Option<Account>)>;

/// How a cache is made: what `sessions_open` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub struct Options {
    /// Sessions without pending operations that are held at most: 1 to 65,536.
    pub sessions: u32,
    /// Accounts of one session; a ledger reads at most 100 at one slot.
    pub accounts: u32,
    /// Pending operations of one session.
    pub pending_in_session: u32,
    /// Pending operations in all: at most 4,096.
    pub pending: u32,
    /// Ended operations whose end can still be asked for: 1 to 65,536.
    pub ended: u32,
    /// The number of the first operation: higher than any that a journal knows.
    pub first: OperationId,
}

/// When something happens on the chain, and what an account costs then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub struct Moment {
    /// The chain's clock, in seconds since 1970.
    pub unix_timestamp: i64,
    /// The chain's slot.
    pub slot: Slot,
    /// What rent asks for each byte of an account, in lamports; 6,960 on the public clusters.
    pub lamports_per_byte: u64,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Account {
    /// The program that owns it; zeros, the system program's address, for a wallet.
    pub owner: Address,
    /// What it holds, in lamports.
    pub lamports: u64,
    /// Whether it is a program.
    pub executable: bool,
    /// Its data.
    pub data: Vec<u8>,
}

/// A session's accounts as they were at one confirmed slot.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Base {
    /// The slot.
    pub slot: Slot,
    /// When they were read, by the caller's clock, in milliseconds.
    pub read_at: u64,
    /// The accounts.
    pub accounts: Shelf,
}

/// An account of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub struct Meta {
    /// Its address.
    pub address: Address,
    /// Whether it signs the transaction.
    pub is_signer: bool,
    /// Whether the transaction may write it.
    pub is_writable: bool,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Instruction {
    /// The program that runs it.
    pub program: Address,
    /// Its accounts.
    pub accounts: Vec<Meta>,
    /// Its data.
    pub data: Vec<u8>,
}

/// What is to be done: instructions that go together, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Operation {
    /// The session under which it is kept: the one whose member acts.
    pub session: Address,
    /// The instructions.
    pub instructions: Vec<Instruction>,
    /// An operation without whose success this one makes no sense.
    pub after: Option<OperationId>,
}

/// What is asked of a cache. All but [`Request::Predict`] need one.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
#[expect(missing_docs, reason = "each variant's documentation tells of its fields")]
pub enum Request {
    /// Asks for accounts of a session. [`Answer::Flag`]: whether all are held already; if not, a load is on its way. Or [`Answer::NotTaken`].
    Want { session: Address, accounts: Vec<Address> },
    /// Takes on an operation. [`Answer::Submitted`] or [`Answer::NotTaken`].
    Submit { operation: Operation, at: Moment },
    /// Lets an operation be sent, once it is recorded where it has to be. [`Answer::Done`].
    Release { id: OperationId },
    /// Puts back an operation that a journal kept, and whether it was signed. [`Answer::Done`], or [`Fault::Full`].
    Restore { id: OperationId, operation: Operation, sent: bool },
    /// An operation was signed and leaves now. [`Answer::Operation`]: none if it was taken back meanwhile; then it must not leave.
    Sent { id: OperationId },
    /// A pending operation. [`Answer::Operation`].
    Operation { id: OperationId },
    /// What a ledger said of operations that were sent, as of a slot. [`Answer::Done`].
    Seen { as_of: Slot, sightings: Vec<(OperationId, Sighting)>, at: Moment },
    /// An operation that was sent can land no more, and did not. [`Answer::Done`].
    Expired { id: OperationId, at: Moment },
    /// The same, and it is to be signed anew. [`Answer::Done`].
    Lapsed { id: OperationId, at: Moment },
    /// Takes an operation back. [`Answer::Flag`]: whether it was not sent yet, and is taken back.
    Cancel { id: OperationId, at: Moment },
    /// Gives an operation up, for a reason. [`Answer::Flag`]: whether it was not sent yet, and is given up.
    GiveUp { id: OperationId, reason: Reason, at: Moment },
    /// Something about a session changed at a slot. [`Answer::Done`].
    Hint { session: Address, slot: Slot },
    /// Has a session read again, if it is held. [`Answer::Done`].
    Refresh { session: Address },
    /// What a load read. [`Answer::Done`].
    Loaded { session: Address, base: Base, at: Moment },
    /// A load failed for good. [`Answer::Done`].
    LoadFailed { session: Address },
    /// The highest slot that is finalized. [`Answer::Done`].
    Rooted { slot: Slot },
    /// The next thing to be done. [`Answer::Effect`].
    PollEffect,
    /// Whether there is something to be done. [`Answer::Flag`].
    HasEffects,
    /// What is seen of an account of a session, which counts as a use of it. [`Answer::Reading`]: none if it is not held.
    Read { session: Address, account: Address },
    /// The slot of a session's base, if it is held. [`Answer::Slot`].
    BaseSlot { session: Address },
    /// The pending operations of a session, in their order. [`Answer::Queue`].
    Queue { session: Address },
    /// How far an operation has come. [`Answer::Stage`]: none if it is not known, or ended too long ago.
    Stage { id: OperationId },
    /// The operations of which something can still be heard, in no order. [`Answer::Operations`].
    InFlight,
    /// How many operations are pending. [`Answer::Count`].
    Pending,
    /// How many sessions are held. [`Answer::Count`].
    Sessions,
    /// What was counted since the cache was opened. [`Answer::Statistics`].
    Statistics,
    /// Runs instructions one after another on these accounts, by the program's rules, and keeps nothing of it. It needs no cache.
    /// [`Answer::Predicted`] or [`Answer::Refused`].
    Predict { instructions: Vec<Instruction>, accounts: Shelf, at: Moment },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub enum Answer {
    /// The request was no good; nothing has changed.
    Fault(Fault),
    /// It is done.
    Done,
    /// Yes or no, as the request says.
    Flag(bool),
    /// A number, as the request says.
    Count(u64),
    /// An operation was taken on.
    Submitted {
        /// Its number.
        id: OperationId,
        /// Whether its prediction is exact but for what only the chain knows.
        exact: bool,
    },
    /// It was not taken on; nothing has changed.
    NotTaken(SubmitError),
    /// An operation, if there is such.
    Operation(Option<Operation>),
    /// Something to be done, if there is anything.
    Effect(Option<Effect>),
    /// What is seen of an account, if it is held.
    Reading(Option<Reading>),
    /// A slot, if there is one.
    Slot(Option<Slot>),
    /// Operations with their stages.
    Queue(Vec<(OperationId, Stage)>),
    /// A stage, if the operation is known.
    Stage(Option<Stage>),
    /// Operations.
    Operations(Vec<OperationId>),
    /// What was counted.
    Statistics(Statistics),
    /// What instructions would do.
    Predicted(Prediction),
    /// What instructions would do is nothing.
    Refused {
        /// The place of the instruction that is refused, from 0.
        instruction: u32,
        /// What the program would answer.
        rejection: Rejection,
    },
}

/// Why a request was no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub enum Fault {
    /// The handle is no open cache's.
    NoCache,
    /// The pointer is no allocated buffer's, or the length is more than it has.
    NoBuffer,
    /// The bytes are no request.
    Malformed,
    /// 4,096 operations are pending, and no more can be put back.
    Full,
}

/// What instructions would do.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Prediction {
    /// Whether every account is as the chain will hold it; not so where another program has a say.
    pub exact: bool,
    /// The accounts that are changed, as they are left, in the order in which they were first written.
    pub accounts: Shelf,
    /// The return data of the last instruction that has any.
    pub returned: Vec<u8>,
}

/// What a reader sees of an account.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Reading {
    /// How fresh it is.
    pub freshness: Freshness,
    /// The account; none if it is not there.
    pub account: Option<Account>,
}

/// How fresh a reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub struct Freshness {
    /// How sure it is.
    pub level: Level,
    /// The slot of the confirmed state under it.
    pub slot: Slot,
    /// When that was read, by the caller's clock, in milliseconds.
    pub read_at: u64,
    /// Whether a prediction in it is exact but for what only the chain knows.
    pub exact: bool,
}

/// How sure a reader can be, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub enum Level {
    /// Something in it is a prediction that no block bears out yet.
    Predicted,
    /// What is predicted in it has happened in a block that may still disappear.
    Processed,
    /// It is what the cluster has voted for, or follows from it.
    Confirmed,
    /// It is what cannot disappear.
    Finalized,
}

/// Something to be done by whoever has a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
#[expect(missing_docs, reason = "each variant's documentation tells of its fields")]
pub enum Effect {
    /// Read these accounts at one confirmed slot not before `since`, and answer with [`Request::Loaded`] or [`Request::LoadFailed`].
    Load { session: Address, accounts: Vec<Address>, since: Slot },
    /// Sign this operation and send it, and say so with [`Request::Sent`] before it leaves.
    Send(OperationId),
    /// Ask what became of this session's operations that were sent, as of this slot or later, and answer with [`Request::Seen`].
    Ask { session: Address, as_of: Slot },
    /// An operation came to another stage.
    Staged(OperationId, Stage),
    /// What a reader of this session sees may have changed.
    Changed(Address),
    /// The session is held no longer.
    Evicted(Address),
}

/// How far an operation has come.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub enum Stage {
    /// Predicted, and not sent yet.
    Local,
    /// Sent: it may land at any time.
    Sent,
    /// In a block that may still disappear, of this slot.
    Processed(Slot),
    /// In a block that the cluster has voted for, of this slot.
    Confirmed(Slot),
    /// In a block that cannot disappear, of this slot.
    Finalized(Slot),
    /// It ran, in the block of this slot, and failed.
    Failed(Slot, LedgerFailure),
    /// Its time to land is over, and it did not.
    Expired,
    /// It was taken back before it was sent.
    RolledBack(Cause),
}

/// Why an operation was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
#[expect(missing_docs, reason = "each variant's documentation tells of its fields")]
pub enum Cause {
    /// The rules refuse it on what the session is by now: the instruction's place from 0, and what the program would answer.
    Refused { instruction: u32, rejection: Rejection },
    /// The operation that it was to follow did not happen.
    Predecessor(OperationId),
    /// What its submitter said.
    GivenUp(Reason),
}

/// Why an operation is given up by its submitter.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub enum Reason {
    /// It is taken back.
    Cancelled,
    /// It was tried without being sent, and failed.
    WouldFail(LedgerFailure),
    /// It could not be sent; why, in words.
    NotSent(String),
}

/// Why an operation that ran failed, in the ledger's words.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct LedgerFailure {
    /// The place of the instruction that failed, from 0; none if it was the transaction as a whole.
    pub instruction: Option<u8>,
    /// The code of the program's error, if it is the session program's. One that this module does not know comes back as none.
    pub error: Option<u32>,
    /// What happened, in words.
    pub text: String,
}

/// What a ledger said of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub enum Sighting {
    /// It is in no block that the ledger knows.
    Unseen,
    /// It succeeded, in a block of this slot that may still disappear.
    Processed(Slot),
    /// It succeeded, in a block of this slot that the cluster has voted for.
    Confirmed(Slot),
    /// It succeeded, in a block of this slot that cannot disappear.
    Finalized(Slot),
    /// It failed, in a block of this slot that the cluster has voted for.
    Failed(Slot, LedgerFailure),
    /// It failed, in a block that may still disappear.
    Failing,
}

/// Why an operation was not taken on, or accounts not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
#[expect(missing_docs, reason = "each variant's documentation tells of its fields")]
pub enum SubmitError {
    /// These accounts of the session have to be loaded first: [`Request::Want`].
    NotLoaded(Vec<Address>),
    /// The program would refuse it: the instruction's place from 0, and what the program would answer.
    Refused { instruction: u32, rejection: Rejection },
    /// The operation that it is to follow did not happen, or is none that is known.
    Predecessor(OperationId),
    /// So many operations are pending, and no more are taken on.
    TooManyPending(u64),
    /// The session would have so many accounts, more than are held of one.
    TooManyAccounts(u64),
}

/// Why an instruction does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub enum Rejection {
    /// It is another program's.
    Foreign,
    /// The program refuses it.
    Refused(Refusal),
    /// The framework or the runtime answers with this error.
    Failed(InstructionError),
    /// It cannot be told: this account is not known.
    Unknown(Address),
    /// It cannot be told: it names more accounts than a transaction can lock.
    TooManyAccounts,
}

/// The program's own error. What its name means stands in the program's interface, `idl/sessions.json`, by the same code.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct Refusal {
    /// Its code, 6000 onward.
    pub code: u32,
    /// Its name.
    pub name: String,
    /// What its name leaves open: the field, or the reason in words.
    pub detail: Option<String>,
}

/// An error of the framework or the runtime.
#[derive(Clone, Debug, PartialEq, Eq, Read, Write)]
pub struct InstructionError {
    /// Its name, as ledgers have it: `Custom` for one with a number of its own.
    pub name: String,
    /// That number.
    pub custom: Option<u32>,
}

/// What was counted since the cache was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read, Write)]
pub struct Statistics {
    /// Readings answered from what is held.
    pub hits: u64,
    /// Readings that need a load.
    pub misses: u64,
    /// Sessions given up for others.
    pub evictions: u64,
    /// Loads asked for.
    pub loads: u64,
    /// Operations submitted.
    pub submitted: u64,
    /// Operations confirmed.
    pub confirmed: u64,
    /// Operations that ran and failed.
    pub failed: u64,
    /// Operations that did not land in time.
    pub expired: u64,
    /// Operations taken back before they were sent.
    pub rolled_back: u64,
    /// Sessions whose pending operations were predicted anew.
    pub rebases: u64,
}
