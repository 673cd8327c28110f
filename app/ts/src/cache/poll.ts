/** Asking what became of what was sent, sending it again, and telling when it can land no more. */
import type { Address, Signature, Transaction } from '@solana/kit';
import { type Failure, failureOf } from '../failure.js';
import { MAX_STATUSES } from '../ledger/index.js';
import type { TransactionStatus } from '../ledger/types.js';
import type { Shared } from './shared.js';
import { ledgerFailure } from './stage.js';
import type { Sighting } from './wire/parts.js';

/**
 * For how many blocks a ledger is believed when it does not know a transaction of an earlier life: some five hours. Nodes without a history of their own keep a
 * day or two, and what they have forgotten is not to be done a second time.
 */
const REMEMBERED = 50_000n;
/** A transaction is waited for at most so many times as long as at first before it is sent again. */
const LONGEST = 8;

/** An operation, the transaction that it is asked for by, and what that is. */
type Question = readonly [id: bigint, signature: Signature, transaction: Transaction];

/** Asks of everything that is on its way. */
export async function poll(shared: Shared): Promise<void> {
  // What a node cannot tell now it is asked again the next time.
  await ask(shared, shared.core.inFlight()).catch(() => {});
  if (shared.isStopped) return;
  await shared.ask((asking) => shared.clock.keep(shared.ledger, asking)).catch(() => {});
  if (shared.isStopped || shared.newest <= shared.rooted) return;
  const root = await shared.ask((asking) => shared.ledger.slot('finalized', asking)).catch(() => undefined);
  if (shared.isStopped || root === undefined || root <= shared.rooted) return;
  shared.rooted = root;
  shared.core.rooted(root);
}

/** Asks of a session's operations, as of the slot that is wanted or later, for as long as one is. */
export async function settle(shared: Shared, session: Address): Promise<void> {
  for (let asOf = shared.nextQuestion(session); asOf !== undefined; asOf = shared.nextQuestion(session)) {
    for (;;) {
      const sent = shared.core.queue(session).filter(([, stage]) => stage.name !== 'local');
      const told = await ask(
        shared,
        sent.map(([id]) => id),
      ).catch(() => undefined);
      if (shared.isStopped) return;
      if (told === undefined) await shared.pause();
      else if (told === 'nothing' || told >= asOf) break;
      else await shared.nextSlot();
    }
    // What follows from the answer is asked a while later: a block that is not voted for yet will not be at once.
    await shared.pause();
  }
}

/** Asks of operations, tells the core, and does what follows for those that have not landed; as of which slot the answers are at least. */
async function ask(shared: Shared, ids: readonly bigint[]): Promise<bigint | 'nothing'> {
  const questions = ids.flatMap((id): Question[] => {
    const flight = shared.flights.get(id);
    return flight === undefined ? [] : [[id, flight.signature, flight.transaction]];
  });
  let oldest: bigint | 'nothing' = 'nothing';
  let failed: { readonly thrown: unknown } | undefined;
  for (let from = 0; from < questions.length; from += MAX_STATUSES) {
    try {
      const slot = await askSome(shared, questions.slice(from, from + MAX_STATUSES));
      if (oldest === 'nothing' || slot < oldest) oldest = slot;
    } catch (thrown) {
      // One part that cannot be told leaves the others.
      failed = { thrown };
    }
  }
  if (failed !== undefined) throw failed.thrown;
  return oldest;
}

/** {@link ask} for as many as a ledger answers at once. */
async function askSome(shared: Shared, questions: readonly Question[]): Promise<bigint> {
  const { ledger } = shared;
  // The height first: what is in no block as of later than that, and could land up to it only, never will.
  const root = await shared.ask((asking) => ledger.slot('finalized', asking));
  const finalized = await shared.ask((asking) => ledger.blockHeight('finalized', asking));
  const signatures = questions.map(([, signature]) => signature);
  const statuses = await shared.ask((asking) => ledger.statuses(signatures, asking));
  // Another node may have answered, which is behind the one that told the height.
  const height = statuses.slot >= root ? finalized : 0n;
  const sightings: (readonly [Question, Sighting])[] = [];
  for (const [place, question] of questions.entries()) {
    const status = statuses.of[place] ?? null;
    sightings.push([question, status === null ? { sighting: 'unseen' } : await seen(shared, question, status)]);
  }
  // It may have been signed anew since it was asked for; what is said of what was signed before says nothing of that.
  const holds = ([[id, signature]]: (typeof sightings)[number]) => shared.flights.get(id)?.signature === signature;
  const heard = sightings.filter(holds);
  shared.signal.throwIfAborted();
  shared.core.seen(
    statuses.slot,
    heard.map(([[id], sighting]) => [id, sighting]),
    shared.now(),
  );
  for (const [[id, signature], { sighting }] of heard)
    if (sighting === 'unseen') await again(shared, id, signature, height);
  return statuses.slot;
}

/** What a status means. */
async function seen(
  shared: Shared,
  [id, signature, transaction]: Question,
  status: TransactionStatus,
): Promise<Sighting> {
  const { slot, commitment, error } = status;
  if (error === null) return { sighting: commitment, slot };
  if (commitment === 'processed') return { sighting: 'failing' };
  // The log tells whose error it is, if the ledger has it.
  const told = await shared.ask((asking) => shared.ledger.receipt(signature, asking)).catch(() => null);
  const failure: Failure = told?.failure ?? failureOf(error, [], []);
  // One that is not pending any more has nothing told of it.
  const count = shared.isStopped ? 0 : (shared.core.operation(id)?.instructions.length ?? 0);
  return { sighting: 'failed', slot, failure: ledgerFailure(failure, transaction, count) };
}

/**
 * Sends an operation again that has not landed by the transaction with this signature: the same bytes while they can land. Once they cannot, it is signed anew, if
 * that was not done often enough.
 */
async function again(shared: Shared, id: bigint, signature: Signature, height: bigint): Promise<void> {
  const flight = shared.flights.get(id);
  if (flight?.signature !== signature) return;
  const { signings, rebroadcast } = shared.settings;
  if (height > flight.lastValidBlockHeight) {
    const forgotten = flight.restored && height - flight.lastValidBlockHeight > REMEMBERED;
    if (forgotten) shared.unknown.add(id);
    if (flight.attempts < signings && !forgotten) shared.core.lapsed(id, shared.now());
    else shared.core.expired(id, shared.now());
    return;
  }
  const now = performance.now();
  if (flight.again === null || flight.again.at > now) return;
  const longer = Math.min(Math.max(flight.again.waited, rebroadcast) * 1.5, rebroadcast * LONGEST);
  flight.again = { at: now + longer, waited: longer };
  // Whatever is said now, its status tells.
  await shared.ask((asking) => shared.processed.submit(flight.transaction, asking)).catch(() => {});
}
