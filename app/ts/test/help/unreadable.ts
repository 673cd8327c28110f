/** A ledger whose accounts cannot be read for a while, and that answers without a pause when they can: no timer keeps a load. */
import type { Address } from '@solana/kit';
import { LedgerError, type Snapshot } from '../../src/index.js';
import { Wrapped } from './wrapped.js';

/** The embedded ledger, of which everything else works. */
export class Unreadable extends Wrapped {
  /** Whether it fails at every reading, for a reason that is no reason to try again at once. */
  fails = false;
  /** How often it failed at one. */
  failures = 0;
  /** What a reading that succeeds waits for. */
  before: () => Promise<void> = async () => {};
  /** What is said of the accounts that were read. */
  said: (snapshots: readonly Snapshot[]) => readonly Snapshot[] = (snapshots) => snapshots;

  /** Which accounts were subscribed to. */
  readonly subscribed = new Set<Address>();

  override subscribe(address: Address, asking: { readonly signal: AbortSignal }): AsyncGenerator<Snapshot, void> {
    this.subscribed.add(address);
    return super.subscribe(address, asking);
  }

  override async read(addresses: readonly Address[]): Promise<readonly Snapshot[]> {
    this.reads += 1;
    if (this.fails) {
      this.failures += 1;
      throw new LedgerError('NodeFailed', { url: 'http://node', reason: 'the node failed' });
    }
    await this.before();
    return this.said(await this.inner.read(addresses));
  }
}
