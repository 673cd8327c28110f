/** The IDL: its instructions as the Program Metadata program's own client makes them, and its upload on a ledger that plays that program. */
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import { readOne } from '@sessions/client';
import {
  type Address,
  getCompiledTransactionMessageDecoder,
  type Instruction,
  type KeyPairSigner,
  type Transaction,
} from '@solana/kit';
import { beforeEach, describe, expect, test } from 'vitest';
import { survey } from '../../deploy/deployment.js';
import { type IdlFile, type IdlSurvey, surveyIdl, writeIdl } from '../../deploy/idl.js';
import type { Keys } from '../../deploy/keys.js';
import * as metadata from '../../deploy/metadata.js';
import { dataAddress } from '../../deploy/state.js';
import { findOut } from '../../deploy/together.js';
import { execute, file, keysOf, SOL, Svm, signer, toolsOn, Unplugged, wantedOf } from '../help/ledger.js';
import { SvmWithMetadata } from '../help/metadata-program.js';

/** Made by `@solana-program/program-metadata` 0.7.0 of keys that are 32 bytes of 1 and of 2. */
const vectors = JSON.parse(readFileSync(new URL('../help/program-metadata.json', import.meta.url), 'utf8')) as {
  readonly program: Address;
  readonly programData: Address;
  readonly addresses: Readonly<Record<string, Address>>;
  readonly content: string;
  readonly instructions: Readonly<Record<string, unknown>>;
  readonly accounts: Readonly<Record<string, string>>;
};

/** How an IDL is written, and what takes its place: the tests of `sessions deploy` compare with the same. */
const way = JSON.parse(readFileSync(new URL('../help/idl-way.json', import.meta.url), 'utf8')) as {
  readonly chunk: number;
  readonly steps: readonly { readonly text: string; readonly breaksAfter: number | null }[];
  readonly transactions: readonly unknown[];
};

let svm: SvmWithMetadata;
let program: KeyPairSigner;
let keys: Keys;

beforeEach(async () => {
  svm = new SvmWithMetadata();
  program = await signer(1);
  keys = await keysOf(program);
  await svm.airdrop(keys.payer.address, 10n * SOL);
});

const hex = (bytes: Instruction['data']) => Buffer.from(bytes ?? []).toString('hex');

describe('what is written', () => {
  const shown = ({ programAddress, accounts = [], data }: Instruction) => ({
    program: programAddress,
    accounts: accounts.map(({ address, role }) => [address, role]),
    data: hex(data),
  });

  test('has the addresses and the instructions of its own client', async () => {
    const { authority } = keys;
    const of = { authority, program: program.address, programData: await dataAddress(program.address) };
    expect([of.program, of.programData]).toEqual([vectors.program, vectors.programData]);
    const idl = await metadata.metadataAddress(of.program, 'idl');
    const buffer = await metadata.metadataAddress(of.program, 'idl-upload');
    expect({ idl, 'idl-upload': buffer }).toEqual(vectors.addresses);
    const [extended = expect.fail()] = metadata.extend(of, idl, 8_831);
    const made = {
      allocate: metadata.allocate(of, buffer, 'idl-upload'),
      extend: extended,
      write: metadata.write(of, buffer, 70_000, Uint8Array.of(1, 2, 3, 4, 5)),
      initialize: metadata.initialize(of, idl, 'idl'),
      setData: metadata.setData(of, idl, buffer),
      trim: metadata.trim(of, idl, authority.address),
      close: metadata.close(of, buffer, authority.address),
    };
    const all = Object.entries(made).map(([name, instruction]) => [name, shown(instruction)]);
    expect(Object.fromEntries(all)).toEqual(vectors.instructions);
  });

  test('is read as its own client writes it', () => {
    const read = (name: string) => {
      const data = Uint8Array.from(Buffer.from(vectors.accounts[name] ?? '', 'hex'));
      return metadata.readKept({ owner: metadata.METADATA, data });
    };
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    expect(read('buffer')).toEqual({ is: 'buffer', authority: keys.authority.address, data: bytes });
    const found = read('metadata');
    if (found?.is !== 'metadata') throw new Error('it is not read');
    expect(inflateSync(found.data).toString()).toBe(vectors.content);
    expect(found).toMatchObject({ mutable: true, direct: true, compression: 2 });
    expect(read('immutable')).toMatchObject({ mutable: false });
    expect(read('gzip')).toMatchObject({ compression: 1 });
    expect(read('url')).toMatchObject({ direct: false });
  });
});

const [arena, rogue] = [file('arena'), file('rogue')];
/** An IDL of so many bytes that do not compress. */
function idl(bytes: number, seed = 1): IdlFile {
  let state = seed;
  const noise = Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 90));
  });
  return { path: 'idl.json', text: new TextEncoder().encode(noise.join('')), program: program.address };
}

const look = async (of: IdlFile, bytes = arena, on: Svm = svm): Promise<IdlSurvey> =>
  surveyIdl(on, keys, program.address, await survey(on, keys, wantedOf(keys, program.address, bytes)), of);

