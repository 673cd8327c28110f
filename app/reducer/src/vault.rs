//! The session's vault: what goes in, what members may take out of it, and what comes back.
//!
//! What a vault that is not known holds is taken to be enough, and not exact.

use {
    crate::{
        accounts::{Accounts, Known},
        call::{Call, Step, Stored},
        funds::{Plan, derive},
        outcome::ESCALATION,
        slot::{Slot, declared},
        tokens::Route,
    },
    sessions::{
        instructions::{DepositArgs, SetAllowanceArgs, SpendArgs, SpendTokensArgs, WithdrawArgs},
        state::{Allowance, Denied, Member, Session},
    },
    sessions_core::{
        Act, Address, AllowanceState, ID, SessionError, SessionState,
        events::{About, EventSink, Withdrawn},
        rules::{lifecycle::Status, outflow::SOL},
        same,
        state::{
            At, Payment, Vault,
            session::vault::{EVERYTHING, Withdrawal, check_balance},
        },
    },
};

/// Checks that a slot has the session's vault. Gives where it is if the session does not know it yet.
///
/// # Errors
/// WrongSession.
pub(crate) fn settle(vault: Slot<'_>, session: &Address, state: &SessionState) -> Step<Option<Vault>> {
    if state.vault().is_some() {
        state.check_vault(vault.address)?;
        return Ok(None);
    }
    let bump = derive(&SessionState::vault_seeds(session), vault.address).ok_or(SessionError::WrongSession)?;
    Ok(Some(Vault { address: *vault.address, bump }))
}

/// What a vault holds, if it is known.
fn lamports<A: Accounts, E>(call: &mut Call<'_, A, E>, vault: Slot<'_>) -> Option<u64> {
    match call.account_if_known(vault) {
        Known::Present(account) => Some(account.lamports),
        Known::Absent => Some(0),
        Known::Unknown => None,
    }
}

/// Checks that lamports can move, or tokens, which are left to their program.
///
/// # Errors
/// InvalidTokenAccount; PrivilegeEscalation for an account that was not passed as writable.
fn check_movement<A: Accounts, E>(call: &mut Call<'_, A, E>, from: Slot<'_>, to: Slot<'_>, route: Option<&Route<'_>>) -> Step {
    let (from, to) = match route {
        None => (from, to),
        Some(route) => {
            call.outcome.exact = false;
            route.check_program(call)?;
            (route.from, route.to)
        }
    };
    if from.is_writable && to.is_writable { Ok(()) } else { Err(ESCALATION) }
}

pub(crate) fn deposit<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [depositor, session, vault, system, mint, from, to, program] = declared(call.metas, &[0, 1, 2])?;
    let wallet = depositor.payer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let vault = vault.writable()?;
    call.check_system_program(system)?;
    let DepositArgs { amount } = call.arguments()?;
    let settled = settle(vault, session.address, &session.state)?;
    let act = call.act(session.address, wallet);
    session.state.check_deposit(&act, amount)?;
    let route = Route::of(mint, from, to, program)?;
    match &route {
        None => {
            call.check_pays(wallet, amount)?;
            let minimum = call.at.minimum_balance(0);
            if lamports(call, vault).is_some_and(|held| held.saturating_add(amount) < minimum) {
                return Err(SessionError::VaultBelowRent.into());
            }
        }
        Some(route) => {
            // The program is one of the two before anything that it owns means something.
            route.check_program(call)?;
            route.check_mint(call)?;
            route.check_associated(vault.address)?;
            route.balance(call, wallet, vault.address)?;
        }
    }
    check_movement(call, depositor, vault, route.as_ref())?;
    // Of a mint with a fee less arrives than what leaves the depositor.
    session.state.deposit(&act, settled, route.map_or(&SOL, |route| route.mint.address), amount, call.events)?;
    call.save(&session);
    if route.is_none() {
        call.debit(wallet, amount);
        call.credit(vault.address, amount);
    }
    Ok(())
}

pub(crate) fn set_allowance<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [authority, payer, session, member, vault, place, system] = declared(call.metas, &[2, 5])?;
    let (authority, payer) = (authority.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let member = call.read::<Member>(member)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let args: SetAllowanceArgs = call.arguments()?;
    let settled = settle(vault, session.address, &session.state)?;
    let (mut allowance, plan) = call.open_or_plan::<Allowance>(place, payer, &AllowanceState::seeds(member.address, &args.mint))?;
    let made = plan.as_ref().map(Plan::creation);
    let act = call.act(place.address, authority);
    let of = At { address: session.address, state: &mut session.state };
    let whose = At { address: member.address, state: &member.state };
    allowance.state.set(&act, of, settled, whose, &args.mint, &args.terms, made.as_ref(), call.events)?;
    call.save(&session);
    call.save_or_make(&allowance, plan.as_ref());
    Ok(())
}

