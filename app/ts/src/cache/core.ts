/**
 * The core of the cache: the Rust client's own, compiled to WebAssembly, so that there is one implementation of the rules and of what the cache promises.
 * No I/O and no clock: what happens is told to it, and what is to be done it tells.
 */
import type { Address, ReadonlyUint8Array } from '@solana/kit';
import { CacheError } from './error.js';
import { type Answer, answerCodec, type Counted, type Effect, type HeldReading } from './wire/answer.js';
import {
  type Base,
  type CoreOptions,
  type Moment,
  type Operation,
  options as optionsCodec,
  type Reason,
  type Sighting,
  type Stage,
} from './wire/parts.js';
import { type Request, requestCodec } from './wire/request.js';

/** What the module exports; `app/wasm/src/abi.rs` says what each does. */
interface Exports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  sessions_allocate(length: number): number;
  sessions_release(pointer: number): number;
  sessions_open(pointer: number, length: number): number;
  sessions_close(handle: number): number;
  sessions_call(handle: number, pointer: number, length: number): number;
  sessions_answer(): number;
  sessions_revision(handle: number, pointer: number): number;
  sessions_changes(handle: number): number;
}

type Answered<Kind extends Answer['answer']> = Extract<Answer, { answer: Kind }>;

/** Who is told of what is asked of a core. */
export interface Watcher {
  /** Something is about to be asked that may give up a session for another. */
  readonly before: () => void;
  /** Something was asked that may have left something to be done. */
  readonly after: () => void;
  /** The module failed within a call, and can be asked nothing any more. */
  readonly broken: (error: unknown) => void;
}

const ADDRESS_BYTES = 32;

/** The names of `Fault`, in its order. */
const FAULTS = ['NoCache', 'NoBuffer', 'Malformed', 'Full'];

/** An open cache in an instance of the module of its own. */
export class Core {
  readonly #exports: Exports;
  readonly #handle: number;
  readonly #watcher: Watcher;
  /** Where the address stands of the session whose revision is asked for. */
  readonly #session: number;

  private constructor(exports: Exports, handle: number, watcher: Watcher) {
    this.#exports = exports;
    this.#handle = handle;
    this.#watcher = watcher;
    this.#session = exports.sessions_allocate(ADDRESS_BYTES);
  }

  /**
   * Opens a cache.
   *
   * @throws CacheError: `WrongModule` if the module is another one, or does not take the options.
   */
  static async open(module: WebAssembly.Module, options: CoreOptions, watcher: Watcher): Promise<Core> {
    const exports = (await instantiate(module)) as Exports;
    const bytes = optionsCodec.encode(options);
    const pointer = put(exports, bytes);
    const handle = exports.sessions_open(pointer, bytes.length);
    exports.sessions_release(pointer);
    if (handle === 0) throw new CacheError('WrongModule', { reason: 'it does not take the options' });
    return new Core(exports, handle, watcher);
  }

  /** Closes it; nothing may be asked of it any more. */
  close(): void {
    this.#exports.sessions_release(this.#session);
    this.#exports.sessions_close(this.#handle);
  }

