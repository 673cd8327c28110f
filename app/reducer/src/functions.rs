//! Functions: what a session lets its members call, with its vault's signature.
//!
//! What the programs that are called do is not foretold: an execution is predicted as if they succeeded, took nothing from the vault, and were not
//! measured.

use {
    crate::{
        accounts::{Accounts, Known},
        call::{Call, Step, Stored},
        membership::check_refund,
        outcome::Rejection,
        slot::{Slot, declared, remaining},
        vault::settle,
    },
    sessions::{
        instructions::{ComposedCall, ExecuteFunctionArgs, RegisterFunctionArgs},
        state::{Denied, Function, Member, Session},
    },
    sessions_core::{
        Act, FunctionState, ID, SessionError,
        error::{InvalidField, Violation},
        events::EventSink,
        rules::functions::{AccountIndex, MAX_ACCOUNTS, MAX_CALLS, Selector},
        same,
        state::{At, Execution, NewFunction},
    },
    solana_instruction::error::InstructionError,
};

pub(crate) fn register_function<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [authority, payer, session, program, vault, place, system] = declared(call.metas, &[2, 5])?;
    let (authority, payer) = (authority.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let args: RegisterFunctionArgs = call.arguments()?;
    let settled = settle(vault, session.address, &session.state)?;
    let selector = Selector { bytes: args.selector, length: args.selector_length };
    let seed = selector.seed();
    let plan = call.plan::<Function>(place, payer, &FunctionState::seeds(session.address, program.address, &seed), 0)?;
    let is_executable = match call.account_if_known(program) {
        Known::Present(account) => account.executable,
        Known::Absent => false,
        // Nobody registers anything else on purpose.
        Known::Unknown => true,
    };
    let RegisterFunctionArgs { units, composable, reserved, .. } = args;
    let new = NewFunction { program: program.address, is_executable, selector, units, composable, reserved };
    let mut function = Stored::<Function>::zeroed(place.address);
    let act = call.act(place.address, authority);
    let of = At { address: session.address, state: &mut session.state };
    function.state.register(&act, of, settled, &new, &plan.creation(), call.events)?;
    call.save(&session);
    call.make(&plan, &function, &[]);
    Ok(())
}

pub(crate) fn unregister_function<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [authority, session, function, payer] = declared(call.metas, &[1, 2])?;
    let authority = authority.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut function = call.write::<Function>(function)?.copy();
    let payer = payer.writable()?.address;
    check_refund(&function, payer)?;
    let act = call.act(function.address, authority);
    function.state.unregister(&act, At { address: session.address, state: &mut session.state }, call.events)?;
    call.save(&session);
    call.close(function.address, payer);
    Ok(())
}

/// A call of a registered function.
struct Invocation<'a> {
    function: Stored<'a, Function>,
    accounts: &'a [u8],
    data: &'a [u8],
}

/// The accounts of an execution.
struct Stage<'a> {
    vault: Slot<'a>,
    session: Stored<'a, Session>,
    member: Stored<'a, Member>,
    rest: Vec<Slot<'a>>,
}

pub(crate) fn execute_function<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let slots = declared::<5>(call.metas, &[2])?;
    let [signer, session, member, vault, function] = slots;
    let signer = signer.signer()?;
    let session = call.as_passed(session)?.copy();
    let member = call.write_or::<Member, Denied>(member)?.copy();
    let function = call.read::<Function>(function)?.copy();
    let ExecuteFunctionArgs { accounts, data } = call.arguments()?;
    let rest = remaining(call.metas, &slots, &[2])?;
    let act = call.act(member.address, signer);
    execute(call, Stage { vault, session, member, rest }, &act, &[Invocation { function, accounts, data }], false)
}

pub(crate) fn compose_functions<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let slots = declared::<4>(call.metas, &[2])?;
    let [signer, session, member, vault] = slots;
    let signer = signer.signer()?;
    let session = call.as_passed(session)?.copy();
    let member = call.write_or::<Member, Denied>(member)?.copy();
    let calls: Vec<ComposedCall<'_>> = call.arguments()?;
    let rest = remaining(call.metas, &slots, &[2])?;
    if calls.is_empty() || calls.len() > MAX_CALLS {
        return Err(InvalidField::Calls.into());
    }
    let mut invocations = Vec::with_capacity(calls.len());
    for ComposedCall { function, accounts, data } in calls {
        let place = function.checked_sub(AccountIndex::REST).and_then(|place| rest.get(usize::from(place)));
        let function = call.read::<Function>(*place.ok_or(InvalidField::Calls)?)?.copy();
        invocations.push(Invocation { function, accounts, data });
    }
    let act = call.act(member.address, signer);
    execute(call, Stage { vault, session, member, rest }, &act, &invocations, true)
}

/// Executes calls as a member, as if the programs did nothing.
fn execute<'a, A: Accounts, E: EventSink>(
    call: &mut Call<'a, A, E>,
    stage: Stage<'a>,
    act: &Act<'_>,
    invocations: &[Invocation<'a>],
    composed: bool,
) -> Step {
    let Stage { vault, mut session, mut member, rest } = stage;
    session.state.check_vault(vault.address)?;
    let mut units: u64 = 0;
    for Invocation { function, .. } in invocations {
        function.state.check_belongs(session.address, &session.state)?;
        units = units.checked_add(function.state.units).ok_or(SessionError::ArithmeticOverflow)?;
    }
    let execution = Execution { calls: invocations.len() as u64, units, composed };
    member.state.begin_execution(act, &mut session.held(), &execution)?;
    call.outcome.exact = false;
    for Invocation { function, accounts, data } in invocations {
        function.state.check_call(data, composed)?;
        if accounts.len() > MAX_ACCOUNTS {
            return Err(InvalidField::Accounts.into());
        }
        for index in *accounts {
            check_index(call, AccountIndex(*index), vault, &rest)?;
        }
        if !call.metas.iter().any(|meta| same(&meta.pubkey, &function.state.program)) {
            return Err(InstructionError::MissingAccount.into());
        }
        member.state.record_call(act, &mut session.held(), &function.state, 0, call.events)?;
    }
    member.state.end_execution();
    call.save(&session);
    call.save(&member);
    Ok(())
}

/// Checks that a call may have the account that it names, and as it names it.
///
/// # Errors
/// InvalidConfiguration naming the accounts; PolicyViolation.
fn check_index<A: Accounts, E>(call: &Call<'_, A, E>, index: AccountIndex, vault: Slot<'_>, rest: &[Slot<'_>]) -> Result<(), Rejection> {
    let slot = match index.place() {
        AccountIndex::VAULT => vault,
        AccountIndex::SESSION | AccountIndex::MEMBER if index.is_writable() => return Err(Violation::WritableState.into()),
        AccountIndex::SESSION | AccountIndex::MEMBER => return Ok(()),
        place => {
            let slot = rest.get(usize::from(place.saturating_sub(AccountIndex::REST))).ok_or(InvalidField::Accounts)?;
            match call.accounts.get(slot.address) {
                Known::Present(account) if same(&account.owner, &ID) => return Err(Violation::ForeignAccount.into()),
                _ => *slot,
            }
        }
    };
    if index.is_writable() && !slot.is_writable { Err(InvalidField::Accounts.into()) } else { Ok(()) }
}
