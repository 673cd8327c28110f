/** The rules of docs/deployment.md, one after the other. */
import type { AccountContent } from '@sessions/client';
import { type Address, getAddressDecoder, getAddressEncoder } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { costOf, SIGNATURE_FEE } from '../../deploy/cost.js';
import { bufferAddress, bufferSeed, plan, type Seen, type Wanted } from '../../deploy/plan.js';
import { isSame, LOADER, MAX_PROGRAM, readState } from '../../deploy/state.js';

const CHUNK = 10;
const FILE = new Uint8Array(25).fill(9);
const SYSTEM = '11111111111111111111111111111111' as Address;

const address = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const [PROGRAM, OURS, BUFFER, OTHER] = [address(1), address(2), address(3), address(8)];

const wanted = (given: Partial<Wanted> = {}): Wanted => ({
  program: PROGRAM,
  key: true,
  authority: OURS,
  payer: OURS,
  file: FILE,
  last: false,
  ...given,
});

const seen = (given: Partial<Seen> = {}): Seen => ({
  program: null,
  data: null,
  buffer: null,
  balance: 1_000_000_000n,
  rent: { base: 100n, perByte: 10n },
  ...given,
});

const account = (owner: Address, data: Uint8Array, lamports = 100n + 10n * BigInt(data.length)): AccountContent => ({
  owner,
  lamports,
  data,
  executable: false,
});

const little = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, place) => Math.floor(value / 256 ** place) % 256);
const option = (authority: Address | null) => [
  authority === null ? 0 : 1,
  ...(authority === null ? new Uint8Array(32) : getAddressEncoder().encode(authority)),
];
const program = () => account(LOADER, Uint8Array.from([...little(2, 4), ...new Uint8Array(32).fill(5)]));
const data = (authority: Address | null, code: Uint8Array) =>
  account(LOADER, Uint8Array.from([...little(3, 4), ...little(7, 8), ...option(authority), ...code]));
const buffer = (authority: Address | null, content: Uint8Array) =>
  account(LOADER, Uint8Array.from([...little(1, 4), ...option(authority), ...content]));
const there = (authority: Address | null, code: Uint8Array, given: Partial<Seen> = {}) =>
  seen({ program: program(), data: data(authority, code), ...given });

const planned = (what: Wanted, found: Seen) => plan(what, found, BUFFER, CHUNK);
const refused = (refusal: object) => ({ what: 'refuse', refusal });
const NEW = { how: 'new' };
const ELSE = new Uint8Array(25).fill(1);

