/** Requests to a node, with its answers, or its silence, as what they mean. */
import {
  createDefaultRpcTransport,
  getBase64Decoder,
  isSolanaError,
  type RpcTransport,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
} from '@solana/kit';
import { LedgerError } from '../error.js';
import { field, isSaid, saidError, short, TOO_MANY_REQUESTS } from './said.js';
import { shown } from './url.js';

/** What went wrong on the way to the node or back. */
export function transportError(url: string, thrown: unknown): LedgerError {
  if (isSolanaError(thrown, SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR)) {
    const status = thrown.context.statusCode;
    if (status === TOO_MANY_REQUESTS) return new LedgerError('RateLimited', { url }, thrown);
    if (status === 401 || status === 403)
      return new LedgerError('Refused', { url, reason: 'it wants a key, or another one' }, thrown);
    const reason = `HTTP status ${status}`;
    return status >= 500
      ? new LedgerError('Unreachable', { url, reason }, thrown)
      : new LedgerError('NotSolana', { url, reason }, thrown);
  }
  if (thrown instanceof SyntaxError)
    return new LedgerError('NotSolana', { url, reason: short(thrown.message) }, thrown);
  let innermost = thrown;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  return new LedgerError(
    'Unreachable',
    { url, reason: short(innermost instanceof Error ? innermost.message : String(innermost)) },
    thrown,
  );
}

const isTimeout = (thrown: unknown): boolean => thrown instanceof DOMException && thrown.name === 'TimeoutError';

/** The transport of kit. What stands before the host's name in a URL goes into a header: `fetch` takes no URL with it, and would show it. */
function innerTo(url: URL): RpcTransport {
  const { username, password } = url;
  if (username === '' && password === '') return createDefaultRpcTransport({ url: url.href });
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const both = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = { authorization: `Basic ${getBase64Decoder().decode(both)}` };
  return createDefaultRpcTransport({ url: bare.href, headers });
}

/** A transport to a node that throws what is wrong as a `LedgerError`, and waits at most `patience` milliseconds for an answer. */
export function transportTo(node: URL, patience: number): RpcTransport {
  const inner = innerTo(node);
  const url = shown(node.href);
  return async <T>({ payload, signal }: Parameters<RpcTransport>[0]) => {
    // What stands below listens only for signals that are still to come.
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(patience);
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    const response = await inner<T>({ payload, signal: both }).catch((thrown: unknown) => {
      // Whoever gave the question up is told why they did.
      if (signal?.aborted === true) throw signal.reason;
      throw isTimeout(thrown) || limit.aborted
        ? new LedgerError('Timeout', { url }, thrown)
        : transportError(url, thrown);
    });
    const error = field(response, 'error');
    if (isSaid(error)) throw saidError(url, error);
    if ((error ?? null) !== null || field(response, 'result') === undefined)
      throw new LedgerError('NotSolana', { url, reason: 'it answers in another way' });
    return response;
  };
}
