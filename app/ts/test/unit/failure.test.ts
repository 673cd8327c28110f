import {
  type Address,
  getSolanaErrorFromTransactionError,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SolanaError,
} from '@solana/kit';
import { describe, expect, test } from 'vitest';
import {
  failureOf,
  isSessionsError,
  PROGRAM,
  SessionsError,
  sessionsErrorFrom,
  TransactionFailed,
} from '../../src/index.js';

const MEMO = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr' as Address;
const custom = (code: number, instruction = 0) => ({ InstructionError: [instruction, { Custom: code }] });
const failed = (program: Address, code: number) =>
  `Program ${program} failed: custom program error: 0x${code.toString(16)}`;
const logs = (...own: readonly string[]) => [`Program ${PROGRAM} invoke [1]`, ...own, failed(PROGRAM, 6_004)];

describe('failures', () => {
  test("a number is the program's if the instruction went to it and none that it called failed", () => {
    const found = failureOf(custom(6_000, 1), [MEMO, PROGRAM], []);
    expect(found).toBeInstanceOf(SessionsError);
    expect(found).toMatchObject({ name: 'SessionNotFound', code: 6_000, instruction: 1, detail: undefined });
    expect(failureOf(custom(6_000), [MEMO], [])).toBeInstanceOf(TransactionFailed);
    const called = [
      `Program ${PROGRAM} invoke [1]`,
      `Program ${MEMO} invoke [2]`,
      failed(MEMO, 6_000),
      failed(PROGRAM, 6_000),
    ];
    expect(failureOf(custom(6_000), [PROGRAM], called)).toMatchObject({
      name: 'Custom',
      code: 6_000,
      message: `instruction 0 failed: Custom 6000 (by ${MEMO})`,
    });
    expect(failureOf(custom(9_999), [PROGRAM], [])).toMatchObject({ name: 'Custom', code: 9_999 });
  });

  test("the log's detail is said, and only the program's own", () => {
    const found = failureOf(
      custom(6_004),
      [PROGRAM],
      logs('Program log: InvalidConfiguration', 'Program log: max_members'),
    );
    expect(found).toMatchObject({ name: 'InvalidConfiguration', detail: 'max_members' });
    expect(found.message).toBe("An argument is out of its range; the field's name is in the log. (max_members)");
    const forged = [
      `Program ${MEMO} invoke [2]`,
      'Program log: InvalidConfiguration',
      'Program log: forged',
      `Program ${MEMO} success`,
    ];
    expect(failureOf(custom(6_004), [PROGRAM], logs(...forged))).toMatchObject({
      name: 'InvalidConfiguration',
      detail: undefined,
    });
  });

  test("the runtime's errors keep its words", () => {
    expect(failureOf('BlockhashNotFound', [], [])).toMatchObject({ name: 'BlockhashNotFound', instruction: undefined });
    expect(failureOf({ InstructionError: [2, 'InvalidSeeds'] }, [], [])).toMatchObject({
      name: 'InvalidSeeds',
      instruction: 2,
    });
    expect(failureOf({ InsufficientFundsForRent: { account_index: 0 } }, [], [])).toMatchObject({
      name: 'InsufficientFundsForRent',
    });
  });

  test('the account that the runtime names is kept, and said', () => {
    const rent = { InsufficientFundsForRent: { account_index: 1 } };
    const found = failureOf(rent, [], [], [PROGRAM, MEMO]);
    expect(found).toMatchObject({ name: 'InsufficientFundsForRent', account: 1, instruction: undefined });
    expect(found.message).toBe(
      `the transaction failed: InsufficientFundsForRent (${MEMO}); the account would have less than its rent; give it more, or nothing at all`,
    );
    expect(failureOf(rent, [], []).message).toContain('(account 1)');
    expect(failureOf('AccountNotFound', [], [], [PROGRAM])).toMatchObject({ account: undefined });
  });

  test("kit's errors are read for the program's, wherever they are", () => {
    const cause = getSolanaErrorFromTransactionError(custom(6_004));
    const preflight = new SolanaError(SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE, {
      accounts: null,
      fee: null,
      innerInstructions: null,
      loadedAccountsDataSize: undefined,
      loadedAddresses: null,
      logs: logs('Program log: InvalidConfiguration', 'Program log: uses'),
      postBalances: null,
      postTokenBalances: null,
      preBalances: null,
      preTokenBalances: null,
      replacementBlockhash: null,
      returnData: null,
      unitsConsumed: null,
      cause,
    } as never);
    const found = sessionsErrorFrom(preflight);
    expect(found).toMatchObject({ name: 'InvalidConfiguration', detail: 'uses', cause: preflight });
    expect(isSessionsError(found, 'InvalidConfiguration')).toBe(true);
    expect(isSessionsError(found, 'SessionFull')).toBe(false);
    expect(sessionsErrorFrom(new Error('wrapped', { cause }))).toMatchObject({ name: 'InvalidConfiguration' });
    expect(sessionsErrorFrom(cause, [MEMO])).toBeUndefined();
    expect(sessionsErrorFrom(new Error('other'))).toBeUndefined();
    expect(sessionsErrorFrom('no error')).toBeUndefined();
  });
});
