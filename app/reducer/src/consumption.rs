//! What other programs ask of a membership, and charge it.

use {
    crate::{
        accounts::Accounts,
        call::{Call, Step},
        slot::declared,
    },
    sessions::{
        instructions::ConsumeArgs,
        state::{Denied, Member, Session},
    },
    sessions_core::{error::InvalidField, events::EventSink, state::At},
};

/// What both ask for.
fn asked<A: Accounts, E>(call: &Call<'_, A, E>) -> Step<ConsumeArgs> {
    let args: ConsumeArgs = call.arguments()?;
    if args.reserved == 0 { Ok(args) } else { Err(InvalidField::Reserved.into()) }
}

pub(crate) fn consume<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member] = declared(call.metas, &[2])?;
    let signer = signer.signer()?;
    let mut session = call.as_passed(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let args = asked(call)?;
    let act = call.act(member.address, signer);
    let standing = member.state.consume(&act, session.held(), args.permissions, args.units, call.events)?;
    call.outcome.returned = bytemuck::bytes_of(&standing).to_vec();
    call.save(&session);
    call.save(&member);
    Ok(())
}

pub(crate) fn validate_session<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member] = declared(call.metas, &[])?;
    let signer = signer.signer()?;
    let session = call.read::<Session>(session)?.copy();
    let member = call.read_or::<Member, Denied>(member)?.copy();
    let args = asked(call)?;
    let act = call.act(member.address, signer);
    let standing = member.state.validate(&act, At { address: session.address, state: &session.state }, args.permissions, args.units)?;
    call.outcome.returned = bytemuck::bytes_of(&standing).to_vec();
    Ok(())
}
