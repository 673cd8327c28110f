//! Properties across sessions: granting access, and using it.

use {
    crate::{
        accounts::Accounts,
        call::{Call, Step},
        funds::Plan,
        membership::check_refund,
        outcome::Rejection,
        properties::{Property, open},
        slot::declared,
    },
    sessions::{
        instructions::{GrantAccessArgs, NoProperty, NotGranted, SetPropertyArgs},
        state::{AccessGrant, Denied, Member, Session},
    },
    sessions_core::{
        AccessGrantState, SessionError,
        events::EventSink,
        state::{Across, At, MAX_VALUE, NewGrant, PropertyKey, PropertyWrite},
    },
};

pub(crate) fn grant_access<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [authority, payer, session, reader, place, system] = declared(call.metas, &[4])?;
    let (authority, payer) = (authority.signer()?, payer.payer()?);
    let mut session = call.write::<Session>(session)?.copy();
    let reader = call.read::<Session>(reader)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let args: GrantAccessArgs = call.arguments()?;
    let (mut grant, plan) = call.open_or_plan::<AccessGrant>(place, payer, &AccessGrantState::seeds(session.address, reader.address))?;
    let made = plan.as_ref().map(Plan::creation);
    let act = call.act(place.address, authority);
    let read_by = At { address: reader.address, state: &reader.state };
    let owner = At { address: session.address, state: &mut session.state };
    let new = NewGrant { rights: args.rights, ttl: args.ttl };
    grant.state.set(&act, owner, read_by, &new, made.as_ref(), call.events)?;
    call.save(&session);
    call.save_or_make(&grant, plan.as_ref());
    Ok(())
}

pub(crate) fn revoke_access<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [authority, session, grant, payer] = declared(call.metas, &[1, 2])?;
    let authority = authority.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut grant = call.write::<AccessGrant>(grant)?.copy();
    let payer = payer.writable()?.address;
    check_refund(&grant, payer)?;
    let act = call.act(grant.address, authority);
    grant.state.revoke(&act, At { address: session.address, state: &mut session.state }, call.events)?;
    call.save(&session);
    call.close(grant.address, payer);
    Ok(())
}

pub(crate) fn read_property<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member, owner, grant, place] = declared(call.metas, &[2])?;
    let signer = signer.signer()?;
    let mut session = call.as_passed(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let owner = call.read::<Session>(owner)?.copy();
    let grant = call.read_or::<AccessGrant, NotGranted>(grant)?.copy();
    let property = call.read_or::<sessions::state::Property, NoProperty>(place)?.copy();
    let act = call.act(place.address, signer);
    let owned_by = At { address: owner.address, state: &owner.state };
    property.state.read_across(&act, session.held(), &mut member.state, owned_by, &grant.state)?;
    let room = call.account(place)?.and_then(|account| account.data.get(sessions_core::PropertyState::SIZE..));
    let value = room.and_then(|room| room.get(..usize::from(property.state.length))).filter(|value| value.len() <= MAX_VALUE);
    let value = value.ok_or(SessionError::PropertyNotFound)?;
    // The version in front of the value is the one that a write has to expect.
    call.outcome.returned = [&property.state.version.to_le_bytes(), value].concat();
    call.save(&session);
    call.save(&member);
    Ok(())
}

pub(crate) fn write_property<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, payer, session, member, owner, grant, place, system] = declared(call.metas, &[3, 4, 6])?;
    let (signer, payer) = (signer.signer()?, payer.payer()?);
    let mut session = call.as_passed(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let mut owner = call.write::<Session>(owner)?.copy();
    let grant = call.read_or::<AccessGrant, NotGranted>(grant)?.copy();
    let place = place.writable()?;
    call.check_system_program(system)?;
    let args: SetPropertyArgs<'_> = call.arguments()?;
    let key = PropertyKey::new(args.key).map_err(Rejection::from)?;
    let write = PropertyWrite { key, value: args.value, expected: args.expected_version };
    let Property { mut property, mut room, plan } = open(call, &args, place, payer, owner.address)?;
    let made = plan.as_ref().map(Plan::creation);
    let act = call.act(place.address, signer);
    let owned_by = At { address: owner.address, state: &mut owner.state };
    let across = Across { reader: session.held(), owner: owned_by, grant: &grant.state };
    property.state.put_across(&act, across, &mut member.state, &mut room, &write, made.as_ref(), call.events)?;
    call.save(&session);
    call.save(&member);
    call.save(&owner);
    Property { property, room, plan }.save(call);
    Ok(())
}
