import { describe, expect, test } from 'vitest';
import { LedgerError, priorityFee, type TransactionStatus, unitLimit } from '../../src/index.js';
import { priceOf } from '../../src/transaction/budget.js';
import { handoverOf, isOver, mayBeUnderway, stepOf } from '../../src/transaction/decide.js';

const at = (commitment: TransactionStatus['commitment']): TransactionStatus => ({ slot: 7n, commitment, error: null });
const rejected = (error: string) => new LedgerError('Rejected', { error });
const url = 'http://node';

describe('what to do about a transaction', () => {
  test('a blockhash lasts until the finalized height is past its last block', () => {
    const lifetime = { blockhash: '' as never, lastValidBlockHeight: 150n };
    expect([0n, 149n, 150n, 151n].map((height) => isOver(lifetime, height))).toEqual([false, false, false, true]);
  });

  test('what ran is waited for and never expires', () => {
    for (const expired of [false, true]) {
      expect(stepOf(expired, at('confirmed'), 'confirmed').step).toBe('done');
      expect(stepOf(expired, at('finalized'), 'processed').step).toBe('done');
      expect(stepOf(expired, at('processed'), 'confirmed').step).toBe('wait');
    }
    expect(stepOf(false, null, 'processed').step).toBe('rebroadcast');
    expect(stepOf(true, null, 'processed').step).toBe('expired');
  });

  test('a refusal counts only before the bytes may be on their way', () => {
    const noFunds = rejected('InsufficientFundsForFee');
    expect(handoverOf(noFunds, false, 0)).toEqual({ refused: noFunds });
    expect(handoverOf(noFunds, true, 0)).toBe('again');
    expect(handoverOf(rejected('AlreadyProcessed'), false, 0)).toBe('underway');
    expect(handoverOf(null, false, 0)).toBe('underway');
  });

  test('a blockhash that a node does not know yet is tried again for a while', () => {
    const unknown = rejected('BlockhashNotFound');
    expect([0, 1].map((tries) => handoverOf(unknown, false, tries))).toEqual(['again', 'again']);
    expect(handoverOf(unknown, false, 2)).toEqual({ refused: unknown });
    expect(handoverOf(unknown, true, 100)).toBe('again');
  });

  test('a connection that breaks leaves open whether the bytes arrived', () => {
    const broken = [new LedgerError('Unreachable', { url, reason: '' }), new LedgerError('Timeout', { url })];
    const busy = [new LedgerError('RateLimited', { url }), new LedgerError('NodeBehind', { url, slots: null })];
    expect(broken.map(mayBeUnderway)).toEqual([true, true]);
    expect(busy.map(mayBeUnderway)).toEqual([false, false]);
    for (const error of [...broken, ...busy]) expect(handoverOf(error, false, 0)).toBe('again');
    expect(mayBeUnderway(rejected('InsufficientFundsForFee'))).toBe(false);
    const nonsense = new LedgerError('NotSolana', { url, reason: 'it was cut off' });
    expect([mayBeUnderway(nonsense), handoverOf(nonsense, false, 0)]).toEqual([true, 'again']);
  });

  test('the limit is what was simulated and a margin, and never more than possible', () => {
    const expected = [
      [0n, 1_000],
      [10_000n, 12_000],
      [1_271_818n, 1_399_999],
      [1_271_819n, 1_400_000],
      [1_400_000n, 1_400_000],
    ] as const;
    for (const [simulated, limit] of expected) expect(unitLimit(simulated)).toBe(limit);
  });

  test('the price is what three quarters did with, up to the cap, and the fee is rounded up', () => {
    expect(priceOf([], 9n)).toBe(0n);
    expect(priceOf([5n], 9n)).toBe(5n);
    expect(priceOf([4n, 1n, 3n, 2n], 9n)).toBe(4n);
    expect(
      priceOf(
        Array.from({ length: 100 }, (_, place) => BigInt(place)),
        50n,
      ),
    ).toBe(50n);
    expect(priorityFee({ units: 200_001, price: 5n })).toBe(2n);
    expect(priorityFee({ units: 0, price: 5n })).toBe(0n);
  });
});
