/** What the ledgers promise, on the embedded one; and what cannot be sent. */
import { createNoopSigner, getSignatureFromTransaction } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import * as s from '../../src/index.js';
import { epochAt } from '../../src/testing/epoch.js';
import { Embedded } from '../../src/testing/index.js';
import { World } from '../help/world.js';

const world = () => {
  const ledger = new Embedded();
  return { ledger, world: new World({ ledger, pass: async (seconds) => ledger.advance(seconds) }) };
};

describe('what is sent', () => {
  test('is refused before it is signed if it does not fit, or nobody can pay', async () => {
    const { ledger, world: told } = world();
    const signer = await told.wallet();
    const { session } = await told.open(signer);
    const message = 'x'.repeat(700);
    const instructions = await Promise.all([1, 2].map(() => s.broadcastMessage({ signer, session, message })));
    const tooLarge = { name: 'TransactionTooLarge' };
    await expect(s.send(ledger, { payer: signer, instructions })).rejects.toMatchObject(tooLarge);
    await expect(s.sign({ payer: signer, instructions }, await ledger.blockhash())).rejects.toMatchObject(tooLarge);
    const poor = createNoopSigner(await s.vaultAddress(session));
    const draft = { payer: poor, instructions: [await s.expireSession({ signer: poor, session })] };
    await expect(s.send(ledger, draft)).rejects.toMatchObject({ name: 'NoFunds', about: { payer: poor.address } });
  });

  test('needs every signature', async () => {
    const { ledger, world: told } = world();
    const [payer, absent] = await told.wallets(2);
    if (!payer || !absent) throw new Error('wallets');
    const instructions = [await s.openSession({ creator: createNoopSigner(absent.address), payer, id: 'x' })];
    await expect(s.send(ledger, { payer, instructions })).rejects.toMatchObject({ name: 'Unsigned' });
    await expect(s.send(ledger, { payer, instructions })).rejects.toThrow(absent.address);
    expect((await s.simulate(ledger, { payer, instructions })).events).toHaveLength(3);
  });

  test('gets a compute limit by its simulation, and pays what it is told', async () => {
    const { ledger, world: told } = world();
    const creator = await told.wallet();
    const instructions = [await s.openSession({ creator, id: 'x' })];
    const { draft, simulated } = await s.prepare(ledger, { payer: creator, instructions }, { exactly: 7 });
    expect(draft.budget).toEqual({ units: s.unitLimit(simulated.computeUnits), price: 7n });
    const transaction = await s.sign(draft, await ledger.blockhash());
    expect(s.writableAccounts(transaction)).toEqual(
      expect.arrayContaining([creator.address, await s.sessionAddress(creator.address, 'x')]),
    );
    expect(s.writableAccounts(transaction)).toHaveLength(3);
    await ledger.submit(transaction);
    await expect(ledger.submit(transaction)).resolves.toBeUndefined();
    const signature = getSignatureFromTransaction(transaction);
    expect((await ledger.statuses([signature])).of[0]).toMatchObject({ commitment: 'finalized', error: null });
    expect(await ledger.history(creator.address, { limit: 9 })).toMatchObject([{ signature, failed: false }]);
  });

  test('does not run with an old blockhash, a wrong signature, or without the program', async () => {
    const { ledger, world: told } = world();
    const creator = await told.wallet();
    const draft = { payer: creator, instructions: [await s.openSession({ creator, id: 'x' })] };
    const lifetime = await ledger.blockhash();
    const transaction = await s.sign(draft, lifetime);
    const wrong = {
      ...transaction,
      signatures: { [creator.address]: new Uint8Array(64).fill(1) },
    } as typeof transaction;
    await expect(ledger.submit(wrong)).rejects.toMatchObject({
      name: 'Rejected',
      about: { error: 'SignatureFailure' },
    });
    ledger.advance(61);
    await expect(ledger.submit(transaction)).rejects.toMatchObject({
      name: 'Rejected',
      about: { error: 'BlockhashNotFound' },
    });
    expect(await s.land(ledger, transaction, lifetime, { underway: true, look: 1 })).toBeNull();
    const missing = await s.vaultAddress(creator.address);
    const nobody = {
      ...draft,
      instructions: draft.instructions.map((one) => ({ ...one, programAddress: missing })),
    };
    await expect(s.send(ledger, nobody)).rejects.toThrow('deploy it, or use another cluster');
  });
});

describe('what ran', () => {
  test('is not to be sent again if what came of it cannot be read', async () => {
    class Unreadable extends Embedded {
      override async receipt(): Promise<never> {
        throw new s.LedgerError('NotSolana', { url: 'http://node', reason: 'half an answer' });
      }
    }
    const ledger = new Unreadable();
    const creator = await new World({ ledger, pass: async () => {} }).wallet();
    const sent = s.send(ledger, { payer: creator, instructions: [await s.openSession({ creator, id: 'x' })] });
    await expect(sent).rejects.toMatchObject({ name: 'NoReceipt', isRetryable: false, isRefusal: false });
    expect((await s.readOne(ledger, await s.sessionAddress(creator.address, 'x'))).account).not.toBeNull();
  });
});

