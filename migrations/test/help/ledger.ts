/** A ledger in this process, with the real loader, on which a deployment can be broken off. */
import { readFileSync } from 'node:fs';
import { type Asking, type LandOptions, LedgerError } from '@sessions/client';
import { Embedded } from '@sessions/client/testing';
import {
  type Address,
  createKeyPairSignerFromPrivateKeyBytes,
  type KeyPairSigner,
  type Transaction,
} from '@solana/kit';
import type { Done } from '../../deploy/deployment.js';
import type { IdlFile } from '../../deploy/idl.js';
import type { Keys } from '../../deploy/keys.js';
import type { Wanted } from '../../deploy/plan.js';
import { SILENT } from '../../deploy/progress.js';
import { carryOut, findOut } from '../../deploy/together.js';
import type { Tools } from '../../deploy/upload.js';

/** One SOL, in lamports. */
export const SOL = 1_000_000_000n;

const FILES = {
  sessions: 'programs/sessions/artifact/sessions.so',
  arena: 'programs/arena/artifact/arena.so',
  rogue: 'tests/programs/rogue/artifact/rogue.so',
} as const;

/** The recorded file of a program of this repository. */
export const file = (name: keyof typeof FILES): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../${FILES[name]}`, import.meta.url)));

/** A key that follows from a number. */
export const signer = (byte: number): Promise<KeyPairSigner> =>
  createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(byte));

/** One wallet for everything, and the program's key if it is at hand. */
export async function keysOf(program: KeyPairSigner | null): Promise<Keys> {
  const authority = await signer(2);
  return { payer: authority, authority, program };
}

/** What somebody who has these keys wants. */
export const wantedOf = (keys: Keys, program: Address, bytes: Uint8Array, given: Partial<Wanted> = {}): Wanted => ({
  program,
  key: keys.program !== null,
  authority: keys.authority.address,
  payer: keys.payer.address,
  file: bytes,
  last: false,
  ...given,
});

/** The plug was pulled. */
export class Unplugged extends Error {}

/** The ledger. */
export class Svm extends Embedded {
  /** How many transactions ran and did not fail. */
  sent = 0;
  /** After how many transactions nothing is handed over any more. */
  breaksAfter = Number.POSITIVE_INFINITY;
  /** Every so many transactions one is lost on its way. */
  losesEvery = Number.POSITIVE_INFINITY;
  /** By how many blocks what is final is behind. */
  behind = 0n;
  /** Whether time stands still but where somebody waits for the next slot. */
  still = false;
  #handed = 0;

  override async slot(): Promise<bigint> {
    if (this.still) this.advance();
    return super.slot();
  }

  override async blockHeight(): Promise<bigint> {
    return (await super.blockHeight()) - this.behind;
  }

  override submit(transaction: Transaction): Promise<void> {
    return this.counted(() => super.submit(transaction));
  }

  /** Takes a transaction, unless it is lost or the plug is pulled. */
  protected async counted(take: () => Promise<void>): Promise<void> {
    if (this.sent >= this.breaksAfter) throw new Unplugged();
    this.#handed += 1;
    if (this.#handed % this.losesEvery === 0) throw new LedgerError('Timeout', { url: 'http://embedded' });
    this.sent += 1;
    const { slot } = this.svm.getClock();
    try {
      await take();
      if (this.still) this.svm.warpToSlot(slot);
    } catch (error) {
      this.sent -= 1;
      throw error;
    }
  }

  /** What an address has, in lamports. */
  async balance(address: Address, _asking?: Asking): Promise<bigint> {
    return (await this.read([address]))[0]?.account?.lamports ?? 0n;
  }
}

/** What is landed is looked for at once, and handed over again soon. */
export const landing: LandOptions = { look: 1, rebroadcast: 5 };

/** What a deployment on the ledger goes by. */
export const toolsOn = (ledger: Svm, keys: Keys): Tools => ({ ledger, keys, progress: SILENT, landing });

/** Does what there is to do, with the IDL if there is one. */
export async function execute(ledger: Svm, keys: Keys, wanted: Wanted, idl: IdlFile | null = null): Promise<Done> {
  return carryOut(toolsOn(ledger, keys), wanted, await findOut(ledger, keys, wanted, idl));
}
