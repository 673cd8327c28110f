//! One transaction: the steps that go together, sent, and what each of them did.
//!
//! A transaction fails as a whole, at one instruction. The expectation of the step at which it failed decides: if that step expects this
//! very error, the steps before it are undone and those after it are not reached, all as expected. A failure that belongs to no instruction
//! counts for the step that expects an error, or the first if none does. If an error was expected and none came, the step that
//! expected it failed. Of a transaction that is never sent, one step has failed and the others are not reached.
//!
//! A step on its own that can be divided, because it deletes any number of accounts, takes as many transactions as it needs, and is still one
//! step: it took what they took together.

use {
    super::{
        plan::{Plan, Step},
        record::{Acted, Outcome, State},
        why::Why,
    },
    sessions_client::{
        Ledger, LedgerError, account,
        core::{
            SessionError, SessionState,
            events::AnyEvent,
            rules::lifecycle::{CloseReason, Status},
        },
        event,
        failure::Failure,
        ledger::{MAX_TRANSACTION_BYTES, Receipt, Snapshot},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_transaction::versioned::VersionedTransaction,
    std::collections::BTreeMap,
};

/// What a transaction did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    /// What became of each step.
    pub acts: Vec<Acted>,
    /// What all of it took.
    pub compute_units: u64,
    /// What it cost.
    pub fee: u64,
}

/// Sends `steps` in one transaction.
///
/// # Errors
/// The ledger's, when it cannot be read. A transaction that the ledger does not take is no error but a step that failed.
pub async fn send<L: Ledger>(plan: &Plan, ledger: &L, steps: &[Step]) -> Result<Sent, LedgerError> {
    // Nothing lives at the address that stands for no session but the system program, which is none.
    let addresses: Vec<Address> = steps.iter().map(|step| step.act.about().unwrap_or_default()).collect();
    let before = ledger.read(&addresses).await?;
    let receipt = send_all(plan, ledger, steps).await?;
    let after = ledger.read(&addresses).await?;
    let runs = receipt.as_ref().map_or_else(|_| Vec::new(), |receipt| runs(receipt, steps));
    let outcomes = outcomes(steps, &receipt);

    // Between two steps of one transaction nobody can read an account; its events tell what became of it meanwhile.
    let mut states: BTreeMap<Address, State> = addresses.iter().copied().zip(before.iter().map(state)).collect();
    let mut acts = Vec::new();
    for (i, (step, outcome)) in steps.iter().zip(outcomes).enumerate() {
        let address = step.act.about().unwrap_or_default();
        let last = !addresses.iter().skip(i + 1).any(|other| *other == address);
        let before = states.get(&address).copied().unwrap_or_default();
        let run = runs.get(i).cloned().unwrap_or_default();
        let told = run.events.iter().filter(|event| event.header().address == address).filter_map(state_after).next_back();
        let now = if last { after.get(i).map(state).unwrap_or_default() } else { told.unwrap_or(before) };
        states.insert(address, now);
        acts.push(Acted {
            actor: step.actor.clone(),
            instruction: step.instruction,
            session: step.session.clone(),
            outcome,
            before,
            after: now,
            compute_units: run.compute_units,
            fee: (i == 0).then(|| receipt.as_ref().map_or(0, |receipt| receipt.fee)),
            events: run.events,
            returned: receipt.as_ref().ok().filter(|_| i + 1 == steps.len()).map(|receipt| receipt.returned.clone()).unwrap_or_default(),
        });
    }
    let (compute_units, fee) = receipt.as_ref().map_or((0, 0), |receipt| (receipt.compute_units, receipt.fee));
    Ok(Sent { acts, compute_units, fee })
}

