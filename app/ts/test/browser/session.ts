/** A session on the validator that the tests share, as a page is told of it. */
import { type Address, createKeyPairSignerFromPrivateKeyBytes } from '@solana/kit';
import { inject } from 'vitest';
import * as s from '../../src/index.js';

/** Where the validator is, the private key of the wallet that opened the session, and the session. */
export interface Opened {
  readonly url: string;
  readonly webSocket: string;
  readonly secret: readonly number[];
  readonly session: Address;
}

const url = inject('rpcUrl');
const webSocket = inject('webSocketUrl');

/** The validator, from here. */
export const ledger = s.Rpc.connect(url, webSocket === '' ? {} : { webSocket });

/** Opens a session, by a new wallet. */
export async function openedSession(): Promise<Opened> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const wallet = await createKeyPairSignerFromPrivateKeyBytes(secret);
  await ledger.airdrop(wallet.address, 1_000_000_000n);
  const session = await s.sessionAddress(wallet.address, 'page');
  const open = await s.openSession({ creator: wallet, id: 'page', config: { maxMembers: 2 } });
  await s.send(ledger, { payer: wallet, instructions: [open] });
  return { url, webSocket, secret: [...secret], session };
}
