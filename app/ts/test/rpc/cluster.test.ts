/** What only a cluster does: its checks, notifications, and kit's own errors. */
import {
  appendTransactionMessageInstruction,
  createSolanaRpc,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from '@solana/kit';
import { describe, expect, inject, test } from 'vitest';
import * as s from '../../src/index.js';
import { World } from '../help/world.js';

const url = inject('rpcUrl');
const webSocket = inject('webSocketUrl');
const ledger = s.Rpc.connect(url, webSocket === '' ? {} : { webSocket });
const world = new World({ ledger, pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)) });

describe('a cluster', () => {
  test('is checked: it answers, has the program, and is the one that is meant', async () => {
    await ledger.check();
    const genesis = await createSolanaRpc(url).getGenesisHash().send();
    await ledger.check({ genesis });
    await expect(ledger.check({ genesis: 'another' })).rejects.toMatchObject({
      name: 'WrongCluster',
      about: { found: genesis },
    });
  });

  test('answers what it is asked', async () => {
    const wallet = await world.wallet();
    const { session } = await world.open(wallet);
    expect((await ledger.clock()).unixTimestamp).toBeGreaterThan(1_700_000_000n);
    expect(await ledger.minimumBalance(0)).toBeGreaterThan(0n);
    expect(await ledger.minimumBalance(688)).toBeGreaterThan(await ledger.minimumBalance(0));
    expect(await ledger.blockHeight('finalized')).toBeLessThanOrEqual(await ledger.blockHeight('processed'));
    expect(await ledger.slot('processed')).toBeGreaterThan(0n);
    expect(Array.isArray(await ledger.priorityFees([session]))).toBe(true);
    const [entry] = await ledger.history(session, { limit: 5 });
    if (entry === undefined) throw new Error('no history');
    expect(entry.failed).toBe(false);
    expect((await ledger.receipt(entry.signature))?.events.map(({ name }) => name)).toContain('SessionActivated');
    expect(await ledger.history(session, { limit: 5, before: entry.signature })).toEqual([]);
    expect((await ledger.statuses([entry.signature])).of[0]).toMatchObject({ error: null });
    expect((await s.children(ledger, session)).map(s.readChild)).toMatchObject([{ session, payer: wallet.address }]);
    expect(await ledger.read([])).toEqual([]);
  });

  test('tells of an account when it changes', async () => {
    const wallet = await world.wallet();
    const { session } = await world.open(wallet);
    const seen: s.Status[] = [];
    const stop = new AbortController();
    const listening = (async () => {
      for await (const snapshot of ledger.subscribe(session, { signal: stop.signal })) {
        seen.push(s.readSession(snapshot).status);
        if (seen.length === 1) await world.send(wallet, s.pauseSession({ authority: wallet, session }));
        if (seen.length === 2) await world.send(wallet, s.resumeSession({ authority: wallet, session }));
        if (seen.length === 3) break;
      }
    })();
    await listening;
    expect(seen).toEqual([s.Status.Active, s.Status.Paused, s.Status.Active]);
  });

  test("kit's own error of a failed preflight is read as the program's", async () => {
    const wallet = await world.wallet();
    const instruction = await s.openSession({ creator: wallet, id: 'x', config: { maxMembers: 0 } });
    const rpc = createSolanaRpc(url);
    const { value } = await rpc.getLatestBlockhash().send();
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (empty) => setTransactionMessageFeePayerSigner(wallet, empty),
      (paid) => setTransactionMessageLifetimeUsingBlockhash(value, paid),
      (timed) => appendTransactionMessageInstruction(instruction, timed),
    );
    const wire = getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message));
    const thrown: unknown = await rpc
      .sendTransaction(wire, { encoding: 'base64' })
      .send()
      .catch((error: unknown) => error);
    const found = s.sessionsErrorFrom(thrown);
    expect(found).toMatchObject({ name: 'InvalidConfiguration', detail: 'max_members', instruction: 0 });
  });

  test('runs what fails where the chain decides, and says what it failed with', async () => {
    const wallet = await world.wallet();
    const { session } = await world.open(wallet);
    const draft = { payer: wallet, instructions: [await s.resumeSession({ authority: wallet, session })] };
    const lifetime = await ledger.blockhash();
    const transaction = await s.sign(draft, lifetime);
    const status = await s.land(ledger, transaction, lifetime, { look: 20 });
    expect(status?.error).toEqual({ InstructionError: [0, { Custom: 6_009 }] });
    const receipt = await ledger.receipt(getSignatureFromTransaction(transaction));
    expect(receipt?.failure).toMatchObject({ name: 'InvalidTransition', code: 6_009 });
    expect(receipt?.events).toEqual([]);
  });
});
