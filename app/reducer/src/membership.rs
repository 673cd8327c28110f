//! Who is in a session: inviting, joining, leaving; rights, session keys, authority.

use {
    crate::{
        accounts::Accounts,
        call::{Call, Step, Stored, find},
        funds::Plan,
        outcome::CONSTRAINT_CLOSE,
        slot::{Slot, declared},
    },
    sessions::{
        instructions::{CreateInviteTokenArgs, InviteMemberArgs, SetSessionKeyArgs},
        state::{Absence, Denied, Invitation, InviteToken, Layout, Member, Named, Session},
    },
    sessions_core::{
        Act, Address, ID, InvitationState, InviteTokenState, MemberState, Result, SessionError, SessionState,
        events::EventSink,
        rules::membership::MemberUpdate,
        same,
        state::{At, Creation},
    },
};

pub(crate) fn invite_member<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [inviter, payer, session, inviter_member, place, system] = declared(call.metas, &[2, 4])?;
    let args: InviteMemberArgs = call.arguments()?;
    let (inviter, payer) = (inviter.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let inviter_member = call.read_or::<Member, Denied>(inviter_member)?.copy();
    call.check_system_program(system)?;
    let plan = call.plan::<Invitation>(place, payer, &InvitationState::seeds(session.address, &args.member), 0)?;
    let mut invitation = Stored::<Invitation>::zeroed(place.address);
    let act = call.act(place.address, inviter);
    let of = At { address: session.address, state: &mut session.state };
    let InviteMemberArgs { member, terms, ttl, reserved } = &args;
    invitation.state.invite(&act, of, &inviter_member.state, member, terms, [*ttl, *reserved], &plan.creation(), call.events)?;
    call.save(&session);
    call.make(&plan, &invitation, &[]);
    Ok(())
}

pub(crate) fn create_invite_token<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [inviter, payer, session, inviter_member, place, system] = declared(call.metas, &[2, 4])?;
    let args: CreateInviteTokenArgs = call.arguments()?;
    let (inviter, payer) = (inviter.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let inviter_member = call.read_or::<Member, Denied>(inviter_member)?.copy();
    call.check_system_program(system)?;
    let plan = call.plan::<InviteToken>(place, payer, &InviteTokenState::seeds(session.address, &args.token), 0)?;
    let mut invite_token = Stored::<InviteToken>::zeroed(place.address);
    let act = call.act(place.address, inviter);
    let of = At { address: session.address, state: &mut session.state };
    let CreateInviteTokenArgs { token, terms, ttl, uses } = &args;
    invite_token.state.create(&act, of, &inviter_member.state, token, terms, [*ttl, *uses], &plan.creation(), call.events)?;
    call.save(&session);
    call.make(&plan, &invite_token, &[]);
    Ok(())
}

pub(crate) fn revoke_invitation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, invitation, payer] = declared(call.metas, &[1, 2])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let (invitation, payer) = (invitation.writable()?, payer.writable()?);
    let act = call.act(invitation.address, signer);
    // The discriminator decides which it is; whatever else stands here is no invitation.
    let is_token = call.account(invitation)?.is_some_and(|account| account.data.starts_with(&InviteTokenState::DISCRIMINATOR));
    let of = At { address: session.address, state: &mut session.state };
    if is_token {
        let mut token = open_paid::<InviteToken, A, E>(call, invitation, payer)?;
        token.state.revoke(&act, of, call.events)?;
    } else {
        let mut invitation = open_paid::<Invitation, A, E>(call, invitation, payer)?;
        invitation.state.revoke(&act, of, call.events)?;
    }
    call.save(&session);
    call.close(invitation.address, payer.address);
    Ok(())
}

/// Loads what is to be deleted, whose rent `payer` paid.
fn open_paid<'a, T: Layout, A: Accounts, E>(call: &mut Call<'a, A, E>, slot: Slot<'a>, payer: Slot<'a>) -> Step<Stored<'a, T>> {
    let stored = call.write::<T>(slot)?.copy();
    if same(&stored.header().payer, payer.address) { Ok(stored) } else { Err(SessionError::WrongRentRecipient.into()) }
}

/// The membership that a wallet comes in with: the one that it had, or one that is made and paid for now.
fn seat<'a, A: Accounts, E>(
    call: &mut Call<'a, A, E>,
    place: Slot<'a>,
    session: &Address,
    wallet: &Address,
    payer: &'a Address,
) -> Step<(Stored<'a, Member>, Option<Plan<'a>>, Option<Creation<'a>>)> {
    let (member, plan) = call.open_or_plan::<Member>(place, payer, &MemberState::seeds(session, wallet))?;
    let made = plan.as_ref().map(Plan::creation);
    Ok((member, plan, made))
}

pub(crate) fn accept_invitation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [wallet, payer, session, invitation, invitation_payer, inviter_member, place, system] = declared(call.metas, &[2, 3])?;
    let (wallet, payer) = (wallet.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let mut invitation = call.write::<Invitation>(invitation)?.copy();
    let invitation_payer = invitation_payer.writable()?.address;
    let inviter_member = call.read::<Member>(inviter_member)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    check_refund(&invitation, invitation_payer)?;
    // Before the membership is opened, which would be in use if it is the inviter's.
    inviter_member.state.check_is_not(wallet)?;
    let (mut member, plan, made) = seat(call, place, session.address, wallet, payer)?;
    let act = call.act(place.address, wallet);
    let of = At { address: session.address, state: &mut session.state };
    let offered = At { address: invitation.address, state: &mut invitation.state };
    member.state.accept_invitation(&act, of, offered, &inviter_member.state, made, call.events)?;
    call.save(&session);
    call.save_or_make(&member, plan.as_ref());
    call.close(invitation.address, invitation_payer);
    Ok(())
}

