/** Links: what admits whoever has it to a session. The secret never goes to the chain. */
import { type Address, createKeyPairSignerFromPrivateKeyBytes, isAddress, type KeyPairSigner } from '@solana/kit';
import { fromHex, toHex } from './hex.js';

/** What a link begins with. The secret stands behind a `#`, which browsers do not send to servers. */
const SCHEME = 'sessions:join/';

/** A session's address and the secret of an invite token: what the command line's `create-invite-token` and `join-with-token` exchange, too. */
export interface InviteLink {
  /** The session's address. */
  readonly session: Address;
  /** The token's key, which signs beside the wallet that joins. */
  readonly token: KeyPairSigner;
  /** The link's text, with the secret. */
  readonly text: string;
}

/** A link is not one, or is damaged. The message does not tell the secret. */
export class InvalidLink extends Error {
  override readonly name = 'InvalidLink';

  constructor() {
    super('this is no link to a session, or a damaged one; paste all of what the inviter gave');
  }
}

async function linkOf(session: Address, secret: Uint8Array): Promise<InviteLink> {
  const token = await createKeyPairSignerFromPrivateKeyBytes(secret);
  return { session, token, text: `${SCHEME}${session}#${toHex(secret)}` };
}

/** A link to a session with a secret of its own, or with this one of 32 bytes. `createInviteToken` takes its `token.address` to the chain. */
export function createInviteLink(
  session: Address,
  secret = crypto.getRandomValues(new Uint8Array(32)),
): Promise<InviteLink> {
  return linkOf(session, secret);
}

/**
 * The link that a text is.
 *
 * @throws InvalidLink if it is none.
 */
export async function parseInviteLink(text: string): Promise<InviteLink> {
  const trimmed = text.trim();
  const [session, digits, ...more] = trimmed.startsWith(SCHEME) ? trimmed.slice(SCHEME.length).split('#') : [];
  const secret = fromHex(digits ?? '');
  if (session === undefined || more.length > 0 || !isAddress(session) || secret?.length !== 32) throw new InvalidLink();
  return linkOf(session, secret);
}
