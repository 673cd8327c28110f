/** A pending operation, and what becomes of it. */
import type { Shared, Track } from './shared.js';
import { hasReached, isFinal, lossOf, type Milestone } from './stage.js';
import type { Stage } from './wire/parts.js';

/** An operation that was submitted. Whoever drops it lets it go on by itself. */
export class Pending {
  /** Its number, rising in the order of submission, over all lives of a journal. */
  readonly id: bigint;
  /**
   * Whether what is predicted of it is exact but for what only the chain knows: not if other programs have a say. `false` of an operation that was asked for by
   * its number.
   */
  readonly exact: boolean;
  readonly #shared: Shared;
  readonly #track: Track;

  /** See `SessionCache.submit` and `SessionCache.operation`. */
  constructor(shared: Shared, id: bigint, track: Track, exact: boolean) {
    this.id = id;
    this.exact = exact;
    this.#shared = shared;
    this.#track = track;
  }

  /** How far it has come; how far it had, when the cache was closed. */
  get stage(): Stage {
    return this.#track.stage;
  }

  /** The stage with which it ended: finalized, failed, expired or rolled back; or the one that it had when the cache was closed. */
  get done(): Promise<Stage> {
    return this.until('finalized');
  }

  /** Waits until it has come so far or did not happen; the stage that it has then, or had when the cache was closed. */
  async until(wanted: Milestone): Promise<Stage> {
    while (!hasReached(this.stage, wanted) && !this.#shared.isStopped) await this.#shared.staged.next(this.id);
    return this.stage;
  }

  /**
   * Waits until it has come so far.
   *
   * @throws what {@link lossOf} says of it if it did not happen, such as a SessionsError; CacheError: `Closed` if the cache was closed before it came so far.
   */
  async landed(wanted: Milestone = 'confirmed'): Promise<Stage> {
    const stage = await this.until(wanted);
    const loss = lossOf(stage);
    if (loss !== undefined) throw loss;
    if (!hasReached(stage, wanted)) throw this.#shared.closed();
    return stage;
  }

  /**
   * Takes it back, if it was not sent yet; whether it was. What follows it is taken back too. Readers see that at once; when this answers the journal has forgotten
   * all of it, so that no later life sends it.
   *
   * @throws what the journal throws: it was taken back, and the journal may have it still, whose next life would send it; CacheError: `Closed` if the cache failed
   * before it was forgotten.
   */
  async cancel(): Promise<boolean> {
    const shared = this.#shared;
    if (shared.isStopped || !shared.core.cancel(this.id, shared.now())) return false;
    await shared.forgotten(this.id);
    return true;
  }

  /** The present stage and every other that it comes to, unless two come at once: then the later one. It ends with the operation or the cache. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Stage, void> {
    for (;;) {
      const told = this.stage;
      yield told;
      if (isFinal(told)) return;
      while (this.stage === told) {
        if (this.#shared.isStopped) return;
        await this.#shared.staged.next(this.id);
      }
    }
  }
}
