/** Deploying on LiteSVM, which runs the real loader. */
import { BLOCKHASH_BLOCKS, send, TransactionFailed } from '@sessions/client';
import type { Address, KeyPairSigner } from '@solana/kit';
import { beforeEach, describe, expect, test } from 'vitest';
import { bring, closeBuffer, survey } from '../../deploy/deployment.js';
import * as instructions from '../../deploy/instructions.js';
import type { Keys } from '../../deploy/keys.js';
import { landOne } from '../../deploy/upload.js';
import { execute, file, keysOf, landing, SOL, Svm, signer, toolsOn, Unplugged, wantedOf } from '../help/ledger.js';

const [rogue, arena] = [file('rogue'), file('arena')];

let svm: Svm;
let program: KeyPairSigner;
let keys: Keys;

beforeEach(async () => {
  svm = new Svm();
  program = await signer(1);
  keys = await keysOf(program);
  await svm.airdrop(keys.payer.address, 10n * SOL);
});

const wanted = (bytes: Uint8Array, given: Parameters<typeof wantedOf>[3] = {}) =>
  wantedOf(keys, program.address, bytes, given);
const balance = () => svm.balance(keys.payer.address);

/** Whether there is a program that is called and itself says what it thinks of no instruction at all. */
async function runs(): Promise<boolean> {
  const payer = await signer(99);
  await svm.airdrop(payer.address, SOL);
  const call = { programAddress: program.address, accounts: [], data: new Uint8Array() };
  const thrown: unknown = await send(svm, { payer, instructions: [call] }, landing).catch((error: unknown) => error);
  if (!(thrown instanceof TransactionFailed)) throw thrown;
  return thrown.logs.some((line) => line.startsWith(`Program ${program.address} consumed`));
}

describe('a program', () => {
  test('is deployed once, costs what was told, and then there is nothing to do', async () => {
    const told = await survey(svm, keys, wanted(rogue));
    expect(told.plan).toEqual({ what: 'deploy', maxLen: rogue.length, upload: { how: 'new' } });
    expect(instructions.chunkBytes(keys, told.buffer), 'as docs/deployment.md says').toBe(1_012);
    const done = await execute(svm, keys, wanted(rogue));
    expect(done).toMatchObject({ authority: keys.authority.address, written: Math.ceil(rogue.length / 1_012) });
    expect(svm.sent).toBe(told.cost.transactions);
    expect(10n * SOL - (await balance())).toBe(told.cost.spends);
    expect(await svm.balance(told.buffer), 'its rent went into the program').toBe(0n);
    expect(await runs()).toBe(true);
    const sent = svm.sent;
    const again = await survey(svm, keys, wanted(rogue));
    expect([again.plan, again.cost.transactions]).toEqual([{ what: 'nothing' }, 0]);
    expect((await execute(svm, keys, wanted(rogue))).written).toBe(0);
    expect(svm.sent, 'nothing was sent').toBe(sent);
  });

  test('takes no lamport more than was told', async () => {
    const { needs } = (await survey(svm, keys, wanted(rogue))).cost;
    const exact = new Svm();
    await exact.airdrop(keys.payer.address, needs);
    await execute(exact, keys, wanted(rogue));
    expect(await exact.balance(keys.payer.address)).toBe(0n);
    const poor = new Svm();
    await poor.airdrop(keys.payer.address, needs - 1n);
    await expect(execute(poor, keys, wanted(rogue))).rejects.toMatchObject({ name: 'Funds', code: 2 });
    expect(poor.sent).toBe(0);
  });

  test('is upgraded, and extended where it is longer', async () => {
    await execute(svm, keys, wanted(arena));
    keys = await keysOf(null);
    const [before, sent] = [await balance(), svm.sent];
    const told = await survey(svm, keys, wanted(rogue));
    expect(told.plan).toEqual({ what: 'upgrade', extend: rogue.length - arena.length, upload: { how: 'new' } });
    await execute(svm, keys, wanted(rogue));
    expect(before - (await balance())).toBe(told.cost.spends);
    expect(svm.sent - sent).toBe(told.cost.transactions);
    expect((await survey(svm, keys, wanted(rogue))).plan).toEqual({ what: 'nothing' });
    expect((await survey(svm, keys, wanted(arena))).plan).toMatchObject({ what: 'upgrade', extend: null });
    await execute(svm, keys, wanted(arena));
    expect((await survey(svm, keys, wanted(arena))).plan).toEqual({ what: 'nothing' });
    expect(await runs()).toBe(true);
  });

  test('is extended and upgraded in different slots, as the loader wants it', async () => {
    await execute(svm, keys, wanted(arena));
    svm.still = true;
    await execute(svm, keys, wanted(rogue));
    expect((await survey(svm, keys, wanted(rogue))).plan).toEqual({ what: 'nothing' });
  });

  test("is nobody's any more once it is final", async () => {
    const last = wanted(arena, { last: true });
    const told = await survey(svm, keys, last);
    expect((await execute(svm, keys, last)).authority).toBeNull();
    expect(svm.sent).toBe(told.cost.transactions);
    expect(10n * SOL - (await balance())).toBe(told.cost.spends);
    expect((await survey(svm, keys, last)).plan).toEqual({ what: 'nothing' });
    await expect(execute(svm, keys, wanted(rogue))).rejects.toMatchObject({ name: 'Final', code: 2 });
  });

  test('is given up later too', async () => {
    await execute(svm, keys, wanted(arena));
    const last = wanted(arena, { last: true });
    expect((await survey(svm, keys, last)).plan).toEqual({ what: 'finalize' });
    expect((await execute(svm, keys, last)).authority).toBeNull();
  });

  test('is paid for by another than who may upgrade it', async () => {
    keys = { ...keys, payer: await signer(5) };
    await svm.airdrop(keys.payer.address, 10n * SOL);
    const told = await survey(svm, keys, wanted(arena));
    expect((await execute(svm, keys, wanted(arena))).authority).toBe(keys.authority.address);
    expect(10n * SOL - (await balance())).toBe(told.cost.spends);
  });

  test("is in nobody's way with lamports that were sent to its address, or to its buffer's", async () => {
    const { buffer } = await survey(svm, keys, wanted(arena));
    await svm.airdrop(buffer, 1_000_000n);
    await svm.airdrop(program.address, 1_000_000n);
    const told = await survey(svm, keys, wanted(arena));
    await execute(svm, keys, wanted(arena));
    expect(10n * SOL - (await balance())).toBe(told.cost.spends);
  });
});

