/** Whatever goes wrong on the way, a transaction runs once or not at all, and what is said of it is true. */
import { type Address, createNoopSigner, getBase58Encoder, type Transaction } from '@solana/kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  isLedgerError,
  type LandOptions,
  land,
  landResigning,
  lifetimeOf,
  type Progress,
  type RecentBlockhash,
  unsigned,
} from '../../src/index.js';
import { type Doubt, type Fault, FaultyChain } from '../help/faulty.js';

const payer = createNoopSigner('Vote111111111111111111111111111111111111111' as Address);
let signed = 0;

/** A transaction that lives as long as `lifetime`, with a signature that no other has. */
async function sign(lifetime: RecentBlockhash): Promise<Transaction> {
  const { messageBytes } = unsigned({ payer, instructions: [] });
  // The blockhash stands at the end of a message without instructions, before their number.
  const bytes = new Uint8Array(messageBytes);
  bytes.set(getBase58Encoder().encode(lifetime.blockhash), bytes.length - 33);
  signed += 1;
  const signature = new Uint8Array(64).fill(2);
  new DataView(signature.buffer).setUint32(0, signed);
  return { messageBytes: bytes, signatures: { [payer.address]: signature } } as unknown as Transaction;
}

/** Lets virtual time go on until a promise is settled. */
async function settled<T>(promise: Promise<T>): Promise<{ readonly value?: T; readonly error?: unknown }> {
  let outcome: { value?: T; error?: unknown } | undefined;
  promise.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  while (outcome === undefined) await vi.advanceTimersByTimeAsync(50);
  return outcome;
}

const attempt = (chain: FaultyChain, options: LandOptions = {}) =>
  settled(landResigning(chain.ledger(), sign, options));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fault>({ kind: 'lost' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Fault>(
      { kind: 'broken' },
      { kind: 'garbled' },
      { kind: 'failed' },
      { kind: 'failing' },
      { kind: 'busy' },
      { kind: 'doubled' },
      { kind: 'forked' },
      { kind: 'none' },
    ),
  },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 90_000 }).map<Fault>((after) => ({ kind: 'late', after })) },
);
/** A node that passes nothing on for longer than a blockhash lasts, but for what it passes on when that is about to be over, or is. */
const outage: fc.Arbitrary<Fault[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Fault>({ kind: 'lost' }, { kind: 'busy' }) },
    { weight: 1, arbitrary: fc.integer({ min: 50_000, max: 90_000 }).map<Fault>((after) => ({ kind: 'late', after })) },
  ),
  { minLength: 25, maxLength: 70 },
);
/** What arrives in the last moments in which it can run, when nothing else has. */
const edge: fc.Arbitrary<Fault[]> = fc
  .integer({ min: 54_000, max: 61_000 })
  .map((after) => [{ kind: 'late', after }, ...Array.from({ length: 40 }, (): Fault => ({ kind: 'lost' }))]);
const doubt: fc.Arbitrary<Doubt> = fc.constantFrom('none', 'none', 'silent', 'old');