/// Sends what the steps are, in one transaction or, for a step that can be divided, in several; the receipt is of all of them together. The
/// inner error says why one was not sent.
async fn send_all<L: Ledger>(plan: &Plan, ledger: &L, steps: &[Step]) -> Result<Result<Receipt, String>, LedgerError> {
    let mut instructions = Vec::new();
    for step in steps {
        instructions.extend(step.act.instructions(ledger).await?);
    }
    let payer = steps.first().map(|step| step.payer);
    let parts = match (steps, instructions.pop()) {
        ([step], Some(instruction)) if step.act.is_divisible() => {
            divided(instruction, payer.as_ref(), MAX_TRANSACTION_BYTES).into_iter().map(|part| vec![part]).collect()
        }
        (_, last) => vec![instructions.into_iter().chain(last).collect::<Vec<_>>()],
    };
    let mut whole: Option<Receipt> = None;
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 {
            ledger.next_slot().await?;
        }
        if let Some(bytes) = oversized(&part) {
            return Ok(Err(LedgerError::TransactionTooLarge(bytes).to_string()));
        }
        let message = Message::new_with_blockhash(&part, payer.as_ref(), &ledger.blockhash().await?.hash);
        let sent = match signed(plan, message) {
            Ok(transaction) => ledger.send(transaction).await.map_err(|error| error.to_string()),
            Err(reason) => Err(reason),
        };
        match (sent, &mut whole) {
            (Ok(receipt), Some(whole)) => add(whole, receipt),
            (Ok(receipt), None) => whole = Some(receipt),
            (Err(reason), _) => return Ok(Err(reason)),
        }
        if whole.as_ref().is_some_and(|whole| whole.failure.is_some()) {
            break;
        }
    }
    Ok(whole.ok_or_else(|| "there is nothing to send".to_owned()))
}

/// An instruction in parts that each fit into a transaction of `most` bytes: its first account goes with each, those behind it by pairs.
pub fn divided(instruction: Instruction, payer: Option<&Address>, most: usize) -> Vec<Instruction> {
    let pairs = instruction.accounts.len().saturating_sub(1) / 2;
    if pairs < 2 || wire_size(&Message::new(std::slice::from_ref(&instruction), payer)) <= most {
        return vec![instruction];
    }
    let middle = 1 + pairs / 2 * 2;
    let (mut first, mut second) = (instruction.clone(), instruction);
    first.accounts.truncate(middle);
    second.accounts.drain(1..middle);
    [divided(first, payer, most), divided(second, payer, most)].concat()
}

/// The bytes of the instructions' data, if these alone are more than a transaction has: then it is not even to be serialized.
pub fn oversized(instructions: &[Instruction]) -> Option<usize> {
    let bytes = instructions.iter().map(|instruction| instruction.data.len()).sum();
    (bytes > MAX_TRANSACTION_BYTES).then_some(bytes)
}

/// The bytes that a message has on the wire once it is signed.
fn wire_size(message: &Message) -> usize {
    const SIGNATURE_BYTES: usize = 64;
    1 + usize::from(message.header.num_required_signatures) * SIGNATURE_BYTES + message.serialize().len()
}

/// Adds what another transaction of the same step did.
fn add(whole: &mut Receipt, part: Receipt) {
    whole.slot = part.slot;
    whole.failure = part.failure;
    whole.compute_units = whole.compute_units.saturating_add(part.compute_units);
    whole.fee = whole.fee.saturating_add(part.fee);
    whole.logs.extend(part.logs);
    whole.events.extend(part.events);
    whole.returned = part.returned;
}

/// The transaction, signed by everyone who must; or why there is none.
fn signed(plan: &Plan, message: Message) -> Result<VersionedTransaction, String> {
    let signers = message.account_keys.iter().take(message.header.num_required_signatures.into());
    let keypairs: Vec<Keypair> =
        signers.filter_map(|key| plan.signers().find(|wallet| wallet.address == *key)).map(|wallet| wallet.keypair()).collect();
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keypairs).map_err(|error| error.to_string())
}

/// What one step of a transaction did.
#[derive(Clone, Debug, Default)]
struct Run {
    compute_units: Option<u64>,
    events: Vec<AnyEvent>,
}

