/** What the handle of a cache and its tasks have in common. */
import {
  type Address,
  getBase58Encoder,
  getSignatureFromTransaction,
  getTransactionDecoder,
  type TransactionSigner,
} from '@solana/kit';
import { fromHex, toHex } from '../hex.js';
import type { Ledger } from '../ledger/index.js';
import type { Asking } from '../ledger/types.js';
import { sleep } from '../transaction/pause.js';
import { Bells } from './bells.js';
import { ChainClock } from './clock.js';
import { Core } from './core.js';
import { CacheError } from './error.js';
import type { Flight } from './flight.js';
import type { CacheJournal, JournalContent } from './journal/index.js';
import { decodeRecord, encodeRecord, type Recorded } from './journal/record.js';
import { cacheModule } from './module.js';
import { type CacheOptions, type Settings, settings } from './options.js';
import { Readings } from './reading.js';
import { isFinal } from './stage.js';
import type { Moment, Stage } from './wire/parts.js';

/** An operation's stage, for as long as somebody has the object. */
export interface Track {
  stage: Stage;
}

/** A cache's state beside the core's, and how its tasks wait. */
export class Shared {
  /** The ledger at confirmed, which is what the core takes its bases for. */
  readonly ledger: Ledger;
  /** The ledger at processed, where operations are tried and handed over: one goes as soon as what it follows is in a block, which may not be voted for yet. */
  readonly processed: Ledger;
  readonly settings: Settings;
  readonly core: Core;
  readonly readings: Readings;
  readonly clock: ChainClock;
  /** Rings for a session when what a reader of it sees may have changed. */
  readonly changes = new Bells<Address>();
  /** Rings for an operation when it comes to another stage. */
  readonly staged = new Bells<bigint>();
  /** What is on its way. */
  readonly flights = new Map<bigint, Flight>();
  /** The signers that came with operations. */
  readonly signers = new Map<bigint, ReadonlyMap<Address, TransactionSigner>>();
  /** Why a session could not be loaded the last time; gone when it could, or when nobody waits for it. */
  readonly failed = new Map<Address, unknown>();
  /** The sessions that are held, or have pending operations, and could not be read the last time: they are read again after a pause. */
  readonly unread = new Set<Address>();
  /** Rings for a session that is to be read without that pause: somebody has come to wait for it, or the cache stops. */
  readonly hurried = new Bells<Address>();
  /** Pending operations by their submitters' names for them. */
  readonly keys = new Map<string, bigint>();
  /** The operations that are being taken on: when they are recorded, or why they could not be. */
  readonly takingOn = new Map<bigint, Promise<void>>();
  /** The operations of an earlier life that the ledger may have forgotten, whatever became of them: no more than the journal had. */
  readonly unknown = new Set<bigint>();
  /** The sessions of whose operations the ledger is being asked: as of which slot once more, if that is wanted. */
  readonly asking = new Map<Address, bigint | undefined>();
  /** Whether operations are taken on. */
  isOpen = true;
  /** The highest slots that were read at, and that are known to be finalized. */
  newest = 0n;
  rooted = 0n;
  /** Why the cache can do nothing any more, if it was not closed. */
  failure: unknown;
  readonly #tracks = new Map<bigint, Track>();
  readonly #journal: CacheJournal | undefined;
  readonly #stop = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #ended = new Bells<'ended'>();
  /** What is being recorded. */
  readonly #recording = new Map<bigint, Promise<void>>();
  /** Who waits until an operation is forgotten that has ended: is told why it could not be, if it could not. */
  readonly #forgetting = new Map<bigint, (failed?: { readonly thrown: unknown }) => void>();
  #woken = () => {};
  #isWoken = false;

  private constructor(
    ledger: Ledger,
    processed: Ledger,
    settings: Settings,
    core: Core,
    clock: ChainClock,
    journal?: CacheJournal,
  ) {
    this.ledger = ledger;
    this.processed = processed;
    this.settings = settings;
    this.core = core;
    this.clock = clock;
    this.readings = new Readings(core);
    this.#journal = journal;
  }

  /** See `SessionCache.open`. */
  static async open(anyLedger: Ledger, options: CacheOptions): Promise<Shared> {
    const chosen = settings(options);
    const { journal } = options;
    const ledger = anyLedger.withCommitment('confirmed');
    const [module, clock] = await Promise.all([cacheModule(options.module), ChainClock.ask(ledger, {})]);
    const content: JournalContent = (await journal?.open()) ?? { entries: [], next: 1n };
    try {
      let shared: Shared | undefined;
      const core = await Core.open(
        module,
        { ...chosen.limits, first: content.next },
        {
          before: () => shared?.tellUses(),
          after: () => shared?.wake(),
          broken: (error) => shared?.fail(error),
        },
      );
      shared = new Shared(ledger, anyLedger.withCommitment('processed'), chosen, core, clock, journal);
      for (const { id, bytes } of content.entries) shared.#restore(id, decodeRecord(id, bytes));
      return shared;
    } catch (thrown) {
      await journal?.close();
      throw thrown;
    }
  }