const there = async (address: Address) => {
  const { account } = await readOne(svm, address);
  const kept = account && metadata.readKept(account);
  if (account === null || kept?.is !== 'metadata') throw new Error('there is none');
  return { text: inflateSync(kept.data), account };
};

/** Writes it, and compares what that costs with what was told. */
async function written(of: IdlFile): Promise<IdlSurvey> {
  const found = await look(of);
  const [before, sent] = [await svm.balance(keys.payer.address), svm.sent];
  await writeIdl(toolsOn(svm, keys), program.address, found);
  expect([before - (await svm.balance(keys.payer.address)), svm.sent - sent]).toEqual([
    found.cost.spends,
    found.cost.transactions,
  ]);
  const { text, account } = await there(found.address);
  expect(Buffer.compare(text, of.text)).toBe(0);
  expect(account.lamports).toBe(await svm.minimumBalance(account.data.length));
  expect(await svm.balance(await metadata.metadataAddress(program.address, 'idl-upload')), 'no buffer is left').toBe(
    0n,
  );
  return found;
}

describe('an IDL', () => {
  beforeEach(() => execute(svm, keys, wantedOf(keys, program.address, arena)));

  test('is written once, and then there is nothing to do', async () => {
    const text = new Uint8Array(readFileSync(new URL('../../../idl/sessions.json', import.meta.url)));
    const of = { path: 'idl/sessions.json', text, program: program.address };
    expect((await written(of)).plan.what).toBe('create');
    const again = await look(of);
    expect([again.plan, again.cost.transactions]).toEqual([{ what: 'nothing' }, 0]);
  });

  test('takes the place of another, be it shorter or longer', async () => {
    await written(idl(9_000));
    for (const [length, seed] of [
      [9_000, 2],
      [30_000, 3],
      [500, 4],
      [9_000, 5],
    ] as const) {
      expect((await written(idl(length, seed))).plan.what, `${length} bytes`).toBe('update');
    }
    expect((await look(idl(9_000, 5))).plan).toEqual({ what: 'nothing' });
  });

  test.each(['create', 'update'])('whose upload is broken off goes on with what is missing: %s', async (what) => {
    if (what === 'update') await written(idl(12_000));
    const of = idl(25_000, 7);
    const whole = await look(of);
    expect(whole.plan.what).toBe(what);
    svm.breaksAfter = svm.sent + 9;
    await expect(writeIdl(toolsOn(svm, keys), program.address, whole)).rejects.toBeInstanceOf(Unplugged);
    svm.breaksAfter = Number.POSITIVE_INFINITY;
    const rest = await look(of);
    expect(rest.cost.transactions).toBe(whole.cost.transactions - 9);
    await written(of);
  });

  test('whose upload is given up for a shorter or a longer one is replaced', async () => {
    const givenUp = async (length: number) => {
      svm.breaksAfter = svm.sent + 4;
      const found = await look(idl(length, length));
      await expect(writeIdl(toolsOn(svm, keys), program.address, found)).rejects.toBeInstanceOf(Unplugged);
      svm.breaksAfter = Number.POSITIVE_INFINITY;
    };
    for (const length of [30_000, 9_000, 40_000]) await givenUp(length);
    await written(idl(9_000));
    await givenUp(9_000);
    await written(idl(30_000));
  });

  test('counts lamports that somebody sent to its address before', async () => {
    await svm.airdrop((await look(idl(100))).address, 1_000_000n);
    await written(idl(9_000));
  });

  test('whose upload another compressor made to the end is taken as it is, and what it only began is replaced', async () => {
    for (const [what, seed] of [
      ['create', 3],
      ['update', 4],
    ] as const) {
      const of = idl(9_000, seed);
      svm.breaksAfter = svm.sent + 2;
      const found = await look(of);
      expect(found.plan.what).toBe(what);
      await expect(writeIdl(toolsOn(svm, keys), program.address, found)).rejects.toBeInstanceOf(Unplugged);
      svm.breaksAfter = Number.POSITIVE_INFINITY;
      const { account } = await readOne(svm, found.buffer);
      if (account === null) throw new Error('nothing was begun');
      const other = deflateSync(of.text, { level: 0 });
      const holding = async (content: Uint8Array) => {
        const data = Uint8Array.from([...account.data.subarray(0, metadata.HEADER), ...content]);
        svm.put(found.buffer, { ...account, lamports: await svm.minimumBalance(data.length), data });
        return look(of);
      };
      expect((await holding(other)).cost.transactions).toBe(1);
      const half = Uint8Array.from(other).fill(0, 4_000);
      expect((await holding(half)).plan).toMatchObject({ upload: { closes: true } });
      expect((await holding(half.subarray(0, 5_000))).plan).toMatchObject({ upload: { closes: false } });
      await holding(what === 'create' ? other : half.subarray(0, 5_000));
      await written(of);
    }
  });

  test("that is of another program, or of somebody else's, or cannot be changed, is left out", async () => {
    const skips = async (of: IdlFile, why: string) =>
      expect((await look(of)).plan).toEqual({ what: 'skip', why: expect.stringContaining(why) });
    await skips({ ...idl(100), program: 'another' }, 'is of another');
    const { address } = await written(idl(100));
    const { account } = await there(address);
    const data = Uint8Array.from(account.data);
    data[65] = 0;
    svm.put(address, { ...account, data });
    await skips(idl(100, 2), 'can never be changed');
    svm.put(address, account);
    const owner = keys.authority.address;
    keys = { ...keys, authority: await signer(5) };
    await skips(idl(100, 2), `only ${owner} can write it`);
    expect((await look(idl(100))).plan, 'but it is compared').toEqual({ what: 'nothing' });
  });

  test('that somebody compressed in another way, or not at all, is the same one', async () => {
    const of = idl(100);
    const { address } = await written(of);
    const { account } = await there(address);
    const put = (compression: number, content: Uint8Array) => {
      const data = Uint8Array.from([...account.data.subarray(0, metadata.HEADER), ...content]);
      data[84] = compression;
      new DataView(data.buffer).setUint32(87, content.length, true);
      svm.put(address, { ...account, data });
    };
    put(0, of.text);
    expect((await look(of)).plan.what).toBe('nothing');
    put(2, deflateSync(of.text, { level: 1 }));
    expect((await look(of)).plan.what).toBe('nothing');
    put(2, of.text);
    expect((await look(of)).plan.what, 'it cannot be unpacked').toBe('update');
  });
});

