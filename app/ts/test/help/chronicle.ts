/** What accounts of the embedded ledger held in which slot, so that a reader can be told which state its slot stands for. */
import type { Address } from '@solana/kit';
import type { AccountContent, Snapshot } from '../../src/index.js';
import type { Embedded } from '../../src/testing/index.js';

/** The history of some accounts, written from the moment on when it was begun. */
export class Chronicle {
  readonly #pages = new Map<Address, Snapshot[]>();
  readonly #end = new AbortController();

  /** Begins it for these accounts. */
  static async of(ledger: Embedded, accounts: readonly Address[]): Promise<Chronicle> {
    const chronicle = new Chronicle();
    for (const first of await ledger.read(accounts)) chronicle.#begin(ledger, first);
    return chronicle;
  }

  #begin(ledger: Embedded, first: Snapshot): void {
    const page: Snapshot[] = [{ ...first, slot: 0n }];
    this.#pages.set(first.address, page);
    const write = async () => {
      // Nothing is lost here, and each is as of the slot in which the account changed.
      for await (const snapshot of ledger.subscribe(first.address, { signal: this.#end.signal })) page.push(snapshot);
    };
    void write();
  }

  /** What an account held as of a slot: a change is seen by those who read in a later slot than its own. */
  at(account: Address, slot: bigint): AccountContent | null {
    const page = this.#pages.get(account);
    if (page === undefined) throw new Error(`${account} is not written down`);
    return page.findLast((snapshot, place) => place === 0 || snapshot.slot < slot)?.account ?? null;
  }

  /** Ends it. */
  end(): void {
    this.#end.abort();
  }
}

/** Whether two accounts are the same, byte for byte. */
export function isSame(one: AccountContent | null, other: AccountContent | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.owner === other.owner &&
    one.lamports === other.lamports &&
    one.executable === other.executable &&
    Buffer.compare(new Uint8Array(one.data), new Uint8Array(other.data)) === 0
  );
}
