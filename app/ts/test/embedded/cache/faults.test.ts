/**
 * Whatever goes wrong on the way, each operation happens once or not at all, it is told which, a reader sees at every moment what a simple model allows, and in
 * the end what the chain holds.
 */
import { setImmediate } from 'node:timers/promises';
import { type Address, getBase58Decoder, type Signature } from '@solana/kit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CacheJournal,
  isCacheError,
  isFinal,
  type Pending,
  type SessionCache,
  type Submission,
} from '../../../src/cache/index.js';
import { decodeRecord } from '../../../src/cache/journal/record.js';
import * as s from '../../../src/index.js';
import { Forking, type Mishap, type Slip } from '../../help/forking.js';
import { type Deed, type Intent, Onlooker } from '../../help/onlooker.js';
import { eventually, PATIENCE, Room } from '../../help/room.js';
import { emptyDisk, Process } from '../../help/store.js';

const SEED = Number(process.env.SESSIONS_SEED ?? 20_260_101);
const RUNS = Number(process.env.SESSIONS_RUNS ?? 25);

/** What is done, by the cache or beside it. */
type Step =
  | { readonly step: 'say'; readonly other: boolean; readonly follows: boolean }
  | { readonly step: 'write'; readonly value: string }
  | { readonly step: 'pause' | 'resume' | 'cancel' | 'refresh' | 'wait' | 'expire' }
  | { readonly step: 'aside'; readonly what: 'pause' | 'resume' | 'say' }
  | { readonly step: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ step: fc.constant('say' as const), other: fc.boolean(), follows: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ step: fc.constant('write' as const), value: fc.string({ maxLength: 8 }) }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>(
      { step: 'pause' },
      { step: 'resume' },
      { step: 'cancel' },
      { step: 'refresh' },
      { step: 'wait' },
      { step: 'expire' },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      step: fc.constant('aside' as const),
      what: fc.constantFrom('pause' as const, 'resume' as const, 'say' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ step: 'reopen' }) },
);

const mishap = fc.constantFrom<Mishap>(
  'none',
  'none',
  'lost',
  'late',
  'doubled',
  'forked',
  'busy',
  'broken',
  'nonsense',
  'silent',
  'old',
);

const slip = fc.constantFrom<Slip>('none', 'none', 'dropped', 'twice', 'delayed', 'overtaken', 'cut');

/** How often each thing has to happen in all runs, so that a run that does nothing fails. */
const LEAST: readonly (readonly [string, number])[] = [
  ...['say', 'say in the other session', 'write'].map((what) => [`${what}: finalized`, 20] as const),
  ...['pause: finalized', 'resume: finalized', 'cancelled', 'failed'].map((what) => [what, 3] as const),
  ...['rolledBack', 'reopened', 'not taken on'].map((what) => [what, 10] as const),
  ...['say aside', 'pause aside', 'resume aside'].map((what) => [what, 2] as const),
  ...(['lost', 'late', 'doubled', 'forked', 'busy', 'broken', 'nonsense', 'silent', 'old'] satisfies Mishap[]).map(
    (what) => [what, 3] as const,
  ),
  ...(['dropped', 'twice', 'delayed', 'cut'] satisfies Slip[]).map((what) => [what, 10] as const),
  ['overtaken', 2],
  ...['predicted', 'processed', 'confirmed', 'finalized'].map((level) => [`seen ${level}`, 100] as const),
  ['looked at what is pending', 500],
];

const counted = new Map<string, number>();
const count = (what: string) => counted.set(what, (counted.get(what) ?? 0) + 1);

/** One run: what was submitted, and what is told of it. */
class Run {
  readonly room: Room;
  readonly ledger: Forking;
  readonly other: Address;
  readonly property: Address;
  readonly onlooker: Onlooker;
  readonly pending: Pending[] = [];
  /** How many transactions landed beside the cache. */
  besides = 0;
  readonly #disk = emptyDisk();
  readonly #intents: Map<bigint, Intent>;
  /** What is being submitted. */
  #submitting: { readonly session: Address; readonly deed: Deed } | undefined;
  #cache: SessionCache | undefined;

