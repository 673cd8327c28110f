/** What the builders have in common. */
import {
  type AccountMeta,
  type AccountSignerMeta,
  type Address,
  type Instruction,
  isWritableRole,
  type ReadonlyUint8Array,
  type TransactionSigner,
  upgradeRoleToWritable,
} from '@solana/kit';
import { memberAddress } from '../address.js';

/** An instruction of the program, with its signers in its accounts. */
export type SessionInstruction = Instruction & {
  readonly accounts: readonly (AccountMeta | AccountSignerMeta)[];
  readonly data: ReadonlyUint8Array;
};

/** As whom, and in which session, somebody acts. */
export interface Acting {
  /** Who signs: the member's wallet or its session key. */
  readonly signer: TransactionSigner;
  /** The session's address. */
  readonly session: Address;
  /** Whose membership it is, if a session key signs; the signer's own. */
  readonly wallet?: Address;
}

/** The same, where an act writes the session only if that has limits which its members share. */
export interface SharedActing extends Acting {
  /**
   * Whether the session has shared limits (see `hasSharedLimits`), and is passed as writable; false. A session that has none is better passed for
   * reading, so that its members act in parallel.
   */
  readonly shared?: boolean;
}

/** Who pays the rent of an account that is made. */
export interface Paying {
  /** Who pays, and gets it back; whoever the instruction is by. */
  readonly payer?: TransactionSigner;
}

/** The address of the membership of whoever acts. */
export const memberOf = ({ session, signer, wallet }: Acting): Promise<Address> =>
  memberAddress(session, wallet ?? signer.address);

/** The instruction with the accounts at these addresses passed for writing. */
export function writing(instruction: SessionInstruction, addresses: readonly Address[]): SessionInstruction {
  const accounts = instruction.accounts.map((meta) =>
    addresses.includes(meta.address) && !isWritableRole(meta.role)
      ? { ...meta, role: upgradeRoleToWritable(meta.role) }
      : meta,
  );
  return { ...instruction, accounts };
}

/** The instruction with the session passed as it has to be. */
export function sharing(acting: SharedActing, instruction: SessionInstruction): SessionInstruction {
  return acting.shared === true ? writing(instruction, [acting.session]) : instruction;
}
