/** Web sockets that are absent, silent or refuse: what each is called, without what may be a secret. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { getSolanaErrorFromJsonRpcError } from '@solana/kit';
import { afterEach, describe, expect, test } from 'vitest';
import { isLedgerError, type LedgerError, PROGRAM, Rpc } from '../../src/index.js';
import { socketError } from '../../src/ledger/rpc/socket.js';

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** What whoever begins to follow an account is told. */
async function failing(webSocket: string): Promise<LedgerError> {
  const ledger = Rpc.connect('http://127.0.0.1:1', { webSocket, timeout: 200 });
  const told = ledger.subscribe(PROGRAM, { signal: new AbortController().signal })[Symbol.asyncIterator]();
  const thrown: unknown = await told.next().catch((error: unknown) => error);
  if (!isLedgerError(thrown)) throw new Error('no error of a ledger', { cause: thrown });
  return thrown;
}

describe('a web socket', () => {
  test('that is not there is told as such', async () => {
    const found = await failing('ws://ana:s3cret@127.0.0.1:1/s3cret?key=s3cret');
    expect([found.name, found.isRetryable]).toEqual(['Unreachable', true]);
    expect(found.message).toContain('no node answers at ws://127.0.0.1:1/… (');
    expect(inspect(found, { depth: Number.POSITIVE_INFINITY })).not.toContain('s3cret');
  });

  test('that does not answer is not waited for longer than it may take', async () => {
    server = createServer((socket) => socket.unref());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const found = await failing(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret`);
    expect([found.name, found.isRetryable]).toEqual(['Timeout', true]);
    expect(inspect(found, { depth: Number.POSITIVE_INFINITY })).not.toContain('s3cret');
  });

  test.each([
    [-32_601, 'Refused', 'it does not offer this'],
    [-32_602, 'Refused', 'wrong'],
    [-32_603, 'NodeFailed', 'wrong'],
    [-32_005, 'NodeBehind', 'behind'],
  ])('that refuses says so: %i', (code, name, said) => {
    const found = socketError('ws://node', getSolanaErrorFromJsonRpcError({ code, message: 'wrong', data: {} }));
    expect(found.name).toBe(name);
    expect(found.message).toContain(said);
  });

  test('that breaks may well be made again', () => {
    const found = socketError('ws://node', new Error('closed\u001b[2J'));
    expect([found.name, found.isRetryable]).toEqual(['Unreachable', true]);
    expect(found.message).toContain('(closed\ufffd[2J)');
  });
});