pub(crate) fn spend<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member, allowance, vault, destination, system] = declared(call.metas, &[2, 3])?;
    let signer = signer.signer()?;
    let mut session = call.as_passed(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let mut allowance = call.write::<Allowance>(allowance)?.copy();
    let (vault, destination) = (vault.writable()?, destination.writable()?);
    call.check_system_program(system)?;
    let SpendArgs { amount } = call.arguments()?;
    check_payment(&session.state, vault, destination)?;
    let act = call.act(allowance.address, signer);
    let payment = Payment { mint: &SOL, amount, destination: destination.address };
    let of = At { address: member.address, state: &mut member.state };
    allowance.state.spend(&act, session.held(), of, &payment, call.events)?;
    check_balance(lamports(call, vault).unwrap_or(EVERYTHING), amount, call.at.minimum_balance(0))?;
    call.save(&session);
    call.save(&member);
    call.save(&allowance);
    call.debit(vault.address, amount);
    call.credit(destination.address, amount);
    Ok(())
}

pub(crate) fn spend_tokens<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member, allowance, vault, destination, mint, from, to, program] = declared(call.metas, &[2, 3])?;
    let signer = signer.signer()?;
    let mut session = call.as_passed(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let mut allowance = call.write::<Allowance>(allowance)?.copy();
    let (from, to) = (from.writable()?, to.writable()?);
    let SpendTokensArgs { amount } = call.arguments()?;
    check_payment(&session.state, vault, destination)?;
    let route = Route { mint, from, to, program };
    let act = call.act(allowance.address, signer);
    let payment = Payment { mint: mint.address, amount, destination: destination.address };
    let of = At { address: member.address, state: &mut member.state };
    allowance.state.spend(&act, session.held(), of, &payment, call.events)?;
    let balance = route.balance(call, vault.address, destination.address)?;
    check_balance(balance.unwrap_or(EVERYTHING), amount, 0)?;
    check_movement(call, vault, destination, Some(&route))?;
    call.save(&session);
    call.save(&member);
    call.save(&allowance);
    Ok(())
}

/// Checks that it is the session's vault that pays, and not itself that is paid.
///
/// # Errors
/// WrongSession, AccountsMustDiffer.
fn check_payment(session: &SessionState, vault: Slot<'_>, destination: Slot<'_>) -> Step {
    session.check_vault(vault.address)?;
    if destination.is(vault) { Err(SessionError::AccountsMustDiffer.into()) } else { Ok(()) }
}

pub(crate) fn withdraw<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, place, vault, recipient, system, mint, from, to, program] = declared(call.metas, &[1])?;
    let signer = signer.signer()?;
    let (place, vault, recipient) = (place.writable()?, vault.writable()?, recipient.writable()?);
    call.check_system_program(system)?;
    let args: WithdrawArgs = call.arguments()?;
    if recipient.is(vault) {
        return Err(SessionError::AccountsMustDiffer.into());
    }
    let route = Route::of(mint, from, to, program)?;
    let (balance, minimum, closes) = match &route {
        None => (lamports(call, vault), call.at.minimum_balance(0), false),
        Some(route) => (route.balance(call, vault.address, recipient.address)?, 0, route.closes(call)?),
    };
    let is_known = balance.is_some();
    let withdrawal = Withdrawal {
        mint: route.map_or(&SOL, |route| route.mint.address),
        amount: args.amount,
        balance: balance.unwrap_or(EVERYTHING),
        recipient: recipient.address,
        minimum,
        closes,
    };
    let (amount, is_over, session) = take_out(call, place, vault, call.act(place.address, signer), &args.session_id, &withdrawal)?;
    if let Some(route) = route.as_ref().filter(|_| is_over && !same(signer, recipient.address)) {
        // Whoever comes first does not choose in which of the creator's accounts it ends up.
        route.check_associated(recipient.address)?;
    }
    call.outcome.exact &= route.is_none();
    if amount > 0 {
        check_movement(call, vault, recipient, route.as_ref())?;
    }
    if let Some(session) = &session {
        call.save(session);
    }
    if route.is_none() && is_known {
        call.debit(vault.address, amount);
        call.credit(recipient.address, amount);
    }
    Ok(())
}

/// What is taken out, whether the session is over, and the session if it is there.
fn take_out<'a, A: Accounts, E: EventSink>(
    call: &mut Call<'a, A, E>,
    place: Slot<'a>,
    vault: Slot<'_>,
    act: Act<'_>,
    session_id: &[u8; 32],
    withdrawal: &Withdrawal<'_>,
) -> Step<(u64, bool, Option<Stored<'a, Session>>)> {
    if call.account(place)?.is_some_and(|account| same(&account.owner, &ID)) {
        let mut session = call.write::<Session>(place)?.copy();
        let is_over = session.state.status()? == Status::Closed;
        settle(vault, place.address, &session.state)?;
        let amount = session.state.withdraw(&act, withdrawal, call.events)?;
        return Ok((amount, is_over, Some(session)));
    }
    // Only this program makes accounts at its addresses, so the session that was here is gone.
    derive(&SessionState::seeds(withdrawal.recipient, session_id), place.address).ok_or(SessionError::WrongRentRecipient)?;
    derive(&SessionState::vault_seeds(place.address), vault.address).ok_or(SessionError::WrongSession)?;
    let amount = withdrawal.remainder()?;
    let about = About { session_id, address: place.address, revision: 0, previous: 0, time: act.now };
    call.events.emit(&Withdrawn::new(about, *withdrawal.recipient, *withdrawal.mint, amount));
    Ok((amount, true, None))
}