describe('what a node that fails at the question is asked again', () => {
  /** A ledger that fails so many times when it is asked what came of a transaction. */
  class Failing extends Embedded {
    left: number;

    constructor(left: number) {
      super();
      this.left = left;
    }

    override async receipt(signature: Parameters<Embedded['receipt']>[0]): Promise<s.Receipt | null> {
      this.left -= 1;
      if (this.left >= 0) throw new s.LedgerError('NodeFailed', { url: 'http://node', reason: 'internal error' });
      return super.receipt(signature);
    }
  }

  async function opening(ledger: Embedded, options: s.SendOptions = {}): Promise<s.Receipt> {
    const creator = await new World({ ledger, pass: async () => {} }).wallet();
    return s.send(ledger, { payer: creator, instructions: [await s.openSession({ creator, id: 'x' })] }, options);
  }

  test('is answered as soon as it does not fail any more', async () => {
    const ledger = new Failing(2);
    expect((await opening(ledger)).events.map(({ name }) => name)).toContain('SessionActivated');
    expect(ledger.left).toBe(-1);
  });

  test('is given up where it always fails, with what it says', async () => {
    const failed = opening(new Failing(Number.POSITIVE_INFINITY), { patience: 300 });
    await expect(failed).rejects.toMatchObject({
      name: 'NoReceipt',
      about: { reason: expect.stringContaining('internal error') },
    });
  });
});

describe('a ledger in this process', () => {
  test('has the epochs of its schedule, and the price of a byte that the other ledgers have', async () => {
    const { ledger } = world();
    const slots = [0n, 31n, 32n, 95n, 96n, 223n, 224n, 524_255n, 524_256n, 956_255n, 956_256n];
    const schedule = ledger.svm.getEpochSchedule();
    expect(slots.map((slot) => epochAt(schedule, slot))).toEqual([0n, 0n, 1n, 1n, 2n, 2n, 3n, 13n, 14n, 14n, 15n]);
    ledger.advance(60);
    expect(ledger.svm.getClock()).toMatchObject({ slot: 151n, epoch: 2n });
    expect(await ledger.minimumBalance(0)).toBe(128n * 5_080n);
  });
});

describe('what is read', () => {
  test('is told of when it changes, until nobody listens', async () => {
    const { ledger, world: told } = world();
    const creator = await told.wallet();
    const { session } = await told.open(creator);
    const stop = new AbortController();
    const seen: s.Status[] = [];
    const listening = (async () => {
      for await (const snapshot of ledger.subscribe(session, { signal: stop.signal }))
        seen.push(s.readSession(snapshot).status);
    })();
    await told.send(creator, s.pauseSession({ authority: creator, session }));
    await told.send(creator, s.resumeSession({ authority: creator, session }));
    stop.abort();
    await listening;
    expect(seen).toEqual([s.Status.Active, s.Status.Paused, s.Status.Active]);
  });

  test('is refused by name if it is of another version, another program, or too short', async () => {
    const { ledger, world: told } = world();
    const creator = await told.wallet();
    const { session } = await told.open(creator);
    const found = await s.readOne(ledger, session);
    const { account } = found;
    if (account === null) throw new Error('no session');
    const data = new Uint8Array(account.data);
    data[64] = 2;
    const changed = (change: Partial<s.AccountContent>) => ({ ...found, account: { ...account, ...change } });
    expect(() => s.readSession(changed({ data }))).toThrow(
      expect.objectContaining({ name: 'UnsupportedVersion', code: 6_013 }),
    );
    expect(() => s.readSession(changed({ owner: s.SYSTEM_PROGRAM }))).toThrow(
      expect.objectContaining({ name: 'SessionNotFound' }),
    );
    expect(() => s.readSession(changed({ data: account.data.slice(0, 600) }))).toThrow(
      expect.objectContaining({ name: 'SessionNotFound' }),
    );
    expect(() => s.readMember(found)).toThrow(expect.objectContaining({ name: 'MemberNotFound' }));
    expect(s.readChild(found)).toBeNull();
    await expect(ledger.read(Array.from({ length: 101 }, () => session))).rejects.toMatchObject({ name: 'TooMany' });
  });
});

describe('what the program refuses', () => {
  test('is an error by name, with what the log says', async () => {
    const { world: told } = world();
    const [owner, stranger] = await told.wallets(2);
    if (!owner || !stranger) throw new Error('wallets');
    const { session } = await told.open(owner);
    const broadcast = s.broadcastMessage({ signer: stranger, session, wallet: owner.address, message: 'hi' });
    await expect(told.send(stranger, broadcast)).rejects.toMatchObject({
      name: 'PermissionDenied',
      code: 6_003,
      instruction: 1,
      detail: "the signer is neither the member's wallet nor its session key",
    });
    const unsound = s.openSession({ creator: owner, id: 'y', config: { maxMembers: 0 } });
    await expect(told.send(owner, unsound)).rejects.toThrow('(max_members)');
    const forbidden = s.registerFunction({ authority: owner, session, program: s.SYSTEM_PROGRAM });
    await expect(told.send(owner, forbidden)).rejects.toMatchObject({ name: 'PolicyViolation' });
    const paused = s.resumeSession({ authority: owner, session });
    await expect(told.send(owner, paused)).rejects.toMatchObject({ name: 'InvalidTransition', detail: undefined });
    await expect(told.send(stranger, s.pauseSession({ authority: stranger, session }))).rejects.toMatchObject({
      name: 'PermissionDenied',
    });
  });
});