  /** Its submitter's name for a pending operation. */
  keyOf(id: bigint): Uint8Array | null {
    for (const [key, other] of this.keys) if (other === id) return fromHex(key) ?? null;
    return null;
  }

  /** Stops what waits as soon as it is aborted. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether the cache has stopped. */
  get isStopped(): boolean {
    return this.signal.aborted;
  }

  /** The moment on the chain. */
  now(): Moment {
    return this.clock.now();
  }

  /** Has `work` done, once, whenever the core may have left something to be done. */
  onWork(work: () => void): void {
    this.#woken = work;
    this.wake();
  }

  /** Has what the core left done soon. */
  wake(): void {
    if (this.#isWoken) return;
    this.#isWoken = true;
    queueMicrotask(() => {
      this.#isWoken = false;
      try {
        this.#woken();
      } catch (thrown) {
        this.fail(thrown);
      }
    });
  }

  /** Tells the core what is in use, if it may give up something else. */
  tellUses(): void {
    if (this.core.sessions() >= this.settings.limits.sessions) this.readings.tellUses(this.changes.keys());
  }

  /** Asks the ledger something, until the cache stops. A ledger that does not look at the signal keeps nobody waiting. */
  ask<T>(work: (asking: Asking) => Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      work({ signal })
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** Waits for as long as it makes sense before the ledger is asked the same again. */
  pause(): Promise<void> {
    return sleep(this.settings.poll, this.signal);
  }

  /** Waits for the ledger to come further. */
  async nextSlot(): Promise<void> {
    const { ledger } = this;
    if (ledger.nextSlot === undefined) return this.pause();
    try {
      await this.ask((asking) => ledger.nextSlot?.(asking) ?? Promise.resolve());
    } catch {
      await this.pause();
    }
  }

  /** Has something done beside the rest. What it throws when the cache stops is its end, and nothing else may be thrown. */
  spawn(task: Promise<void>): void {
    const done = task
      .catch((thrown: unknown) => {
        if (!this.isStopped) this.fail(thrown);
      })
      .finally(() => this.#tasks.delete(done));
    this.#tasks.add(done);
  }

  /** Waits until nothing is being done any more. */
  async idle(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /** Stops, because nothing can be done any more: the module failed, or a task did what it may not. */
  fail(thrown: unknown): void {
    this.failure ??= thrown;
    this.stop();
    for (const told of [...this.#forgetting.values()]) told({ thrown: this.closed() });
  }

  /** Stops everything that waits. */
  stop(): void {
    this.isOpen = false;
    if (this.isStopped) return;
    this.#stop.abort(this.closed());
    this.changes.ringAll();
    this.staged.ringAll();
    this.hurried.ringAll();
    this.#ended.ringAll();
  }

  /** What is thrown when the cache was closed. */
  closed(): CacheError {
    return new CacheError('Closed', {}, this.failure);
  }

  /** Waits until nothing is pending, or the cache has stopped. */
  async quiet(): Promise<void> {
    while (!this.isStopped && this.core.pending() > 0) await this.#ended.next('ended');
  }

  /** Whether nothing is heard of an operation any more. */
  hasEnded(id: bigint): boolean {
    const stage = this.core.stage(id);
    return stage === null || isFinal(stage);
  }

  /** The stage of an operation, as it goes on; `undefined` if it is not known. */
  follow(id: bigint): Track | undefined {
    const known = this.#tracks.get(id);
    if (known !== undefined) return known;
    const said = this.core.stage(id);
    if (said === null) return undefined;
    const stage = this.#known(id, said);
    const track = { stage };
    if (!isFinal(stage)) this.#tracks.set(id, track);
    return track;
  }

  /** The stage that the core says, with whether it is known what became of the operation. */
  #known(id: bigint, said: Stage): Stage {
    return said.name === 'expired' && this.unknown.has(id) ? { ...said, isUnknown: true } : said;
  }

  /** Tells of an operation's stage; whether it ended. */
  tell(id: bigint, stage: Stage): boolean {
    const track = this.#tracks.get(id);
    if (track !== undefined) track.stage = this.#known(id, stage);
    const ended = isFinal(stage);
    if (ended) {
      this.#tracks.delete(id);
      this.flights.delete(id);
      this.signers.delete(id);
      for (const [key, other] of this.keys) if (other === id) this.keys.delete(key);
    }
    this.staged.ring(id);
    if (ended) this.#ended.ring('ended');
    return ended;
  }

  /** Has a session that could not be read the last time read without a pause: somebody waits for it. */
  hurry(session: Address): void {
    this.unread.delete(session);
    this.hurried.ring(session);
  }

  /** Notes why a session could not be loaded, for those who wait for it. */
  loadFailed(session: Address, error: unknown): void {
    for (const known of this.failed.keys()) if (!this.changes.has(known)) this.failed.delete(known);
    if (this.changes.has(session)) this.failed.set(session, error);
    this.core.loadFailed(session);
    if (this.core.baseSlot(session) !== null) this.unread.add(session);
  }

  /** Notes that the ledger is to be asked of a session's operations as of a slot; whether nobody asks yet. */
  wantAsked(session: Address, asOf: bigint): boolean {
    const isNew = !this.asking.has(session);
    const before = this.asking.get(session);
    this.asking.set(session, before === undefined || before < asOf ? asOf : before);
    return isNew;
  }

  /** As of which slot the ledger is to be asked of a session's operations next; none ends the asking. */
  nextQuestion(session: Address): bigint | undefined {
    const wanted = this.asking.get(session);
    if (wanted === undefined) this.asking.delete(session);
    else this.asking.set(session, undefined);
    return wanted;
  }

  /**
   * Records an operation in the journal, if there is one.
   *
   * @throws CacheError: `OperationTooLarge` and `KeyTooLong`, before anything is written; `Closed`; and whatever the journal throws.
   */
  async record(id: bigint, record: Recorded): Promise<void> {
    if (this.#journal === undefined) return;
    const bytes = encodeRecord(record);
    if (this.isStopped) throw this.closed();
    const recording = this.#journal.put(id, bytes);
    const over = recording.catch(() => {});
    this.#recording.set(id, over);
    try {
      await recording;
    } finally {
      if (this.#recording.get(id) === over) this.#recording.delete(id);
    }
  }

  /**
   * Forgets what has ended. What the journal cannot forget is tried once more when the cache is closed, and goes on in the journal's next life if it cannot even
   * then: what was sent is found ended again.
   */
  async forget(ended: readonly bigint[]): Promise<void> {
    let failed: { readonly thrown: unknown } | undefined;
    try {
      // A record that is still being written would come after it.
      await Promise.all(ended.map((id) => this.#recording.get(id)));
      await this.#journal?.forget(ended);
    } catch (thrown) {
      failed = { thrown };
    }
    for (const id of ended) this.#forgetting.get(id)?.(failed);
  }

  /**
   * Waits until an operation that has just ended is forgotten, as what the core left is done.
   *
   * @throws what the journal throws; CacheError: `Closed` if the cache failed before.
   */
  async forgotten(id: bigint): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#forgetting.set(id, (failed) => (failed === undefined ? resolve() : reject(failed.thrown)));
        if (this.failure !== undefined) reject(this.closed());
      });
    } finally {
      this.#forgetting.delete(id);
    }
  }

  /** Lets the journal go: from then on another cache can go on with it. */
  async closeJournal(): Promise<void> {
    const journal = this.#journal;
    if (journal === undefined) return;
    try {
      // What ended while its record was being written, or whose forgetting was cut short, would be sent in the journal's next life.
      const recorded = await journal.entries();
      const ended = this.failure === undefined ? recorded.map(({ id }) => id).filter((id) => this.hasEnded(id)) : [];
      if (ended.length > 0) await journal.forget(ended);
    } catch {
      // It is found ended again in the journal's next life.
    } finally {
      await journal.close().catch(() => {});
    }
  }

  /** Goes on with an operation of an earlier life. */
  #restore(id: bigint, { key, operation, signed, attempts }: Recorded): void {
    if (signed !== null) {
      const unreadable = (cause?: unknown) =>
        new CacheError('RecordUnreadable', { id, reason: 'what was signed is no transaction' }, cause);
      let transaction: Flight['transaction'];
      let signature: Flight['signature'];
      try {
        transaction = getTransactionDecoder().decode(signed.bytes);
        signature = getSignatureFromTransaction(transaction);
      } catch (thrown) {
        // It may have been sent, and nobody could ask for it.
        throw unreadable(thrown);
      }
      if (toHex(getBase58Encoder().encode(signature)) !== toHex(signed.signature)) throw unreadable();
      const { lastValidBlockHeight } = signed;
      const again = { at: performance.now(), waited: 0 };
      this.flights.set(id, { transaction, signature, lastValidBlockHeight, attempts, again, restored: true });
    }
    this.core.restore(id, operation, signed !== null);
    if (key !== null) this.keys.set(toHex(key), id);
  }
}
