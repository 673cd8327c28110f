//! What is recorded in a session: messages and checkpoints.

use {
    crate::{
        accounts::Accounts,
        call::{Call, Step},
        slot::declared,
    },
    sessions::{
        instructions::CommitCheckpointArgs,
        state::{Denied, Member, Session},
    },
    sessions_core::events::EventSink,
};

pub(crate) fn broadcast_message<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member] = declared(call.metas, &[1, 2])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let data = call.arguments()?;
    let act = call.act(session.address, signer);
    session.state.broadcast_message(&act, &mut member.state, data, call.events)?;
    call.save(&session);
    call.save(&member);
    Ok(())
}

pub(crate) fn send_direct_message<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [signer, session, member, recipient] = declared(call.metas, &[1])?;
    let signer = signer.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let mut member = call.write_or::<Member, Denied>(member)?.copy();
    let recipient = call.read::<Member>(recipient)?.copy();
    let data = call.arguments()?;
    let act = call.act(session.address, signer);
    session.state.send_direct_message(&act, &mut member.state, &recipient.state, data, call.events)?;
    call.save(&session);
    call.save(&member);
    Ok(())
}

pub(crate) fn commit_checkpoint<A: Accounts, E: EventSink>(call: &mut Call<'_, A, E>) -> Step {
    let [host, session] = declared(call.metas, &[1])?;
    let host = host.signer()?;
    let mut session = call.write::<Session>(session)?.copy();
    let args: CommitCheckpointArgs = call.arguments()?;
    let act = call.act(session.address, host);
    session.state.commit_checkpoint(&act, args.sequence, &args.root, call.events)?;
    call.save(&session);
    Ok(())
}
