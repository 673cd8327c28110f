/**
 * Following sessions: a change on the ledger has the session read again. A notification is only a hint. A subscription that ends is renewed, and then the session
 * is read again whatever is known of it. Where none can be made, that is tried ever less often.
 */
import type { Address } from '@solana/kit';
import { mix, pauses, sleep } from '../transaction/pause.js';
import type { Shared } from './shared.js';

/** After how many polls a session is read again of which subscriptions have not said anything yet. */
const UNHEARD = 10;

/** The sessions that are followed: those that were loaded last. */
export class Following {
  readonly #shared: Shared;
  /** By session, the one loaded longest ago first: which accounts of it are followed, and what ends that. */
  readonly #followed = new Map<Address, { readonly accounts: ReadonlySet<Address>; readonly end: AbortController }>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  /** Follows these accounts of a session, in place of those that were followed before, unless these are among them. */
  follow(session: Address, accounts: readonly Address[]): void {
    const former = this.#followed.get(session);
    this.#followed.delete(session);
    if (former !== undefined && accounts.every((account) => former.accounts.has(account))) {
      this.#followed.set(session, former);
      return;
    }
    former?.end.abort();
    const end = new AbortController();
    this.#followed.set(session, { accounts: new Set(accounts), end });
    const [first] = this.#followed.keys();
    if (this.#followed.size > this.#shared.settings.followed && first !== undefined) this.unfollow(first);
    if (!end.signal.aborted) this.#shared.spawn(follow(this.#shared, session, accounts, end.signal));
  }

  unfollow(session: Address): void {
    this.#followed.get(session)?.end.abort();
    this.#followed.delete(session);
  }

  end(): void {
    for (const session of [...this.#followed.keys()]) this.unfollow(session);
  }
}

/** Follows a session until the signal is aborted. */
async function follow(
  shared: Shared,
  session: Address,
  accounts: readonly Address[],
  signal: AbortSignal,
): Promise<void> {
  const { poll, seed } = shared.settings;
  const begin = () => pauses(poll, poll * UNHEARD, mix(seed, session));
  let waits = begin();
  while (!signal.aborted) {
    const round = new AbortController();
    const end = () => round.abort();
    signal.addEventListener('abort', end, { once: true });
    const heard = new Set<Address>();
    const refresh = () => {
      if (!signal.aborted && !shared.isStopped) shared.core.refresh(session);
    };
    const listen = async (account: Address) => {
      for await (const { slot } of shared.ledger.subscribe(account, { signal: round.signal })) {
        if (round.signal.aborted) return;
        if (heard.has(account)) shared.core.hint(session, slot);
        // What changed before the subscription began is not told by it.
        else if (heard.add(account).size === accounts.length) refresh();
      }
    };
    const lookAfter = async () => {
      while (heard.size < accounts.length) {
        await sleep(poll * UNHEARD, round.signal);
        if (heard.size < accounts.length) refresh();
      }
    };
    lookAfter().catch(() => {});
    const ended = new Promise<void>((resolve) => round.signal.addEventListener('abort', () => resolve()));
    await Promise.race([ended, ...accounts.map((account) => listen(account).catch(() => {}))]);
    signal.removeEventListener('abort', end);
    round.abort();
    if (heard.size < accounts.length) refresh();
    else waits = begin();
    await sleep(waits.next().value, signal).catch(() => {});
  }
}