describe('the rules', () => {
  test('1: a length below the file or above an account is refused', () => {
    for (const given of [24, MAX_PROGRAM + 1]) {
      expect(planned(wanted({ maxLen: given }), seen())).toEqual(refused({ why: 'Length', least: 25, given }));
    }
    expect(planned(wanted({ maxLen: 25 }), seen())).toMatchObject({ what: 'deploy' });
    expect(planned(wanted({ maxLen: MAX_PROGRAM }), seen())).toMatchObject({ what: 'deploy' });
    expect(MAX_PROGRAM).toBe(10_485_715);
  });

  test('2: where nothing is, or only lamports, the first deployment takes the key', () => {
    for (const found of [null, account(SYSTEM, new Uint8Array(), 1n)]) {
      expect(planned(wanted({ key: false }), seen({ program: found }))).toEqual(
        refused({ why: 'KeyMissing', program: PROGRAM }),
      );
    }
  });

  test('3: with the key it is deployed, with room for the file or for what is asked for', () => {
    expect(planned(wanted(), seen())).toEqual({ what: 'deploy', maxLen: 25, upload: NEW });
    expect(planned(wanted({ maxLen: 99 }), seen())).toEqual({ what: 'deploy', maxLen: 99, upload: NEW });
    const sent = account(SYSTEM, new Uint8Array(), 1n);
    expect(planned(wanted(), seen({ program: sent, buffer: sent }))).toEqual({
      what: 'deploy',
      maxLen: 25,
      upload: NEW,
    });
  });

  test('4: what is no program of the loader is refused', () => {
    const other = account(OTHER, Uint8Array.of(1));
    expect(planned(wanted(), seen({ program: other }))).toEqual(
      refused({ why: 'NotAProgram', program: PROGRAM, owner: OTHER }),
    );
    expect(planned(wanted(), seen({ program: buffer(OURS, FILE) }))).toMatchObject({ refusal: { why: 'NotAProgram' } });
  });

  test('5: a program whose data is gone was closed', () => {
    const closed = refused({ why: 'Closed', program: PROGRAM });
    expect(planned(wanted(), seen({ program: program() }))).toEqual(closed);
    expect(planned(wanted(), seen({ program: program(), data: account(LOADER, new Uint8Array(4)) }))).toEqual(closed);
  });

  test('6: the same program needs nothing, whoever owns it and whoever has no money', () => {
    const roomy = Uint8Array.from([...FILE, 0, 0, 0]);
    for (const owner of [null, OURS, OTHER]) {
      const found = there(owner, roomy, { balance: 0n });
      expect(planned(wanted({ key: false }), found)).toEqual({ what: 'nothing' });
      expect(planned(wanted({ maxLen: 28 }), found)).toEqual({ what: 'nothing' });
    }
    expect(planned(wanted({ last: true }), there(null, FILE))).toEqual({ what: 'nothing' });
    expect(planned(wanted({ maxLen: 29 }), there(OURS, roomy))).toMatchObject({ what: 'upgrade' });
    expect(planned(wanted(), there(OURS, Uint8Array.from([...FILE, 1])))).toMatchObject({ what: 'upgrade' });
  });

  test('7: with --final its authority is given up, by who has it', () => {
    expect(planned(wanted({ last: true }), there(OURS, FILE))).toEqual({ what: 'finalize' });
    expect(planned(wanted({ last: true }), there(OTHER, FILE))).toMatchObject({ refusal: { why: 'NotYours' } });
  });

  test('8: another file cannot take the place of a final program', () => {
    expect(planned(wanted(), there(null, ELSE))).toEqual(refused({ why: 'Final', program: PROGRAM }));
  });

  test("9: nor of somebody else's", () => {
    const refusal = { why: 'NotYours', program: PROGRAM, owner: OTHER, given: OURS };
    expect(planned(wanted(), there(OTHER, ELSE))).toEqual(refused(refusal));
  });

  test('10: ours is upgraded without its key, and extended by no less than the loader grants', () => {
    const keyless = wanted({ key: false });
    expect(planned(keyless, there(OURS, ELSE))).toEqual({ what: 'upgrade', extend: null, upload: NEW });
    const short = new Uint8Array(24).fill(1);
    expect(planned(keyless, there(OURS, short))).toEqual({ what: 'upgrade', extend: 10_240, upload: NEW });
    expect(planned(wanted({ maxLen: 20_000 }), there(OURS, short))).toMatchObject({ extend: 19_976 });
    const full = there(OURS, new Uint8Array(MAX_PROGRAM - 3));
    expect(planned(wanted({ maxLen: MAX_PROGRAM }), full)).toMatchObject({ extend: 3 });
  });

  test('11: without a buffer a new one is made', () => {
    expect(planned(wanted(), seen())).toMatchObject({ upload: NEW });
  });

  test('12: an upload goes on with the chunks that are missing or differ', () => {
    const resumed = (...missing: readonly (readonly [number, number])[]) => ({
      what: 'deploy',
      maxLen: 25,
      upload: { how: 'resume', missing: missing.map(([start, end]) => ({ start, end })) },
    });
    const half = FILE.slice();
    half[12] = 0;
    expect(planned(wanted(), seen({ buffer: buffer(OURS, half) }))).toEqual(resumed([10, 20]));
    half[24] = 0;
    expect(planned(wanted(), seen({ buffer: buffer(OURS, half) }))).toEqual(resumed([10, 20], [20, 25]));
    expect(planned(wanted(), seen({ buffer: buffer(OURS, FILE) }))).toEqual(resumed());
  });

  test('13: a buffer of another length is replaced', () => {
    for (const length of [24, 26]) {
      const found = seen({ buffer: buffer(OURS, new Uint8Array(length)) });
      expect(planned(wanted(), found)).toEqual({ what: 'deploy', maxLen: 25, upload: { how: 'replace' } });
    }
  });

  test('14: a buffer that somebody else may write, or nobody, is refused', () => {
    const taken = [buffer(OTHER, FILE), buffer(null, FILE), program(), account(LOADER, new Uint8Array(4))];
    for (const found of taken) {
      expect(planned(wanted(), seen({ buffer: found }))).toEqual(
        refused({ why: 'BufferTaken', buffer: BUFFER, authority: OURS }),
      );
    }
  });

  test('15: what it takes is told before, and one lamport less is refused', () => {
    // The code's account with its header, the program's, and five transactions: the buffer, three chunks, the deployment; the program signs once.
    const needs = 100n + 10n * (45n + 25n) + 100n + 10n * 36n + 6n * SIGNATURE_FEE;
    const deploys = planned(wanted(), seen({ balance: needs }));
    expect(deploys).toMatchObject({ what: 'deploy' });
    expect(costOf(deploys, wanted(), seen(), CHUNK)).toEqual({ needs, spends: needs, transactions: 5 });
    expect(planned(wanted(), seen({ balance: needs - 1n }))).toEqual(
      refused({ why: 'Funds', payer: OURS, needs, has: needs - 1n }),
    );
  });
});