/// Checks that an account can be closed to `recipient`, who has to be the payer that it records.
pub(crate) fn check_refund<T: Layout>(stored: &Stored<'_, T>, recipient: &Address) -> Step {
    if same(stored.address, recipient) {
        return Err(CONSTRAINT_CLOSE);
    }
    if same(&stored.header().payer, recipient) { Ok(()) } else { Err(SessionError::WrongRentRecipient.into()) }
}

pub(crate) fn join_with_token<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [wallet, payer, holder, session, invite_token, inviter_member, place, system] = declared(call.metas, &[3, 4])?;
    let (wallet, payer, holder) = (wallet.signer()?, payer.payer()?, holder.signer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let mut invite_token = call.write::<InviteToken>(invite_token)?.copy();
    let inviter_member = call.read::<Member>(inviter_member)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    // Before the membership is opened, which would be in use if it is the inviter's.
    inviter_member.state.check_has_not_made(wallet)?;
    let (mut member, plan, made) = seat(call, place, session.address, wallet, payer)?;
    let act = call.act(place.address, wallet);
    let of = At { address: session.address, state: &mut session.state };
    let token = At { address: invite_token.address, state: &mut invite_token.state };
    member.state.join_with_token(&act, of, token, holder, &inviter_member.state, made, call.events)?;
    call.save(&session);
    call.save(&invite_token);
    call.save_or_make(&member, plan.as_ref());
    Ok(())
}

pub(crate) fn join_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [wallet, payer, session, place, system] = declared(call.metas, &[2, 3])?;
    let (wallet, payer) = (wallet.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let (mut member, plan, made) = seat(call, place, session.address, wallet, payer)?;
    let act = call.act(place.address, wallet);
    member.state.join(&act, At { address: session.address, state: &mut session.state }, made, call.events)?;
    call.save(&session);
    call.save_or_make(&member, plan.as_ref());
    Ok(())
}

pub(crate) fn decline_invitation<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [wallet, session, invitation, payer] = declared(call.metas, &[1, 2])?;
    let wallet = wallet.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut invitation = call.write::<Invitation>(invitation)?.copy();
    let payer = payer.writable()?.address;
    check_refund(&invitation, payer)?;
    let act = call.act(invitation.address, wallet);
    invitation.state.decline(&act, At { address: session.address, state: &mut session.state }, call.events)?;
    call.save(&session);
    call.close(invitation.address, payer);
    Ok(())
}

pub(crate) fn leave_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [wallet, session, member] = declared(call.metas, &[1, 2])?;
    let wallet = wallet.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let act = call.act(member.address, wallet);
    member.state.leave(&act, At { address: session.address, state: &mut session.state }, call.events)?;
    call.save(&session);
    call.save(&member);
    Ok(())
}

pub(crate) fn remove_member<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [remover, session, member, remover_member] = declared(call.metas, &[1])?;
    let remover = remover.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write::<Member>(member)?.copy();
    // The program in the place of an account says that there is none.
    let by = if same(remover_member.address, &ID) { None } else { Some(call.read_or::<Member, Denied>(remover_member)?.copy()) };
    let act = call.act(member.address, remover);
    let of = At { address: session.address, state: &mut session.state };
    member.state.remove(&act, of, by.as_ref().map(|by| &by.state), call.events)?;
    call.save(&session);
    call.save(&member);
    Ok(())
}

/// Changes a membership, and leaves its session as it is. `B` says what its absence means.
#[inline(always)]
fn change_member<'a, B: Absence, A: Accounts, E: EventSink, T>(
    call: &mut Call<'a, A, E>,
    arguments: impl FnOnce(&Call<'a, A, E>) -> Step<T>,
    change: impl FnOnce(&mut MemberState, &Act<'_>, At<'_, &SessionState>, &T, &mut E) -> Result<()>,
) -> Step {
    let [signer, session, member] = declared(call.metas, &[2])?;
    let signer = signer.signer()?;
    let session = find::<A, Session, Named>(call.accounts, &call.claims, session, false)?.lend();
    let mut member = call.write_or::<Member, B>(member)?.copy();
    let arguments = arguments(call)?;
    let act = call.act(member.address, signer);
    change(&mut member.state, &act, At { address: session.address, state: &session.state.state }, &arguments, call.events)?;
    call.save(&member);
    Ok(())
}

pub(crate) fn update_member<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    change_member::<Named, A, E, _>(call, Call::arguments::<MemberUpdate>, MemberState::update)
}

pub(crate) fn set_session_key<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    change_member::<Denied, A, E, _>(call, Call::arguments::<SetSessionKeyArgs>, |state, act, session, args, events| {
        state.set_session_key(act, session, &args.key, args.permissions, args.ttl, events)
    })
}

pub(crate) fn clear_session_key<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    change_member::<Denied, A, E, _>(call, |_| Ok(()), |state, act, session, (), events| state.clear_session_key(act, session, events))
}

pub(crate) fn propose_authority<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    change_authority::<Named, A, E>(call, SessionState::propose_authority)
}

pub(crate) fn accept_authority<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    change_authority::<Denied, A, E>(call, SessionState::accept_authority)
}

/// A step of the session that is about a membership. `B` says what the absence of that means.
fn change_authority<B: Absence, A: Accounts, E: EventSink>(
    call: &mut Call<'_, A, E>,
    step: impl FnOnce(&mut SessionState, &Act<'_>, &MemberState, &mut E) -> Result<()>,
) -> Step {
    let [signer, session, member] = declared(call.metas, &[1])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let member = call.read_or::<Member, B>(member)?.copy();
    let act = call.act(session.address, signer);
    step(&mut session.state, &act, &member.state, call.events)?;
    call.save(&session);
    Ok(())
}
