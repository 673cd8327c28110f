//! A session's steps, from its request to its deletion, and the deletion of what belonged to it.

use {
    crate::{
        accounts::{Accounts, Known},
        call::{Call, Step, Stored},
        funds::derive,
        outcome::{CONSTRAINT_CLOSE, CONSTRAINT_MUT, TOO_FEW_ACCOUNTS},
        slot::{SYSTEM, declared, remaining},
    },
    sessions::{
        instructions::{AbortSessionArgs, CloseSessionArgs, RequestSessionArgs},
        state::{Member, Session},
    },
    sessions_core::{
        Act, ID, MemberState, Result, SessionError, SessionState,
        events::EventSink,
        rules::config::SessionUpdate,
        same,
        state::{At, Child, Request},
    },
    solana_instruction::error::InstructionError,
};

/// A step of the session, by a signer.
#[inline(always)]
fn take_step<A: Accounts, E: EventSink>(
    call: &mut Call<'_, A, E>,
    step: impl FnOnce(&mut SessionState, &Act<'_>, &mut E) -> Result<()>,
) -> Step {
    argued_step(call, |_| Ok(()), |state, act, (), events| step(state, act, events))
}

/// A step of the session, by a signer, with arguments.
#[inline(always)]
fn argued_step<'a, A: Accounts, E: EventSink, T>(
    call: &mut Call<'a, A, E>,
    arguments: impl FnOnce(&Call<'a, A, E>) -> Step<T>,
    step: impl FnOnce(&mut SessionState, &Act<'_>, T, &mut E) -> Result<()>,
) -> Step {
    let [signer, session] = declared(call.metas, &[1])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let arguments = arguments(call)?;
    let act = call.act(session.address, signer);
    step(&mut session.state, &act, arguments, call.events)?;
    call.save(&session);
    Ok(())
}

pub(crate) fn begin_creation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::begin_creation)
}

pub(crate) fn complete_creation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::complete_creation)
}

pub(crate) fn begin_activation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::begin_activation)
}

pub(crate) fn complete_activation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::complete_activation)
}

pub(crate) fn pause_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::pause)
}

pub(crate) fn resume_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::resume)
}

pub(crate) fn complete_close<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::complete_close)
}

pub(crate) fn expire_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    take_step(call, SessionState::expire)
}

pub(crate) fn update_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    argued_step(call, Call::arguments::<SessionUpdate>, |state, act, update, events| state.update(act, &update, events))
}

pub(crate) fn close_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    argued_step(call, Call::arguments::<CloseSessionArgs>, |state, act, args, events| state.close(act, args.reason, events))
}

pub(crate) fn abort_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    argued_step(call, Call::arguments::<AbortSessionArgs>, |state, act, args, events| state.abort(act, args.reason, events))
}

pub(crate) fn request_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    begin(call, SessionState::request)
}

pub(crate) fn open_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    begin(call, SessionState::open)
}

/// Makes a session and its creator's membership.
fn begin<A: Accounts, E: EventSink>(
    call: &mut Call<'_, A, E>,
    step: impl FnOnce(&mut SessionState, &Act<'_>, &Request<'_>, &mut E) -> Result<()>,
) -> Step {
    let [creator, payer, at, of, system] = declared(call.metas, &[2, 3])?;
    let args: RequestSessionArgs = call.arguments()?;
    let (creator, payer) = (creator.signer()?, payer.payer()?);
    call.check_system_program(system)?;
    let session_plan = call.plan::<Session>(at, payer, &SessionState::seeds(creator, &args.id), 0)?;
    let seeds = MemberState::seeds(at.address, creator);
    let member_plan = call.plan_behind::<Member>(of, payer, &seeds, 0, session_plan.price)?;
    let mut session = Stored::<Session>::zeroed(at.address);
    let mut member = Stored::<Member>::zeroed(of.address);
    let RequestSessionArgs { id, host, metadata, config } = &args;
    let act = call.act(at.address, creator);
    step(&mut session.state, &act, &Request { id, host, metadata, config, payer, bump: session_plan.bump }, call.events)?;
    member.state.found(&act, &At { address: at.address, state: &session.state }, &member_plan.creation());
    call.make(&session_plan, &session, &[]);
    call.make(&member_plan, &member, &[]);
    Ok(())
}

pub(crate) fn reclaim_children<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let slots = declared::<1>(call.metas, &[0])?;
    let [slot] = slots;
    slot.writable()?;
    let mut session =
        if call.account(slot)?.is_some_and(|account| same(&account.owner, &ID)) { Some(call.write::<Session>(slot)?.copy()) } else { None };
    let rest = remaining(call.metas, &slots, &[0])?;
    let (pairs, odd) = rest.as_chunks::<2>();
    if !odd.is_empty() {
        return Err(TOO_FEW_ACCOUNTS);
    }
    for (index, [account, payer]) in pairs.iter().enumerate() {
        // One that was deleted by an earlier pair is no child any more.
        let is_gone = pairs.iter().take(index).any(|[earlier, _]| earlier.is(*account));
        let found = call.account(*account)?.filter(|account| !is_gone && same(&account.owner, &ID));
        let child = found.and_then(|account| Child::read(&account.data)).ok_or(SessionError::ChildNotFound)?;
        child.header.check_version()?;
        match &mut session {
            Some(session) => session.state.reclaim_child(slot.address, &child)?,
            None if same(&child.session, slot.address) => {}
            None => return Err(SessionError::WrongSession.into()),
        }
        if !same(&child.header.payer, payer.address) {
            return Err(SessionError::WrongRentRecipient.into());
        }
        if !account.is_writable || !payer.is_writable {
            return Err(CONSTRAINT_MUT);
        }
    }
    for [account, payer] in pairs {
        call.close(account.address, payer.address);
    }
    if let Some(session) = &session {
        call.save(session);
    }
    Ok(())
}

pub(crate) fn reclaim_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [session, payer, creator, vault, system] = declared(call.metas, &[0, 3])?;
    let mut state = call.write::<Session>(session)?.copy();
    let (payer, creator, vault) = (payer.writable()?, creator.writable()?, vault.writable()?);
    let held = match call.account_if_known(vault) {
        Known::Present(account) if !same(&account.owner, &SYSTEM) => return Err(InstructionError::IllegalOwner.into()),
        Known::Present(account) => account.lamports,
        Known::Absent | Known::Unknown => 0,
    };
    call.check_system_program(system)?;
    if session.is(payer) {
        return Err(CONSTRAINT_CLOSE);
    }
    if !same(payer.address, &state.state.header.payer) || !same(creator.address, &state.state.creator) {
        return Err(SessionError::WrongRentRecipient.into());
    }
    derive(&SessionState::vault_seeds(session.address), vault.address).ok_or(InstructionError::InvalidSeeds)?;
    // Nobody in particular has to sign for this; the session's address stands for "anyone".
    let act = call.act(session.address, session.address);
    state.state.reclaim(&act, call.events)?;
    call.debit(vault.address, held);
    call.credit(creator.address, held);
    call.close(session.address, payer.address);
    Ok(())
}