/// What each step did, from the log: an outermost `invoke [1]` begins the next instruction.
fn runs(receipt: &Receipt, steps: &[Step]) -> Vec<Run> {
    if steps.len() == 1 {
        return vec![Run { compute_units: Some(receipt.compute_units), events: receipt.events.clone() }];
    }
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in receipt.logs.iter().map(String::as_str) {
        if !line.starts_with("Program log: ") && line.ends_with(" invoke [1]") {
            parts.push(Vec::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(line);
        }
    }
    let happened = receipt.failure.is_none();
    let mut parts = parts.into_iter();
    let mut run = |step: &Step| {
        let of: Vec<Vec<&str>> = parts.by_ref().take(step.act.count()).collect();
        let units = of.iter().filter_map(|part| part.iter().rev().find_map(|line| consumed(line)));
        Run {
            compute_units: units.reduce(u64::saturating_add),
            events: if happened { event::from_logs(of.into_iter().flatten()) } else { Vec::new() },
        }
    };
    steps.iter().map(&mut run).collect()
}

/// The step to which the instruction with this number belongs.
fn step_of(steps: &[Step], instruction: u8) -> usize {
    let mut end = 0;
    steps
        .iter()
        .take_while(|step| {
            end += step.act.count();
            end <= usize::from(instruction)
        })
        .count()
}

/// The number in `Program … consumed 123 of 456 compute units`.
fn consumed(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("Program ")?.split_once(" consumed ")?;
    let number = (!rest.0.contains(' ')).then_some(rest.1)?;
    number.split_once(' ')?.0.parse().ok()
}

/// What became of each step.
fn outcomes(steps: &[Step], receipt: &Result<Receipt, String>) -> Vec<Outcome> {
    let expecting = steps.iter().position(|step| step.expect.is_some());
    let name = |i: usize| steps.get(i).and_then(|step| step.expect.as_ref()).map(|expected| expected.name().to_owned());
    let (at, why, as_expected) = match receipt {
        Err(reason) => (expecting.unwrap_or(0), Some(Why { name: "NotSent".into(), message: reason.clone() }), false),
        Ok(receipt) => match &receipt.failure {
            None => match expecting {
                None => return vec![Outcome::Done; steps.len()],
                Some(at) => (at, None, false),
            },
            Some(failure) => {
                let at = match failure {
                    Failure::Session { instruction, .. } | Failure::Instruction { instruction, .. } => step_of(steps, *instruction),
                    Failure::Transaction(_) => expecting.unwrap_or(0),
                };
                let expected = steps.get(at).and_then(|step| step.expect.as_ref());
                (at, Some(Why::of(failure, &receipt.logs)), expected.is_some_and(|expected| expected.is(failure)))
            }
        },
    };
    let failed = why.is_some();
    let of = |i: usize| match i.cmp(&at) {
        std::cmp::Ordering::Equal => match why.clone() {
            Some(why) if as_expected => Outcome::Refused(why),
            came => Outcome::Failed { expected: name(i), came },
        },
        _ if !failed => Outcome::Done,
        std::cmp::Ordering::Less if receipt.is_ok() => Outcome::Undone,
        _ => Outcome::NotReached,
    };
    (0..steps.len()).map(of).collect()
}

/// The session in an account, as a report shows it.
pub fn state(snapshot: &Snapshot) -> State {
    match account::session(snapshot) {
        Ok(session) => state_of(&session),
        Err(SessionError::SessionNotFound) => State::Absent,
        Err(_) => State::Unknown,
    }
}

fn state_of(session: &SessionState) -> State {
    match session.status() {
        Ok(Status::Closed) => State::Closed(session.close_reason),
        Ok(status) => State::Present(status),
        Err(_) => State::Unknown,
    }
}

/// The state that an event tells of; `None` if it leaves the state as it was.
fn state_after(event: &AnyEvent) -> Option<State> {
    Some(match event {
        AnyEvent::SessionRequested(_) => State::Present(Status::Requested),
        AnyEvent::SessionCreating(_) => State::Present(Status::Creating),
        AnyEvent::SessionCreated(_) => State::Present(Status::Created),
        AnyEvent::SessionActivating(_) => State::Present(Status::Activating),
        AnyEvent::SessionActivated(_) | AnyEvent::SessionResumed(_) => State::Present(Status::Active),
        AnyEvent::SessionPaused(_) => State::Present(Status::Paused),
        AnyEvent::SessionClosing(_) => State::Present(Status::Closing),
        AnyEvent::SessionExpired(_) => State::Closed(CloseReason::Expired as u8),
        AnyEvent::SessionClosed(closed) => State::Closed(closed.reason),
        AnyEvent::SessionDeleted(_) => State::Absent,
        _ => return None,
    })
}