  /**
   * The revision of the session whose address has these bytes: another one whenever what a reader of it sees has changed, its freshness included; 0 while
   * nothing is held of it.
   */
  revision(session: ReadonlyUint8Array): number {
    new Uint8Array(this.#exports.memory.buffer, this.#session, ADDRESS_BYTES).set(session);
    return this.#exports.sessions_revision(this.#handle, this.#session);
  }

  /** How often anything changed that a reader sees, of whatever session. It is cheaper still. */
  changes(): number {
    return this.#exports.sessions_changes(this.#handle);
  }

  /** Whether these accounts of a session are held; if not, a load is on its way. */
  want(session: Address, accounts: readonly Address[]): Answered<'flag'> | Answered<'notTaken'> {
    return this.#change({ ask: 'want', session, accounts: [...accounts] }, 'flag', 'notTaken');
  }

  /** Takes on an operation. */
  submit(operation: Operation, at: Moment): Answered<'submitted'> | Answered<'notTaken'> {
    return this.#change({ ask: 'submit', operation, at }, 'submitted', 'notTaken');
  }

  /** Lets an operation be sent, once it is recorded where it has to be. */
  release(id: bigint): void {
    this.#change({ ask: 'release', id }, 'done');
  }

  /** Puts back an operation that a journal kept, and whether it was signed. */
  restore(id: bigint, operation: Operation, sent: boolean): void {
    this.#change({ ask: 'restore', id, operation, sent }, 'done');
  }

  /** An operation was signed and leaves now, if this is true; if not it must not leave. */
  sent(id: bigint): boolean {
    return this.#change({ ask: 'sent', id }, 'operation').value !== null;
  }

  /** A pending operation. */
  operation(id: bigint): Operation | null {
    return this.#ask({ ask: 'operation', id }, 'operation').value;
  }

  /** Takes in what a ledger said of operations that were sent, as of a slot. */
  seen(asOf: bigint, sightings: readonly (readonly [bigint, Sighting])[], at: Moment): void {
    this.#change({ ask: 'seen', asOf, sightings: [...sightings], at }, 'done');
  }

  /** What was sent can land no more, and did not. */
  expired(id: bigint, at: Moment): void {
    this.#change({ ask: 'expired', id, at }, 'done');
  }

  /** The same, and the operation is to be signed anew. */
  lapsed(id: bigint, at: Moment): void {
    this.#change({ ask: 'lapsed', id, at }, 'done');
  }

  /** Takes an operation back, if it was not sent yet; whether it was. */
  cancel(id: bigint, at: Moment): boolean {
    return this.#change({ ask: 'cancel', id, at }, 'flag').value;
  }

  /** Gives an operation up that was not sent yet; whether it was. */
  giveUp(id: bigint, reason: Reason, at: Moment): boolean {
    return this.#change({ ask: 'giveUp', id, reason, at }, 'flag').value;
  }

  /** Something about a session changed at a slot. */
  hint(session: Address, slot: bigint): void {
    this.#change({ ask: 'hint', session, slot }, 'done');
  }

  /** Has a session read again, if it is held. */
  refresh(session: Address): void {
    this.#change({ ask: 'refresh', session }, 'done');
  }

  /** What a load read. */
  loaded(session: Address, base: Base, at: Moment): void {
    this.#change({ ask: 'loaded', session, base, at }, 'done');
  }

  /** A load failed for good. */
  loadFailed(session: Address): void {
    this.#change({ ask: 'loadFailed', session }, 'done');
  }

  /** The highest slot that is finalized. */
  rooted(slot: bigint): void {
    this.#change({ ask: 'rooted', slot }, 'done');
  }

  /** The next thing to be done, if there is one. */
  pollEffect(): Effect | null {
    return this.#ask({ ask: 'pollEffect' }, 'effect').value;
  }

  /** What is seen of an account of a session, which counts as a use of it; `null` if it is not held. */
  read(session: Address, account: Address): HeldReading | null {
    return this.#ask({ ask: 'read', session, account }, 'reading').value;
  }

  /** The slot of a session's confirmed accounts, if it is held. */
  baseSlot(session: Address): bigint | null {
    return this.#ask({ ask: 'baseSlot', session }, 'slot').value;
  }

  /** The pending operations of a session, in their order. */
  queue(session: Address): readonly (readonly [bigint, Stage])[] {
    return this.#ask({ ask: 'queue', session }, 'queue').value;
  }

  /** How far an operation has come; `null` if it is not known, or ended too long ago. */
  stage(id: bigint): Stage | null {
    return this.#ask({ ask: 'stage', id }, 'stage').value;
  }

  /** The operations of which something can still be heard. */
  inFlight(): readonly bigint[] {
    return this.#ask({ ask: 'inFlight' }, 'operations').value;
  }

  /** How many operations are pending. */
  pending(): number {
    return Number(this.#ask({ ask: 'pending' }, 'count').value);
  }

  /** How many sessions are held. */
  sessions(): number {
    return Number(this.#ask({ ask: 'sessions' }, 'count').value);
  }

  /** What was counted since the cache was opened. */
  statistics(): Counted {
    return this.#ask({ ask: 'statistics' }, 'statistics').value;
  }

  #change<Kind extends Answer['answer']>(request: Request, ...kinds: Kind[]): Answered<Kind> {
    this.#watcher.before();
    const answered = this.#ask(request, ...kinds);
    this.#watcher.after();
    return answered;
  }

  #ask<Kind extends Answer['answer']>(request: Request, ...kinds: Kind[]): Answered<Kind> {
    const answer = this.#call(requestCodec.encode(request));
    if (answer.answer === 'fault')
      throw new CacheError('WrongModule', {
        reason: `it answers ${FAULTS[answer.fault] ?? answer.fault} to ${request.ask}`,
      });
    if (!(kinds as string[]).includes(answer.answer))
      throw new CacheError('WrongModule', { reason: `it answers ${answer.answer} to ${request.ask}` });
    return answer as Answered<Kind>;
  }

  #call(bytes: ReadonlyUint8Array): Answer {
    const exports = this.#exports;
    try {
      const pointer = put(exports, bytes);
      const length = exports.sessions_call(this.#handle, pointer, bytes.length);
      exports.sessions_release(pointer);
      // The memory may have grown meanwhile, and the answer is there until the next call only: what is decoded is a copy of it.
      return answerCodec.decode(new Uint8Array(exports.memory.buffer, exports.sessions_answer(), length).slice());
    } catch (error) {
      this.#watcher.broken(error);
      throw error;
    }
  }
}

/** The exports of a new instance, which has a memory of its own. */
async function instantiate(module: WebAssembly.Module): Promise<WebAssembly.Exports> {
  const missing = ['memory', 'sessions_open', 'sessions_call', 'sessions_revision', 'sessions_changes'];
  const has = WebAssembly.Module.exports(module).map(({ name }) => name);
  const lacks = missing.filter((name) => !has.includes(name));
  if (lacks.length > 0) throw new CacheError('WrongModule', { reason: `it has no ${lacks.join(', ')}` });
  return (await WebAssembly.instantiate(module, {})).exports;
}

/** A buffer in the module's memory with these bytes. */
function put(exports: Exports, bytes: ReadonlyUint8Array): number {
  const pointer = exports.sessions_allocate(bytes.length);
  if (pointer === 0) throw new RangeError(`the module has no room for ${bytes.length} bytes`);
  new Uint8Array(exports.memory.buffer, pointer, bytes.length).set(bytes);
  return pointer;
}
