/** Requests to a node, with its answers, or its silence, as what they mean. */
import {
  createDefaultRpcTransport,
  isSolanaError,
  type RpcTransport,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
} from '@solana/kit';
import { transactionError } from '../../failure.js';
import { LedgerError } from '../error.js';

/** How much of what a node says is passed on, in characters. */
const LONGEST_REASON = 160;

/** An error as a node sends it. Numbers may be bigints. */
interface Said {
  readonly code: number | bigint;
  readonly message: string;
  readonly data?: unknown;
}

/** The first line of what a node says, cut where it becomes long. */
export function short(text: string): string {
  const line = (text.split('\n')[0] ?? '').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The numbers of JSON-RPC errors: a node that is not ready, by one; requests that it never answers. */
const NODE_UNHEALTHY = -32_005;
const NOT_READY: ReadonlySet<number> = new Set([-32_016, -32_004, -32_014, -32_008]);
const SIGNATURE_FAILURE = -32_003;
const METHOD_NOT_FOUND = -32_601;
const TOO_MANY_REQUESTS = 429;

/** What a node's error means. */
export function saidError(url: string, { code, message, data }: Said): LedgerError {
  const failed = transactionError(field(data, 'err'));
  if (failed !== null) return new LedgerError('Rejected', { error: failed });
  // Some nodes say this one in words alone.
  if (message.includes('This transaction has already been processed'))
    return new LedgerError('Rejected', { error: 'AlreadyProcessed' });
  const number = Number(code);
  if (number === NODE_UNHEALTHY) {
    const slots = field(data, 'numSlotsBehind');
    return new LedgerError('NodeBehind', {
      url,
      slots: typeof slots === 'number' || typeof slots === 'bigint' ? BigInt(slots) : null,
    });
  }
  if (NOT_READY.has(number)) return new LedgerError('NodeBehind', { url, slots: null });
  if (number === SIGNATURE_FAILURE) return new LedgerError('Rejected', { error: 'SignatureFailure' });
  if (number === TOO_MANY_REQUESTS) return new LedgerError('RateLimited', { url });
  if (number === METHOD_NOT_FOUND) return new LedgerError('Refused', { url, reason: 'it does not offer this' });
  return new LedgerError('Refused', { url, reason: short(message) });
}

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

/** A transport to the node at `url` that throws what is wrong as a `LedgerError`, and waits at most `patience` milliseconds for an answer. */
export function transportTo(url: string, patience: number): RpcTransport {
  const inner: RpcTransport = createDefaultRpcTransport({ url });
  return async <T>({ payload, signal }: Parameters<RpcTransport>[0]) => {
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
    if (error !== undefined && error !== null) throw saidError(url, error as Said);
    if (field(response, 'result') === undefined)
      throw new LedgerError('NotSolana', { url, reason: 'it answers in another way' });
    return response;
  };
}