  private constructor(
    room: Room,
    ledger: Forking,
    other: Address,
    property: Address,
    onlooker: Onlooker,
    intents: Map<bigint, Intent>,
  ) {
    this.room = room;
    this.ledger = ledger;
    this.other = other;
    this.property = property;
    this.onlooker = onlooker;
    this.#intents = intents;
  }

  static async begin(): Promise<Run> {
    const room = await Room.open((inner) => new Forking(inner));
    const { ledger, session } = room;
    if (!(ledger instanceof Forking)) throw new Error('another ledger');
    const [other, property] = [await room.another('other'), await s.propertyAddress(session, 'board')];
    const looked = [
      { session, board: property },
      { session: other, board: null },
    ];
    const intents = new Map<bigint, Intent>();
    const onlooker = await Onlooker.at(ledger, looked, intents, count);
    return new Run(room, ledger, other, property, onlooker, intents);
  }

  get cache(): SessionCache {
    if (this.#cache === undefined) throw new Error('no cache');
    return this.#cache;
  }

  async open(): Promise<void> {
    // Killed, as it were: it is left as it is, and another goes on with its journal.
    await this.#cache?.close(0);
    this.#cache = await this.room.cache({ journal: this.#journal(), rebroadcast: 8 });
    this.onlooker.turnTo(this.#cache);
    for (const [place, { id }] of this.pending.entries()) {
      const known = this.#cache.operation(id);
      if (known !== undefined) this.pending[place] = known;
    }
  }

  /** The journal, which is told of an operation before anybody else, and of each signature under which it leaves. */
  #journal(): CacheJournal {
    const journal = new Process(this.#disk).journal();
    const put: CacheJournal['put'] = (id, bytes) => {
      const { signed } = decodeRecord(id, bytes);
      const intent = this.#intents.get(id) ?? this.#intend(id);
      if (signed !== null) intent.signatures.add(getBase58Decoder().decode(signed.signature) as Signature);
      return journal.put(id, bytes);
    };
    return { ...journal, put };
  }

  #intend(id: bigint): Intent {
    if (this.#submitting === undefined) throw new Error(`nobody submits operation ${id}`);
    // Another life of the journal knows nothing of what ended in an earlier one; who submitted it does.
    const stage = () => (this.pending.find((one) => one.id === id) ?? this.#cache?.operation(id))?.stage;
    const intent = { ...this.#submitting, signatures: new Set<Signature>(), stage };
    this.#intents.set(id, intent);
    return intent;
  }

  /** What an operation does, for the counts. */
  what(id: bigint): string {
    const intent = this.#intents.get(id);
    const elsewhere = intent?.session === this.other ? ' in the other session' : '';
    return `${intent?.deed.does}${elsewhere}`;
  }

  async do(one: Step): Promise<void> {
    const { room, cache, ledger } = this;
    switch (one.step) {
      case 'say': {
        const after = one.follows ? this.pending.at(-1) : undefined;
        const submission = room.say(`message ${this.pending.length}`, one.other ? this.other : room.session);
        return this.#submit({ does: 'say' }, after === undefined ? submission : { ...submission, after });
      }
      case 'write': {
        const { session, wallet: signer } = room;
        const [property] = await this.#held(this.property);
        const version = property?.account ? s.readProperty(property).version : 0n;
        const { value } = one;
        const write = s.setProperty({ signer, session, key: 'board', value, expectedVersion: version, capacity: 40 });
        return this.#submit({ does: 'write', value, version }, { session, instructions: [write] });
      }
      case 'pause':
        return this.#submit({ does: 'pause' }, room.pause());
      case 'resume':
        return this.#submit({ does: 'resume' }, room.resume());
      case 'cancel':
        if ((await this.pending.at(-1)?.cancel()) === true) count('cancelled');
        return;
      case 'refresh':
        return cache.refresh(room.session);
      case 'wait':
        return ledger.nextSlot();
      case 'expire':
        // Blocks go by, more than a blockhash is good for.
        return void ledger.inner.advance(120);
      case 'aside':
        return this.#aside(one.what);
      case 'reopen':
        count('reopened');
        return this.open();
    }
  }

  /** The accounts of the session as a reader of the cache sees them, if it holds them. */
  async #held(account: Address): Promise<readonly s.Snapshot[]> {
    await this.cache.load(this.room.session, [account]).catch(() => {});
    const reading = this.cache.read(this.room.session, account);
    return reading === null ? [] : [reading];
  }

  async #submit(deed: Deed, submission: Submission): Promise<void> {
    this.#submitting = { session: submission.session, deed };
    try {
      const pending = await this.cache.submit(submission);
      this.pending.push(pending);
      count(this.what(pending.id));
    } catch (error) {
      const expected = s.isSessionsError(error) || s.isLedgerError(error) || isCacheError(error, 'PredecessorLost');
      if (!expected) throw error;
      count('not taken on');
    }
  }

  async #aside(what: 'pause' | 'resume' | 'say'): Promise<void> {
    const { wallet, session } = this.room;
    try {
      if (what === 'say') await this.room.aside(s.broadcastMessage({ signer: wallet, session, message: 'aside' }));
      else if (what === 'pause') await this.room.aside(s.pauseSession({ authority: wallet, session }));
      else await this.room.aside(s.resumeSession({ authority: wallet, session }));
      this.besides += 1;
      count(`${what} aside`);
    } catch (error) {
      if (!s.isSessionsError(error)) throw error;
    }
  }

  /** Waits until nothing is pending, and what is held is of the chain’s newest. */
  async quiet(): Promise<void> {
    const { cache, room, other, property, ledger } = this;
    for (const one of this.pending) {
      const { name } = await one.done;
      count(name);
      count(`${this.what(one.id)}: ${name}`);
    }
    for (const [session, accounts] of [
      [room.session, [room.session, property]],
      [other, [other]],
    ] as const) {
      const load = (): Promise<void> =>
        cache.load(session, accounts).catch((error: unknown) => {
          if (s.isRetryable(error)) return load();
          throw error;
        });
      await load();
      const { slot } = await ledger.inner.clock();
      cache.refresh(session);
      await eventually(() => accounts.every((account) => (cache.read(session, account)?.slot ?? 0n) >= slot));
    }
  }
}

test('whatever goes wrong a reader sees what the model allows; afterwards the cache holds what the chain does, and each operation happened once or not at all', async () => {
  console.log(`seed ${SEED}, ${RUNS} runs`);
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 8, maxLength: 24 }),
    fc.array(mishap, { maxLength: 24 }),
    fc.array(slip, { minLength: 4, maxLength: 24, size: 'max' }),
    async (steps, mishaps, slips) => {
      const run = await Run.begin();
      await run.open();
      run.ledger.plan(mishaps, slips);
      await run.onlooker.during(async () => {
        for (const one of steps) {
          await run.do(one);
          // Who is told is told behind what is under way now.
          await setImmediate();
          run.onlooker.look();
        }
        await run.quiet();
      });
      run.onlooker.look();
      run.onlooker.leave();
      const { cache, room, other, ledger } = run;
      for (const [session, account] of [
        [room.session, room.session],
        [room.session, run.property],
        [other, other],
      ] as const) {
        const [chain] = await ledger.inner.read([account]);
        const reading = cache.read(session, account);
        expect(reading?.account ?? null).toEqual(chain?.account ?? null);
        expect(reading?.freshness.level).not.toBe('predicted');
        expect(cache.pending(session)).toEqual([]);
      }
      expect(run.pending.every(({ stage }) => isFinal(stage))).toBe(true);
      // What is told to have happened did, once, and nothing else.
      const sent = new Set(ledger.submits.map((transaction) => Object.values(transaction.signatures).join()));
      const landed = (await ledger.inner.history(room.wallet.address, { limit: 1_000 })).filter(
        ({ failed }) => !failed,
      );
      const happened = run.pending.filter(({ stage }) => stage.name === 'finalized').length;
      expect(sent.size).toBeGreaterThanOrEqual(happened);
      const beside = landed.length - happened;
      expect(beside).toBe(2 + run.besides);
      expect(await cache.close(PATIENCE)).toBe(0);
      for (const [what, times] of ledger.came) counted.set(what, (counted.get(what) ?? 0) + times);
    },
  );
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  console.log(Object.fromEntries(counted));
  if (RUNS < 25 || process.env.SESSIONS_SEED !== undefined) return;
  for (const [what, least] of LEAST) expect(counted.get(what) ?? 0, what).toBeGreaterThanOrEqual(least);
}, 300_000);
