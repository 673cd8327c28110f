/** An instruction that a builder made, against what the IDL says of it. */
import {
  type Address,
  getAddressEncoder,
  getProgramDerivedAddress,
  type Instruction,
  isSignerRole,
  isWritableRole,
} from '@solana/kit';
import { expect } from 'vitest';
import { PROGRAM } from '../../src/index.js';
import { IDL, type IdlAccount } from './idl.js';

/** What a caller may pass for writing beyond the IDL: a session with shared limits, and a vault that a call writes. */
const MAY_BE_WRITTEN: ReadonlySet<string> = new Set(['session', 'vault']);

const seen = new Set<string>();

/** The names of the instructions that were compared. */
export const compared = (): ReadonlySet<string> => seen;

async function checkDerived(
  name: string,
  account: IdlAccount,
  found: Address,
  addresses: ReadonlyMap<string, Address>,
): Promise<void> {
  const seeds = account.pda?.seeds ?? [];
  if (seeds.length === 0 || seeds.some((seed) => seed.kind === 'arg')) return;
  const bytes = seeds.map((seed) => {
    if (seed.kind === 'const') return Uint8Array.from(seed.value ?? []);
    const address = addresses.get(seed.path ?? '');
    if (address === undefined) throw new Error(`${name}: no account ${seed.path}`);
    return getAddressEncoder().encode(address);
  });
  const [derived] = await getProgramDerivedAddress({ programAddress: PROGRAM, seeds: bytes });
  expect(found, `${name}: ${account.name}`).toBe(derived);
}

/** Compares the accounts of an instruction of the program with the IDL's, in their order; of another program, nothing. */
export async function compare(instruction: Instruction): Promise<void> {
  if (instruction.programAddress !== PROGRAM) return;
  const data = instruction.data ?? new Uint8Array();
  const known = IDL.instructions.find(({ discriminator }) =>
    discriminator.every((byte, place) => data[place] === byte),
  );
  if (known === undefined) throw new Error('an instruction that the IDL does not have');
  seen.add(known.name);
  const metas = instruction.accounts ?? [];
  expect(metas.length, known.name).toBeGreaterThanOrEqual(known.accounts.length);
  const addresses = new Map(known.accounts.map((account, place) => [account.name, metas[place]?.address ?? PROGRAM]));
  for (const [place, account] of known.accounts.entries()) {
    const meta = metas[place];
    if (meta === undefined) throw new Error(`${known.name}: ${account.name} is missing`);
    const label = `${known.name}: ${account.name}`;
    expect(isSignerRole(meta.role), label).toBe(account.signer === true);
    const isLeftOut = account.optional === true && meta.address === PROGRAM;
    if (isLeftOut) expect(isWritableRole(meta.role), label).toBe(false);
    else if (account.writable === true) expect(isWritableRole(meta.role), label).toBe(true);
    else if (!MAY_BE_WRITTEN.has(account.name)) expect(isWritableRole(meta.role), label).toBe(false);
    if (account.address !== undefined) expect(meta.address, label).toBe(account.address);
    if (!isLeftOut) await checkDerived(known.name, account, meta.address, addresses);
  }
}
