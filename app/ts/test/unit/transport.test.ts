/** Nodes that are absent, wrong, busy, behind or of another cluster: what each is called, and what to do about it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isLedgerError, LedgerError, PROGRAM, Rpc } from '../../src/index.js';
import { saidError, short } from '../../src/ledger/rpc/transport.js';
import { httpUrl, webSocketOf, webSocketUrl } from '../../src/ledger/rpc/url.js';

let server: Server | undefined;

type Reply = { readonly status?: number; readonly body?: string } | 'silence';

/** A node that answers each method in one way. */
async function node(replies: (method: string) => Reply): Promise<string> {
  server = createServer((request, response) => {
    let asked = '';
    request.on('data', (data: Buffer) => {
      asked += data.toString();
    });
    request.on('end', () => {
      const reply = replies((JSON.parse(asked) as { method: string }).method);
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