test('an IDL takes the transactions that `sessions deploy` takes', async () => {
  const transactions: unknown[] = [];
  class Recorded extends SvmWithMetadata {
    override async submit(transaction: Transaction): Promise<void> {
      await super.submit(transaction);
      const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
      if (!('instructions' in message)) throw new Error('another version of transactions');
      const at = (index: number) => message.staticAccounts[index];
      const calls = message.instructions.map(({ programAddressIndex, accountIndices = [], data }) => ({
        program: at(programAddressIndex),
        accounts: accountIndices.map(at),
        data: hex(data as Instruction['data']),
      }));
      transactions.push(calls);
    }
  }
  svm = new Recorded();
  await svm.airdrop(keys.payer.address, 10n * SOL);
  await execute(svm, keys, wantedOf(keys, program.address, arena));
  transactions.length = 0;
  const { plan } = await look(idl(9_000));
  expect('upload' in plan && plan.upload.missing[0]).toEqual({ start: 0, end: way.chunk });
  for (const { text, breaksAfter } of way.steps) {
    const of = { ...idl(1), text: new TextEncoder().encode(text) };
    if (breaksAfter === null) {
      await written(of);
    } else {
      svm.breaksAfter = svm.sent + breaksAfter;
      const found = await look(of);
      await expect(writeIdl(toolsOn(svm, keys), program.address, found)).rejects.toBeInstanceOf(Unplugged);
      svm.breaksAfter = Number.POSITIVE_INFINITY;
    }
  }
  expect(transactions).toEqual(way.transactions);
});

test('an IDL of a program that is about to be there is planned, and none where nothing keeps it', async () => {
  expect((await look(idl(100), rogue)).plan.what).toBe('create');
  const without = new Svm();
  await without.airdrop(keys.payer.address, 10n * SOL);
  const { plan, cost } = await look(idl(100), rogue, without);
  expect(plan).toEqual({ what: 'skip', why: 'the cluster has no Program Metadata program' });
  expect(cost.transactions).toBe(0);
});

describe('a program and its IDL', () => {
  test('cost together what was told, to the lamport, and less is refused before anything is sent', async () => {
    const of = idl(9_000);
    const wanted = wantedOf(keys, program.address, arena, { last: true });
    const { survey: found, idl: planned } = await findOut(svm, keys, wanted, of);
    const spends = found.cost.spends + (planned?.cost.spends ?? 0n);
    expect(await execute(svm, keys, wanted, of)).toMatchObject({ authority: null });
    expect(10n * SOL - (await svm.balance(keys.payer.address))).toBe(spends);
    expect((await there(await metadata.metadataAddress(program.address, 'idl'))).text.length).toBe(9_000);
    expect(await findOut(svm, keys, wanted, of)).toMatchObject({
      survey: { plan: { what: 'nothing' } },
      idl: { plan: { what: 'nothing' } },
    });
    expect(await findOut(svm, keys, wanted, idl(9_000, 2))).toMatchObject({
      idl: { plan: { what: 'skip', why: 'the program is final, and so is its IDL' } },
    });

    const exact = new SvmWithMetadata();
    const needs = found.cost.spends + (planned?.cost.needs ?? 0n);
    await exact.airdrop(keys.payer.address, needs);
    await execute(exact, keys, wanted, of);
    expect(await exact.balance(keys.payer.address)).toBe(await svm.minimumBalance(0));
    const poor = new SvmWithMetadata();
    await poor.airdrop(keys.payer.address, needs - 1n);
    const funds = { name: 'Funds', code: 2, message: expect.stringContaining('with its IDL this takes') };
    await expect(execute(poor, keys, wanted, of)).rejects.toMatchObject(funds);
    expect(poor.sent).toBe(0);
    await execute(poor, keys, wanted, null);
  });
});
