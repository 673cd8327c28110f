//! What each request does: one method of the core for each.

use {
    crate::{
        inward, outward,
        predict::predict,
        watched::Watched,
        wire::{Answer, Fault, Request},
    },
    sessions_cache::{Cache, Effect, OperationId},
    solana_address::Address,
    std::sync::Arc,
};

/// The most operations that can be pending: a call that takes back all that follow one another is over soon enough for a page that waits for it.
pub const MOST_PENDING: usize = 4_096;

/// Does what is asked of a cache.
pub fn answer(cache: &mut Watched, request: Request) -> Answer {
    match request {
        Request::Want { session, accounts } => {
            let accounts = inward::addresses(accounts);
            cache.change(|core| core.want(&session.into(), &accounts)).into()
        }
        Request::Submit { operation, at } => cache.change(|core| core.submit(operation.into(), &at.into())).into(),
        Request::Release { id } => done(cache, |core| core.release(OperationId(id))),
        Request::Restore { .. } if cache.ask(|core| core.pending()) >= MOST_PENDING => Answer::Fault(Fault::Full),
        Request::Restore { id, operation, sent } => done(cache, |core| core.restore(OperationId(id), operation.into(), sent)),
        Request::Sent { id } => {
            let operation = cache.change(|core| core.sent(OperationId(id)));
            Answer::Operation(operation.map(|operation| Arc::as_ref(&operation).into()))
        }
        Request::Operation { id } => {
            let operation = cache.ask(|core| core.operation(OperationId(id)));
            Answer::Operation(operation.map(|operation| Arc::as_ref(&operation).into()))
        }
        Request::Seen { as_of, sightings, at } => {
            let sightings = sightings.into_iter().map(|(id, sighting)| (OperationId(id), sighting.into()));
            done(cache, |core| core.seen(as_of, sightings, &at.into()))
        }
        Request::Expired { id, at } => done(cache, |core| core.expired(OperationId(id), &at.into())),
        Request::Lapsed { id, at } => done(cache, |core| core.lapsed(OperationId(id), &at.into())),
        Request::Cancel { id, at } => Answer::Flag(cache.change(|core| core.cancel(OperationId(id), &at.into()))),
        Request::GiveUp { id, reason, at } => Answer::Flag(cache.change(|core| core.give_up(OperationId(id), reason.into(), &at.into()))),
        Request::Hint { session, slot } => done(cache, |core| core.hint(&session.into(), slot)),
        Request::Refresh { session } => done(cache, |core| core.refresh(&session.into())),
        Request::Loaded { session, base, at } => done(cache, |core| core.loaded(&session.into(), base.into(), &at.into())),
        Request::LoadFailed { session } => done(cache, |core| core.load_failed(&session.into())),
        Request::Rooted { slot } => {
            cache.rooted(slot);
            Answer::Done
        }
        Request::PollEffect => Answer::Effect(cache.poll_effect().as_ref().map(|effect: &Effect| effect.into())),
        Request::HasEffects => Answer::Flag(cache.has_effects()),
        Request::Read { session, account } => cache.ask(|core| core.read(&session.into(), &account.into()).into()),
        Request::BaseSlot { session } => Answer::Slot(cache.ask(|core| core.base_slot(&session.into()))),
        Request::Queue { session } => {
            let session = Address::from(session);
            Answer::Queue(cache.ask(|core| core.queue(&session).map(|(id, stage)| (id.0, stage.into())).collect()))
        }
        Request::Stage { id } => Answer::Stage(cache.ask(|core| core.stage(OperationId(id))).as_ref().map(Into::into)),
        Request::InFlight => Answer::Operations(cache.ask(|core| core.in_flight().map(|id| id.0).collect())),
        Request::Pending => Answer::Count(outward::count(cache.ask(|core| core.pending()))),
        Request::Sessions => Answer::Count(outward::count(cache.ask(|core| core.sessions()))),
        Request::Statistics => Answer::Statistics(cache.ask(|core| core.statistics()).into()),
        Request::Predict { instructions, accounts, at } => predict(instructions, accounts, &at.into()),
    }
}

/// Does what has no answer of its own.
fn done(cache: &mut Watched, work: impl FnOnce(&mut Cache)) -> Answer {
    cache.change(work);
    Answer::Done
}
