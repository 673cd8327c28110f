/** How an instruction of the scenario language comes about. */
import {
  AccountRole,
  type AccountSignerMeta,
  type Address,
  type Instruction,
  isWritableRole,
  type KeyPairSigner,
} from '@solana/kit';
import {
  type AccessRight,
  ALL_ACCESS_RIGHTS,
  ALL_PERMISSIONS,
  ALL_SETTINGS,
  type Permission,
  type QuotasChoice,
  type Setting,
} from '../../../src/index.js';
import type { Fields } from '../fields.js';
import type { Act, Caller, SessionRef, Stage } from '../stage.js';
import { quotas as readQuotas, set } from '../values.js';

/** Reads the arguments of an instruction, and makes it. */
export type Read = (f: Fields, by: Caller, stage: Stage) => Promise<Act>;

/** The session that a step names. */
export const sessionOf = (f: Fields, stage: Stage): SessionRef => f.needed('session', stage.session);

/** What a step about a session is. */
export async function about(
  session: SessionRef,
  own: Instruction | Promise<Instruction>,
  before: readonly Instruction[] = [],
): Promise<Act> {
  return { session, before, own: await own };
}

/** The instruction with another signer in the place of the wallet that acts, which stands first. */
export async function signedBy(signer: KeyPairSigner, made: Promise<Instruction>): Promise<Instruction> {
  const instruction = await made;
  const [first, ...others] = instruction.accounts ?? [];
  if (first === undefined || first.address === signer.address) return instruction;
  const role = isWritableRole(first.role) ? AccountRole.WRITABLE_SIGNER : AccountRole.READONLY_SIGNER;
  const acts: AccountSignerMeta = { address: signer.address, role, signer };
  return { ...instruction, accounts: [acts, ...others] };
}

/** As whom a caller acts. Whether the session has shared limits is not asked, so it is passed as if it had. */
export const acting = ({ signer, actor }: Caller, session: SessionRef) => ({
  signer,
  session: session.address,
  wallet: actor.address,
  shared: true,
});

function choice<T>(f: Fields, key: string, read: (value: NonNullable<ReturnType<Fields['get']>>) => T): T | undefined {
  const value = f.get(key);
  return value === undefined ? undefined : read(value);
}

/** The permissions that a step names. */
export const permissions = (f: Fields): readonly Permission[] | undefined =>
  choice(f, 'permissions', (value) => set('permissions', ALL_PERMISSIONS, value));

/** The settings that a step names. */
export const settings = (f: Fields): readonly Setting[] | undefined =>
  choice(f, 'settings', (value) => set('settings', ALL_SETTINGS, value));

/** The rights that a step names. */
export const rights = (f: Fields): readonly AccessRight[] | undefined =>
  choice(f, 'rights', (value) => set('rights', ALL_ACCESS_RIGHTS, value));

/** The quotas that a step names. */
export const quotas = (f: Fields): QuotasChoice | undefined => choice(f, 'quotas', readQuotas);

/** What is there of these; what was left out is left to the builder. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The address that a step names. */
export async function addressOf(f: Fields, stage: Stage, key: string): Promise<Address> {
  return stage.address(f.text(key));
}