describe('landing', () => {
  test('runs once or not at all, and says which, whatever is lost, late, doubled, broken or forked away', async () => {
    const bad = fc.oneof(fc.constant<Fault[]>([]), outage, edge);
    const faults = fc.tuple(bad, fc.array(fault, { maxLength: 40 })).map((parts) => parts.flat());
    const doubts = fc.oneof(
      fc.array(doubt, { maxLength: 80 }),
      fc.constant(Array.from({ length: 300 }, (): Doubt => 'old')),
    );
    const seen = { ran: 0, expired: 0, unresolved: 0, resigned: 0 };
    const property = fc.asyncProperty(
      faults,
      doubts,
      fc.nat(),
      fc.constantFrom('confirmed', 'finalized'),
      async (f, d, seed, commitment) => {
        const chain = new FaultyChain(f, d);
        let signings = 0;
        const onProgress = ({ what }: Progress) => {
          if (what === 'signed') signings += 1;
        };
        const { value, error } = await attempt(chain, {
          seed,
          commitment: commitment as 'confirmed',
          patience: 200_000,
          onProgress,
        });
        // What was late arrives now, if it still can.
        await vi.advanceTimersByTimeAsync(120_000);
        if (signings > 1) seen.resigned += 1;
        expect(chain.total).toBeLessThanOrEqual(1);
        if (value !== undefined) {
          seen.ran += 1;
          expect(chain.runs.get(value.signature)).toBe(1);
        } else if (isLedgerError(error, 'BlockhashExpired')) {
          seen.expired += 1;
          expect(chain.total).toBe(0);
        } else {
          seen.unresolved += 1;
          expect(isLedgerError(error, 'Unresolved')).toBe(true);
        }
      },
    );
    await fc.assert(property, { numRuns: 200, seed: 20_260_101 });
    expect(seen.ran).toBeGreaterThan(50);
    expect(seen.resigned).toBeGreaterThan(5);
  });

  test('the same bytes are handed over until the finalized height has passed, and only then is it signed anew', async () => {
    const chain = new FaultyChain(
      Array.from({ length: 200 }, () => ({ kind: 'lost' }) as const),
      [],
    );
    const told: Progress[] = [];
    const { error } = await attempt(chain, {
      signings: 2,
      patience: 1_000_000,
      onProgress: (progress) => told.push(progress),
    });
    expect(isLedgerError(error, 'BlockhashExpired')).toBe(true);
    expect(String(error)).toContain('signed 2 times');
    const names = told.map(({ what }) => what);
    expect(names.filter((what) => what === 'signed')).toHaveLength(2);
    expect(names.filter((what) => what === 'expired')).toHaveLength(2);
    // A blockhash lasts 150 blocks of 400 ms, and 32 more until the last of them is finalized: some thirty broadcasts.
    const sent = told.filter(({ what }) => what === 'sent');
    expect(sent.length).toBeGreaterThan(40);
    expect(sent.length).toBeLessThan(80);
    expect(new Set(sent.map(({ signature }) => signature)).size).toBe(2);
  });

  test('what is not known is said to be so, and can be asked for later', async () => {
    const chain = new FaultyChain(
      [{ kind: 'late', after: 20_000 }, ...Array.from({ length: 50 }, () => ({ kind: 'lost' }) as const)],
      [],
    );
    const ledger = chain.ledger();
    const lifetime = await ledger.blockhash();
    const transaction = await sign(lifetime);
    const first = await settled(land(ledger, transaction, lifetime, { patience: 5_000 }));
    expect(first.error).toMatchObject({ name: 'Unresolved' });
    const second = await settled(land(ledger, transaction, lifetime, { underway: true }));
    expect(second.value).toMatchObject({ commitment: 'confirmed' });
    expect(chain.total).toBe(1);
  });

  test.each(['garbled', 'failed'] as const)('what a node answers with is no refusal: %s', async (kind) => {
    const chain = new FaultyChain([{ kind }], []);
    const told: Progress[] = [];
    const { value } = await attempt(chain, { onProgress: (progress) => told.push(progress) });
    expect(value?.status.commitment).toBe('confirmed');
    expect(told.filter(({ what }) => what === 'signed')).toHaveLength(1);
    expect(chain.total).toBe(1);
  });

  test('what fails in a block that is given up is handed over again, and may run yet', async () => {
    const chain = new FaultyChain([{ kind: 'failing' }], []);
    const told: Progress[] = [];
    const { value } = await attempt(chain, { look: 10, onProgress: (progress) => told.push(progress) });
    const seen = told
      .filter((progress) => progress.what === 'seen')
      .map(({ status }) => [status.commitment, status.error]);
    expect(seen[0]).toEqual(['processed', 'AccountInUse']);
    expect(value?.status).toMatchObject({ commitment: 'confirmed', error: null });
  });

  test('a signal stops the waiting', async () => {
    const stop = new AbortController();
    const chain = new FaultyChain([{ kind: 'lost' }], []);
    setTimeout(() => stop.abort(new Error('left')), 1_000);
    const { error } = await attempt(chain, { signal: stop.signal });
    expect(error).toMatchObject({ message: 'left' });
  });

  test('a wallet that signs with a blockhash of its own is waited for as long as that one can live', async () => {
    const chain = new FaultyChain([], []);
    const ledger = chain.ledger();
    const own = await ledger.blockhash();
    const lifetime = await lifetimeOf(ledger, await sign(own));
    expect(lifetime).toEqual({ blockhash: own.blockhash, lastValidBlockHeight: chain.height + 150n });
    const told: Progress[] = [];
    await vi.advanceTimersByTimeAsync(10_000);
    const { value } = await settled(
      landResigning(ledger, () => sign(own), { onProgress: (progress) => told.push(progress) }),
    );
    expect(value?.status.commitment).toBe('confirmed');
    expect(told[0]).toMatchObject({ what: 'signed', lifetime: { blockhash: own.blockhash } });
  });

  test('two that were begun together with one seed do not ask together, and one asks the same each time', async () => {
    const { pauses, mix } = await import('../../src/transaction/pause.js');
    const first = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (waits) => () =>
            waits.next().value
        )(pauses(200, 2_000, seed)),
      );
    expect(first(mix(0, 'one'))).toEqual(first(mix(0, 'one')));
    expect(first(mix(0, 'one'))).not.toEqual(first(mix(0, 'two')));
    for (const pause of first(7)) expect(pause).toBeLessThan(4_000);
  });
});
