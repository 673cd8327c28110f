/** Nodes that are absent, wrong, busy, behind or of another cluster: what each is called, and what to do about it. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { type Blockhash, generateKeyPairSigner, type Signature } from '@solana/kit';
import { afterEach, describe, expect, test } from 'vitest';
import { failureOf, isLedgerError, LedgerError, PROGRAM, Rpc, sign, unsigned } from '../../src/index.js';
import { saidError, short } from '../../src/ledger/rpc/said.js';
import { httpUrl, shown, webSocketOf, webSocketUrl } from '../../src/ledger/rpc/url.js';

let server: Server | undefined;

type Reply = { readonly status?: number; readonly body?: string } | 'silence';

/** A node that answers each method in one way. */
async function node(
  replies: (method: string, headers: IncomingHttpHeaders, params: readonly unknown[]) => Reply,
): Promise<string> {
  server = createServer((request, response) => {
    let asked = '';
    request.on('data', (data: Buffer) => {
      asked += data.toString();
    });
    request.on('end', () => {
      const { method, params } = JSON.parse(asked) as { method: string; params: readonly unknown[] };
      const reply = replies(method, request.headers, params);
      if (reply === 'silence') return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
      response.end(reply.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (value: object): Reply => ({ body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...value }) });
const error = (code: number, message = 'no', data?: object): Reply =>
  json({ error: { code, message, ...(data && { data }) } });

/** An account of the upgradeable loader's, as a node sends it. */
const account = (executable: boolean, bytes: number) => ({
  owner: 'BPFLoaderUpgradeab1e11111111111111111111111',
  lamports: 1,
  executable,
  data: [Buffer.alloc(bytes, 1).toString('base64'), 'base64'],
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function failing(promise: Promise<unknown>): Promise<LedgerError> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isLedgerError(thrown)) throw new Error('no error of a ledger', { cause: thrown });
  expect(thrown.message.split('\n')).toHaveLength(1);
  return thrown;
}

describe('a node', () => {
  test.each<[string, Reply, string, boolean]>([
    ['that is busy', { status: 429 }, 'RateLimited', true],
    ['that wants a key', { status: 403 }, 'Refused', false],
    ['that is broken', { status: 503 }, 'Unreachable', true],
    ['that is a web server', { status: 404, body: 'not found' }, 'NotSolana', false],
    ['that speaks HTML', { body: '<html>' }, 'NotSolana', false],
    ['that speaks something else', { body: '{"hello":1}' }, 'NotSolana', false],
    ['that is behind', error(-32_005, 'behind', { numSlotsBehind: 42 }), 'NodeBehind', true],
    ['that has not come so far', error(-32_016), 'NodeBehind', true],
    ['that does not offer it', error(-32_601), 'Refused', false],
    ['that refuses', error(-32_602, 'wrong\nparams'), 'Refused', false],
    ['that refuses in its own way', error(-32_010), 'Refused', false],
    ['that fails', error(-32_603, 'internal error'), 'NodeFailed', false],
    ['that fails at what it was handed', error(-32_000, 'failed to send'), 'NodeFailed', false],
    ['that says an error in another way', json({ error: 'no' }), 'NotSolana', false],
    ['that says an error without a number', json({ error: { message: 'no' } }), 'NotSolana', false],
  ])('%s says so', async (_, reply, name, retryable) => {
    const found = await failing(Rpc.connect(await node(() => reply)).slot('confirmed'));
    expect([found.name, found.isRetryable]).toEqual([name, retryable]);
  });

  test('that is not there, or does not answer, is told from the others', async () => {
    const gone = await failing(Rpc.connect('http://127.0.0.1:1').slot('confirmed'));
    expect([gone.name, gone.isRetryable]).toEqual(['Unreachable', true]);
    expect(gone.message).toContain('check the URL and the network');
    const silent = await failing(Rpc.connect(await node(() => 'silence'), { timeout: 100 }).slot('confirmed'));
    expect([silent.name, silent.isRetryable]).toEqual(['Timeout', true]);
  });

  test('that is not waited for any longer is given up with the reason of the signal', async () => {
    const stop = new AbortController();
    const asked = Rpc.connect(await node(() => 'silence')).slot('confirmed', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('left')), 50);
    await expect(asked).rejects.toThrow('left');
  });

  test('is not asked at all by whoever has given up before', async () => {
    const asked: string[] = [];
    const url = await node((method) => {
      asked.push(method);
      return json({ result: { context: { slot: 1 }, value: [null] } });
    });
    const ledger = Rpc.connect(url);
    const signal = AbortSignal.abort(new Error('left'));
    const payer = await generateKeyPairSigner();
    const lifetime = { blockhash: '1'.repeat(32) as Blockhash, lastValidBlockHeight: 1n };
    const transaction = await sign({ payer, instructions: [] }, lifetime);
    await expect(ledger.read([PROGRAM], { signal })).rejects.toThrow('left');
    await expect(ledger.submit(transaction, { signal })).rejects.toThrow('left');
    // Requests arrive in the order in which they were sent.
    await ledger.read([PROGRAM]);
    expect(asked).toEqual(['getMultipleAccounts']);
  });

  test('of another cluster, or without the program, is refused with what to do', async () => {
    const genesis =
      (value: object): ((method: string) => Reply) =>
      (method) =>
        method === 'getGenesisHash'
          ? json({ result: 'GENESIS' })
          : json({ result: { context: { slot: 1 }, value: [value] } });
    const other = await failing(Rpc.connect(await node(genesis({}))).check({ genesis: 'MAINNET' }));
    expect(other.name).toBe('WrongCluster');
    expect(other.message).toContain('GENESIS and not MAINNET');
    for (const [found, name] of [
      [null, 'ProgramMissing'],
      [account(false, 36), 'ProgramNotExecutable'],
      [account(true, 3), 'ProgramMissing'],
    ] as const) {
      server?.close();
      const missing = await failing(Rpc.connect(await node(genesis(found as object))).check());
      expect(missing.name).toBe(name);
      expect(missing.message).toContain(PROGRAM);
      expect(missing.message).toMatch(/deploy/);
    }
    server?.close();
    const none = await failing(Rpc.connect(await node(() => error(-32_601))).check());
    expect(none.name).toBe('NotSolana');
  });

  test('turns transactions away by name', () => {
    const url = 'http://node';
    const said = (data: object) => saidError(url, { code: -32_002, message: 'failed', data });
    expect(said({ err: 'BlockhashNotFound' }).about).toEqual({ error: 'BlockhashNotFound' });
    const custom = said({ err: { InstructionError: [0n, { Custom: 6_009n }] } });
    expect(custom.about).toEqual({ error: { InstructionError: [0, { Custom: 6_009 }] } });
    expect(custom.message).toContain('{"InstructionError":[0,{"Custom":6009}]}');
    const words = 'Transaction simulation failed: This transaction has already been processed';
    expect(saidError(url, { code: -32_002, message: words }).about).toEqual({ error: 'AlreadyProcessed' });
    expect(saidError(url, { code: -32_003n, message: '' }).about).toEqual({ error: 'SignatureFailure' });
    expect(short(`${'ä'.repeat(200)}\nmore`)).toBe(`${'ä'.repeat(160)} …`);
  });

  test('has nothing passed on that a terminal would obey', async () => {
    expect(short('\u001b]52;c;\u0007\u202eno\u009b\u061c')).toBe('\ufffd]52;c;\ufffd\ufffdno\ufffd\ufffd');
    const said = saidError('http://node', { code: -32_002, message: '', data: { err: 'Out\u001b[2J\u202e' } });
    expect(said.message).toContain('Out\ufffd[2J\ufffd');
    const logs = [`Program ${PROGRAM} failed: \u001b[2J`];
    const failure = failureOf({ InstructionError: [0, 'InvalidSeeds'] }, [PROGRAM], logs);
    expect(failure.message).toContain('(\ufffd[2J)');
    const genesis = await failing(Rpc.connect(await node(() => json({ result: '\u001b[2J' }))).check({ genesis: 'X' }));
    expect(genesis.message).toContain('\ufffd[2J and not X');
  });

  test('is called by its URL without what may be a secret', async () => {
    for (const [url, seen] of [
      ['http://127.0.0.1:8899/', 'http://127.0.0.1:8899'],
      ['https://ana:secret@node.example/', 'https://node.example'],
      ['https://node.example/?api-key=secret', 'https://node.example/…'],
      ['wss://node.example:8900/v2/secret', 'wss://node.example:8900/…'],
      ['ana:secret@node.example/v2/secret', 'node.example/…'],
      ['devnet', 'devnet'],
    ] as const) {
      expect(shown(url)).toBe(seen);
    }
    const secret = (url: string) => url.replace('http://', 'http://ana:s3cret@').concat('/s3cret?key=s3cret');
    const replies: Reply[] = [{ status: 500 }, { status: 404 }, { body: 's3cre' }, error(-32_602), 'silence'];
    for (const reply of replies) {
      const ledger = Rpc.connect(secret(await node(() => reply)), { timeout: 200 });
      expect(ledger.name).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/…$/);
      expect(ledger.url).toContain('s3cret');
      const found = await failing(ledger.slot('confirmed'));
      expect(inspect([found, ledger], { depth: Number.POSITIVE_INFINITY })).not.toContain('s3cret');
      server?.closeAllConnections();
      server?.close();
    }
    for (const url of [
      'ftp://ana:s3cret@node.example/s3cret',
      'http://ana:s3cret@node.example:65535/',
      'http://ana:s3cret@node.example:99999/s3cret',
    ]) {
      const thrown = () => Rpc.connect(url);
      expect(thrown).toThrow('node.example');
      expect(thrown).not.toThrow('s3cret');
    }
  });

  test('gets the user and the password of its URL as HTTP says', async () => {
    const url = await node((_, { authorization }) =>
      json({ result: authorization === `Basic ${btoa('ana:s&cret')}` ? 7 : 0 }),
    );
    expect(await Rpc.connect(url.replace('http://', 'http://ana:s%26cret@')).slot('confirmed')).toBe(7n);
  });

  test('that answers what makes no sense is no Solana node, and nothing follows from it', async () => {
    const at = (value: unknown) => json({ result: { context: { slot: 1 }, value } });
    const signature = '1'.repeat(64) as Signature;
    const status = { slot: 1, confirmations: null, err: null, confirmationStatus: 'finalized' };
    const asks: readonly [Reply, (ledger: Rpc) => Promise<unknown>, string][] = [
      [at([]), (ledger) => ledger.statuses([signature]), 'another number of statuses'],
      [at([status, status]), (ledger) => ledger.statuses([signature]), 'another number of statuses'],
      [at([{ ...status, confirmationStatus: 'sure' }]), (ledger) => ledger.statuses([signature]), 'cannot be read'],
      [at([{ ...status, slot: 'one' }]), (ledger) => ledger.statuses([signature]), 'cannot be read'],
      [json({ result: 7 }), (ledger) => ledger.statuses([signature]), 'cannot be read'],
      [at([]), (ledger) => ledger.read([PROGRAM]), 'another number of accounts'],
      [at([{ lamports: 1 }]), (ledger) => ledger.read([PROGRAM]), 'cannot be read'],
      [at([{ ...account(false, 1), owner: '\u001b[2J' }]), (ledger) => ledger.read([PROGRAM]), 'cannot be read'],
      [at([{ ...account(false, 1), lamports: '\u001b[2J' }]), (ledger) => ledger.read([PROGRAM]), 'cannot be read'],
      [json({ result: { value: {} } }), (ledger) => ledger.blockhash(), 'cannot be read'],
      [json({ result: {} }), (ledger) => ledger.blockHeight('finalized'), 'cannot be read'],
      [
        json({ result: [{ signature: 'x', slot: 1, blockTime: 1, err: null }] }),
        (ledger) => ledger.history(PROGRAM, { limit: 2 }),
        'cannot be read',
      ],
      [
        json({ result: { slot: 1, meta: null, transaction: ['', 'base64'] } }),
        (ledger) => ledger.receipt(signature),
        'cannot be read',
      ],
      [at([{ pubkey: 'x', account: account(false, 1) }]), (ledger) => ledger.accounts([]), 'cannot be read'],
    ];
    for (const [reply, ask, said] of asks) {
      const found = await failing(ask(Rpc.connect(await node(() => reply))));
      expect([found.name, found.isRefusal]).toEqual(['NotSolana', false]);
      expect(found.message).toContain(said);
      server?.close();
    }
  });

  test.each([
    ['processed', 'processed'],
    ['confirmed', 'confirmed'],
    ['finalized', 'confirmed'],
  ] as const)('tries a transaction at confirmed at most: %s', async (commitment, tried) => {
    const commitments: unknown[] = [];
    const url = await node((method, _, params) => {
      const config = params[1] as { commitment?: string; preflightCommitment?: string };
      commitments.push(config.commitment ?? config.preflightCommitment);
      return method === 'sendTransaction'
        ? json({ result: '1'.repeat(64) })
        : json({ result: { context: { slot: 1 }, value: { err: null, logs: [], unitsConsumed: 1 } } });
    });
    const ledger = Rpc.connect(url, { commitment });
    const payer = await generateKeyPairSigner();
    const [blockhash, lastValidBlockHeight] = ['1'.repeat(32) as Blockhash, 1n];
    await ledger.simulate(unsigned({ payer, instructions: [] }));
    await ledger.submit(await sign({ payer, instructions: [] }, { blockhash, lastValidBlockHeight }));
    expect(commitments).toEqual([tried, tried]);
  });

  test('whose faucet gives less than a wallet must hold has given nothing', async () => {
    const err = { InsufficientFundsForRent: { account_index: 1 } };
    let looked = 0;
    const url = await node((method) => {
      if (method === 'requestAirdrop') return json({ result: '1'.repeat(64) });
      const confirmationStatus = looked++ === 0 ? 'processed' : 'confirmed';
      return json({
        result: { context: { slot: 9 }, value: [{ slot: 8, confirmations: 0, confirmationStatus, err }] },
      });
    });
    const given = Rpc.connect(url, { commitment: 'confirmed' }).airdrop(PROGRAM, 1_000n);
    const failed = await failing(given);
    expect([failed.name, failed.isRetryable, looked]).toEqual(['Refused', false, 2]);
    expect(failed.message).toContain('the airdrop failed: ');
    expect(failed.message).toContain('would have less than its rent');
  });

  test('is where a URL says, and its web socket on the next port or the same name', () => {
    const pairs = [
      ['http://127.0.0.1:8899', 'ws://127.0.0.1:8900/'],
      ['https://api.devnet.solana.com', 'wss://api.devnet.solana.com/'],
      ['https://node.example:443/key', 'wss://node.example/key'],
      ['http://[::1]:1000', 'ws://[::1]:1001/'],
    ] as const;
    for (const [http, webSocket] of pairs) expect(webSocketOf(httpUrl(http)).href).toBe(webSocket);
    expect(() => webSocketOf(httpUrl('http://127.0.0.1:65535'))).toThrow(LedgerError);
    for (const url of [
      '',
      'devnet',
      '127.0.0.1:8899',
      'ftp://127.0.0.1',
      'ws://127.0.0.1:8900',
      'http://',
      'http://a b',
      'http://127.0.0.1:99999',
    ]) {
      expect(() => Rpc.connect(url)).toThrow(expect.objectContaining({ name: 'WrongUrl', isRetryable: false }));
    }
    expect(() => webSocketUrl('http://127.0.0.1:8899')).toThrow(LedgerError);
  });
});
