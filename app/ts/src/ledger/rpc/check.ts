/** Whether a cluster can be used. */
import { type Address, getAddressDecoder } from '@solana/kit';
import { PROGRAM } from '../../address.js';
import { LedgerError } from '../error.js';
import { type Ledger, readOne } from '../index.js';
import type { Asking } from '../types.js';

/** The upgradeable loader, which keeps a program's file in an account beside it. */
const UPGRADEABLE_LOADER = 'BPFLoaderUpgradeab1e11111111111111111111111' as Address;

/** Where the program's account has the address of the file's account: behind a number. */
const FILE_AT = 4;

/**
 * Checks that the cluster has the session program, and that it can be run.
 *
 * @throws LedgerError: `ProgramMissing`, `ProgramNotExecutable`, and what the ledger throws.
 */
export async function checkProgram(ledger: Ledger, url: string, asking: Asking): Promise<void> {
  const missing = () => new LedgerError('ProgramMissing', { url });
  const { account } = await readOne(ledger, PROGRAM, asking);
  if (account === null) throw missing();
  if (!account.executable) throw new LedgerError('ProgramNotExecutable', { url });
  // A program that was closed stays executable, and has no file any more.
  if (account.owner !== UPGRADEABLE_LOADER) return;
  const file = account.data.length >= FILE_AT + 32 ? getAddressDecoder().decode(account.data, FILE_AT) : undefined;
  if (file === undefined || (await readOne(ledger, file, asking)).account === null) throw missing();
}
