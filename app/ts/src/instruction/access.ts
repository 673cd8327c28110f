/** Properties across sessions. */
import type { Address } from '@solana/kit';
import type { AccessGrant } from '../account.js';
import { type PropertyKey, propertyAddress } from '../address.js';
import {
  getGrantAccessInstructionAsync,
  getReadPropertyInstructionAsync,
  getRevokeAccessInstruction,
  getWritePropertyInstructionAsync,
} from '../generated/instructions/index.js';
import { type AccessRight, accessRightBits, NO_EXPIRY } from '../value.js';
import { memberOf, type Paying, type SessionInstruction, type SharedActing, sharing } from './common.js';
import type { AuthorityStep } from './lifecycle.js';
import { type PropertyWrite, written } from './properties.js';

/** What is granted to whom. */
export interface NewGrant extends AuthorityStep, Paying {
  /** The address of the session that is granted access. */
  readonly reader: Address;
  /** What it may do. */
  readonly rights: Iterable<AccessRight>;
  /** How long, in seconds; without an end of its own. */
  readonly ttl?: number;
}

/** `grant_access`: lets the session at `reader` use properties of this one, by its authority; `payer` pays for a grant that is made. */
export async function grantAccess(input: NewGrant): Promise<SessionInstruction> {
  const { authority, payer = authority, session, reader, ttl = NO_EXPIRY } = input;
  return getGrantAccessInstructionAsync({
    authority,
    payer,
    session,
    reader,
    rights: accessRightBits(input.rights),
    ttl,
  });
}

/** `revoke_access`: takes a grant back, as it was read, by the authority of the session that made it; the rent goes back to its payer. */
export async function revokeAccess(
  input: Omit<AuthorityStep, 'session'> & { readonly grant: AccessGrant },
): Promise<SessionInstruction> {
  const { address, session, header } = input.grant;
  return getRevokeAccessInstruction({ authority: input.authority, session, grant: address, payer: header.payer });
}

/** `read_property`: answers with the property `key` of the session at `owner`, its version first, by a member with READ_CROSS_SESSION. */
export async function readForeignProperty(
  input: SharedActing & { readonly owner: Address; readonly key: PropertyKey },
): Promise<SessionInstruction> {
  const { signer, session, owner, key } = input;
  const [member, property] = await Promise.all([memberOf(input), propertyAddress(owner, key)]);
  return sharing(input, await getReadPropertyInstructionAsync({ signer, session, member, owner, property }));
}

/** `write_property`: writes a property of the session at `owner`, by a member with WRITE_CROSS_SESSION; `payer` pays for one that is made. */
export async function writeForeignProperty(
  input: SharedActing & Paying & PropertyWrite & { readonly owner: Address },
): Promise<SessionInstruction> {
  const { signer, payer = signer, session, owner, key } = input;
  const [member, property] = await Promise.all([memberOf(input), propertyAddress(owner, key)]);
  const accounts = { signer, payer, session, member, owner, property };
  return sharing(input, await getWritePropertyInstructionAsync({ ...accounts, ...written(input) }));
}
