/**
 * What other programs ask of a membership by calling this one. Called directly they do the same, and simulating `validate_session` answers how a member
 * stands.
 */
import type { ReadonlyUint8Array } from '@solana/kit';
import { getConsumeInstruction, getValidateSessionInstruction } from '../generated/instructions/index.js';
import { getStandingDecoder, type Standing as StandingLayout } from '../generated/types/index.js';
import { type Readable, readable } from '../readable.js';
import { type Permission, permissionBits } from '../value.js';
import { memberOf, type SessionInstruction, type SharedActing, sharing } from './common.js';

/** What is asked of a membership. */
export interface Consumption extends SharedActing {
  /** The permissions that it needs, all of them; EXECUTE_FUNCTIONS. */
  readonly permissions?: Iterable<Permission>;
  /** How many units it is charged for, beside one operation; none. */
  readonly units?: number | bigint;
}

async function asked(input: Consumption) {
  const { signer, session, permissions = [], units = 0 } = input;
  return { signer, session, member: await memberOf(input), permissions: permissionBits(permissions), units };
}

/** `consume`: charges the member for one operation and `units`, if it has all of `permissions`, and answers how it stands. */
export async function consume(input: Consumption): Promise<SessionInstruction> {
  return sharing(input, getConsumeInstruction(await asked(input)));
}

/** `validate_session`: answers how the member stands, if it could be charged so. */
export async function validateSession(input: Consumption): Promise<SessionInstruction> {
  return getValidateSessionInstruction(await asked(input));
}

/** How a member of a session stands: what is left to it, the less of its own and the session's; `UNLIMITED` where nothing limits it. */
export interface Standing extends Readable<StandingLayout> {}

/** How a member stands, by what the program returned (`Receipt.returned`); `null` if that is no such answer. */
export function standingOf(returned: ReadonlyUint8Array): Standing | null {
  const decoder = getStandingDecoder();
  return returned.length === decoder.fixedSize ? readable(decoder.decode(returned)) : null;
}
