/** Does what the core asks for, until the cache is closed. */
import { sleep } from '../transaction/pause.js';
import { Following } from './follow.js';
import { load } from './load.js';
import { poll, settle } from './poll.js';
import { send } from './send.js';
import type { Shared } from './shared.js';
import type { Effect } from './wire/answer.js';

/** The work behind a cache. There is at most one load and one question for each session that is held, and one sending for each pending operation. */
export class Driver {
  readonly #shared: Shared;
  readonly #following: Following;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#following = new Following(shared);
    shared.onWork(() => this.#work());
    shared.signal.addEventListener('abort', () => this.#following.end(), { once: true });
    shared.spawn(this.#poll());
  }

  /** Waits until everything has ended after the cache was stopped, and lets the journal go. */
  async end(): Promise<void> {
    const shared = this.#shared;
    try {
      // What is under way is recorded by now, or has not left.
      await shared.idle();
      this.#work();
      await shared.idle();
    } catch (thrown) {
      shared.fail(thrown);
    } finally {
      await shared.closeJournal();
    }
  }

  async #poll(): Promise<void> {
    const shared = this.#shared;
    while (!shared.isStopped) {
      await poll(shared);
      await sleep(shared.settings.poll, shared.signal);
    }
  }

  #work(): void {
    const shared = this.#shared;
    if (shared.failure !== undefined) return;
    const ended: bigint[] = [];
    for (let effect = shared.core.pollEffect(); effect !== null; effect = shared.core.pollEffect())
      this.#begin(effect, ended);
    if (ended.length > 0) shared.spawn(shared.forget(ended));
  }

  #begin(effect: Effect, ended: bigint[]): void {
    const shared = this.#shared;
    switch (effect.effect) {
      case 'staged':
        if (shared.tell(effect.id, effect.stage)) ended.push(effect.id);
        return;
      case 'changed':
        shared.changes.ring(effect.session);
        return;
      case 'evicted':
        shared.readings.forget(effect.session);
        shared.unread.delete(effect.session);
        this.#following.unfollow(effect.session);
        shared.changes.ring(effect.session);
        return;
    }
    if (shared.isStopped) return;
    switch (effect.effect) {
      case 'load':
        this.#following.follow(effect.session, effect.accounts);
        shared.spawn(load(shared, effect.session, effect.accounts, effect.since));
        return;
      case 'send':
        shared.spawn(send(shared, effect.id));
        return;
      case 'ask':
        if (shared.wantAsked(effect.session, effect.asOf)) shared.spawn(settle(shared, effect.session));
    }
  }
}