test("an upgrade gets its buffer's rent back, and two keys pay two fees", () => {
  const upgrade = planned(wanted(), there(OURS, ELSE));
  const fees = 5n * SIGNATURE_FEE;
  const rent = 100n + 10n * (37n + 25n);
  expect(costOf(upgrade, wanted(), there(OURS, ELSE), CHUNK)).toEqual({
    needs: rent + 100n + fees,
    spends: fees,
    transactions: 5,
  });
  expect(costOf(upgrade, wanted({ payer: OTHER }), there(OURS, ELSE), CHUNK).spends).toBe(2n * fees);
});

test('each authority has one buffer for each program, where `sessions deploy` has it', async () => {
  expect(await bufferAddress(OURS, PROGRAM)).toBe(await bufferAddress(OURS, PROGRAM));
  expect(await bufferAddress(OURS, PROGRAM)).not.toBe(await bufferAddress(OTHER, PROGRAM));
  expect(await bufferAddress(OURS, PROGRAM)).not.toBe(await bufferAddress(OURS, OTHER));
  expect(await bufferSeed(PROGRAM)).toMatch(/^[0-9a-f]{32}$/);
});

test("only the loader's accounts are read, and none that is cut off", () => {
  const whole = data(OURS, new Uint8Array());
  expect(readState(whole)).toEqual({ is: 'data', slot: 7n, authority: OURS });
  expect(readState({ ...whole, owner: OTHER })).toBeNull();
  for (let length = 0; length < whole.data.length; length += 1) {
    expect(readState({ owner: LOADER, data: whole.data.subarray(0, length) }), String(length)).toBeNull();
  }
  expect(readState({ owner: LOADER, data: Uint8Array.of(1, 0, 0, 0, 0) })).toEqual({ is: 'buffer', authority: null });
  expect(readState({ owner: LOADER, data: Uint8Array.of(1, 0, 0, 0, 2) })).toBeNull();
  expect(readState({ owner: LOADER, data: Uint8Array.of(4, 0, 0, 0) })).toBeNull();
});

test('a program is the same only if nothing but room follows', () => {
  const same = (found: readonly number[], file: readonly number[]) =>
    isSame(Uint8Array.from(found), Uint8Array.from(file));
  expect([same([1, 2, 0, 0], [1, 2]), same([1, 2], [1, 2])]).toEqual([true, true]);
  expect([same([1, 2, 0, 3], [1, 2]), same([1], [1, 2]), same([1, 3, 0], [1, 2])]).toEqual([false, false, false]);
});
