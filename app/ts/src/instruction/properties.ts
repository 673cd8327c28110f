/** Shared values. */
import type { Address, ReadonlyUint8Array } from '@solana/kit';
import type { Property } from '../account.js';
import { keyBytes, type PropertyKey, propertyAddress } from '../address.js';
import { getDeletePropertyInstruction, getSetPropertyInstructionAsync } from '../generated/instructions/index.js';
import { type Acting, memberOf, type Paying, type SessionInstruction } from './common.js';

/** What a property becomes. */
export interface PropertyWrite {
  /** The key, 1 to 32 bytes. */
  readonly key: PropertyKey;
  /** The value: its bytes, or text as UTF-8. */
  readonly value: ReadonlyUint8Array | string;
  /** The version that the writer has read; 0: there is none yet. */
  readonly expectedVersion?: number | bigint;
  /** How many bytes a value can have, at most 704; fixed when the property is made. As many as this value has. */
  readonly capacity?: number;
}

/** The arguments of a write. */
export const written = ({ key, value, expectedVersion = 0, capacity }: PropertyWrite) => {
  const bytes = keyBytes(value);
  return { key: keyBytes(key), value: bytes, expectedVersion, capacity: capacity ?? bytes.length };
};

/**
 * `set_property`: writes a value, by a member with WRITE_PROPERTIES; `payer` pays for a property that is made. A key of no bytes or of more than 32 has
 * no address; the program refuses it by name.
 */
export async function setProperty(input: Acting & Paying & PropertyWrite): Promise<SessionInstruction> {
  const { signer, payer = signer, session, key } = input;
  const [member, property] = await Promise.all([memberOf(input), propertyAddress(session, key)]);
  return getSetPropertyInstructionAsync({ signer, payer, session, member, property, ...written(input) });
}

/** `delete_property`: deletes a value that is as it was read, by a member with WRITE_PROPERTIES; its rent goes back to its payer. */
export async function deleteProperty(
  input: Omit<Acting, 'session'> & { readonly property: Pick<Property, 'address' | 'session' | 'header' | 'version'> },
): Promise<SessionInstruction> {
  const { address, session, header, version } = input.property;
  const member: Address = await memberOf({ ...input, session });
  return getDeletePropertyInstruction({
    signer: input.signer,
    session,
    member,
    property: address,
    payer: header.payer,
    expectedVersion: version,
  });
}