/** Numbers that follow from a seed. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('an upload', () => {
  const seed = Number(process.env.SESSIONS_SEED ?? Math.floor(Math.random() * 2 ** 32));

  test(`that is broken off anywhere goes on with what is missing (SESSIONS_SEED=${seed})`, async () => {
    const random = numbers(seed);
    const whole = (await survey(svm, keys, wanted(rogue))).cost;
    let written = 0;
    for (let breaks = 0; breaks < 4; breaks += 1) {
      const room = whole.transactions - 1 - svm.sent;
      svm.breaksAfter = svm.sent + 1 + Math.floor(random.next().value * (room - 1));
      await expect(execute(svm, keys, wanted(rogue))).rejects.toBeInstanceOf(Unplugged);
      expect(svm.sent).toBe(svm.breaksAfter);
      written = svm.sent - 1;
      const { plan } = await survey(svm, keys, wanted(rogue));
      if (plan.what !== 'deploy' || plan.upload.how !== 'resume') throw new Error('it is not resumed');
      expect(plan.upload.missing.length).toBe(whole.transactions - 2 - written);
      if (plan.upload.missing.length < 3) break;
    }
    svm.breaksAfter = Number.POSITIVE_INFINITY;
    const done = await execute(svm, keys, wanted(rogue));
    expect([done.written, svm.sent], 'no chunk was written twice').toEqual([
      whole.transactions - 2 - written,
      whole.transactions,
    ]);
    expect(10n * SOL - (await balance())).toBe(whole.spends);
    expect(await runs()).toBe(true);
  });

  test('that was complete is read once more before it is deployed, and mended', async () => {
    const { transactions } = (await survey(svm, keys, wanted(rogue))).cost;
    svm.breaksAfter = transactions - 1;
    await expect(execute(svm, keys, wanted(rogue))).rejects.toBeInstanceOf(Unplugged);
    svm.breaksAfter = Number.POSITIVE_INFINITY;
    const found = await survey(svm, keys, wanted(rogue));
    expect(found.plan).toMatchObject({ upload: { how: 'resume', missing: [] } });
    // While somebody thinks about going on, another run writes something else that would run as well.
    const other = rogue.with(rogue.length - 1, (rogue.at(-1) ?? 0) ^ 1);
    await landOne(
      toolsOn(svm, keys),
      [instructions.write(keys, found.buffer, other, { start: rogue.length - 100, end: rogue.length })],
      'the other run',
    );
    expect(await bring(toolsOn(svm, keys), wanted(rogue), found)).toMatchObject({ written: 1 });
    expect((await survey(svm, keys, wanted(rogue))).plan).toEqual({ what: 'nothing' });
    expect(await runs()).toBe(true);
  });

  test('whose buffer another run made anew, for more bytes, is not deployed', async () => {
    const { transactions } = (await survey(svm, keys, wanted(rogue))).cost;
    svm.breaksAfter = transactions - 1;
    await expect(execute(svm, keys, wanted(rogue))).rejects.toBeInstanceOf(Unplugged);
    svm.breaksAfter = Number.POSITIVE_INFINITY;
    const found = await survey(svm, keys, wanted(rogue));
    const [there] = await svm.read([found.buffer]);
    if (there?.account == null) throw new Error('no buffer');
    svm.put(found.buffer, { ...there.account, data: Uint8Array.from([...there.account.data, 0, 7]) });
    const { sent } = svm;
    await expect(bring(toolsOn(svm, keys), wanted(rogue), found)).rejects.toMatchObject({
      name: 'BufferChanged',
      code: 1,
    });
    expect(svm.sent, 'nothing was sent').toBe(sent);
  });

  test('that takes longer than a blockhash lasts is signed again, and no chunk is written twice', async () => {
    const sessions = file('sessions');
    svm.behind = 32n;
    expect(sessions.length / 1_012, 'each takes a block here').toBeGreaterThan(Number(BLOCKHASH_BLOCKS));
    const { transactions } = (await survey(svm, keys, wanted(sessions))).cost;
    await execute(svm, keys, wanted(sessions));
    expect(svm.sent).toBe(transactions);
    expect(await runs()).toBe(true);
  });

  test('has what never arrives handed over again', async () => {
    svm.losesEvery = 3;
    await execute(svm, keys, wanted(rogue));
    expect((await survey(svm, keys, wanted(rogue))).plan).toEqual({ what: 'nothing' });
  });

  test('that fails as a whole is told by what the runtime says, not by what a program last said', async () => {
    const found = await survey(svm, keys, wanted(arena));
    const rent = await svm.minimumBalance(37 + arena.length);
    const owner = '11111111111111111111111111111111' as Address;
    // It is left with less than the rent of an empty account.
    svm.put(keys.payer.address, { owner, lamports: rent + 10_000n, data: new Uint8Array(), executable: false });
    await expect(bring(toolsOn(svm, keys), wanted(arena), found)).rejects.toMatchObject({
      name: 'Failed',
      message: expect.stringContaining('making the buffer failed: the transaction failed: InsufficientFundsForRent'),
    });
  });

  test('of another length takes the place of one that was given up', async () => {
    svm.breaksAfter = 5;
    await expect(execute(svm, keys, wanted(rogue))).rejects.toBeInstanceOf(Unplugged);
    svm.breaksAfter = Number.POSITIVE_INFINITY;
    const [before, sent] = [await balance(), svm.sent];
    const told = await survey(svm, keys, wanted(arena));
    expect(told.plan).toEqual({ what: 'deploy', maxLen: arena.length, upload: { how: 'replace' } });
    await execute(svm, keys, wanted(arena));
    expect(svm.sent - sent).toBe(told.cost.transactions);
    expect(before - (await balance())).toBe(told.cost.spends);
  });

  test('of what is no program stays in its buffer, which can be closed', async () => {
    const none = wanted(new Uint8Array(3_000).fill(7));
    const failed = { name: 'Failed', code: 1, message: expect.stringContaining('the deployment failed') };
    await expect(execute(svm, keys, none)).rejects.toMatchObject(failed);
    const { plan, leftOver } = await survey(svm, keys, none);
    expect(plan).toMatchObject({ what: 'deploy', upload: { how: 'resume', missing: [] } });
    expect(leftOver).toBeGreaterThan(0n);
    const before = await balance();
    expect(await closeBuffer(toolsOn(svm, keys), program.address)).toBe(leftOver);
    expect((await balance()) - before).toBe((leftOver ?? 0n) - 5_000n);
    expect(await closeBuffer(toolsOn(svm, keys), program.address)).toBeNull();
    expect((await survey(svm, keys, none)).plan).toMatchObject({ upload: { how: 'new' } });
  });
});
