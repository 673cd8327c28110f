/** An account's notifications through a node's web socket, and what goes wrong with that as what it means. */
import {
  type Address,
  isSolanaError,
  type RpcSubscriptions,
  SOLANA_ERROR__RPC_SUBSCRIPTIONS__CHANNEL_FAILED_TO_CONNECT,
  type SolanaRpcSubscriptionsApi,
} from '@solana/kit';
import { LedgerError } from '../error.js';
import type { Commitment, Snapshot } from '../types.js';
import { type NodeAccount, snapshotOf } from './decode.js';
import { field, saidError, short } from './said.js';

/** The numbers of what a node itself answers: those of JSON-RPC, and of Solana's nodes. */
const ANSWERED = { first: -32_768, last: -32_000 } as const;

/**
 * Why a web socket does not tell of an account. What kit throws has the socket in it, whose URL may have a key in it, and is not passed on as the cause.
 */
export function socketError(url: string, thrown: unknown): LedgerError {
  if (thrown instanceof LedgerError) return thrown;
  const context = field(thrown, 'context');
  const code = Number(field(context, '__code'));
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code >= ANSWERED.first && code <= ANSWERED.last) {
    const said = field(context, '__serverMessage');
    return saidError(url, { code, message: typeof said === 'string' ? said : message });
  }
  // Browsers do not say why; Node does.
  const why = field(field(context, 'errorEvent'), 'message');
  const silent = isSolanaError(thrown, SOLANA_ERROR__RPC_SUBSCRIPTIONS__CHANNEL_FAILED_TO_CONNECT)
    ? 'its web socket cannot be opened'
    : message;
  return new LedgerError('Unreachable', { url, reason: short(typeof why === 'string' && why !== '' ? why : silent) });
}

/**
 * What is told of an account, until the signal is aborted; what cannot be read of it ends it.
 *
 * @throws LedgerError: as {@link socketError}.
 */
export async function notifications(
  subscriptions: RpcSubscriptions<SolanaRpcSubscriptionsApi>,
  url: string,
  asked: { readonly address: Address; readonly commitment: Commitment; readonly signal: AbortSignal },
): Promise<AsyncIterable<Snapshot>> {
  const { address, commitment, signal } = asked;
  const told = await subscriptions
    .accountNotifications(address, { encoding: 'base64', commitment })
    .subscribe({ abortSignal: signal })
    .catch((thrown: unknown) => {
      throw signal.aborted ? thrown : socketError(url, thrown);
    });
  return (async function* () {
    for await (const { context, value } of told) yield snapshotOf(address, context.slot, value as NodeAccount);
  })();
}
