/** The program's IDL, as far as tests compare with it. */
import { readFileSync } from 'node:fs';

interface IdlSeed {
  readonly kind: 'const' | 'account' | 'arg';
  readonly value?: readonly number[];
  readonly path?: string;
}

/** An account in an instruction's list. */
export interface IdlAccount {
  readonly name: string;
  readonly writable?: boolean;
  readonly signer?: boolean;
  readonly optional?: boolean;
  readonly address?: string;
  readonly pda?: { readonly seeds: readonly IdlSeed[] };
}

interface Idl {
  readonly instructions: readonly {
    readonly name: string;
    readonly discriminator: readonly number[];
    readonly accounts: readonly IdlAccount[];
  }[];
  readonly accounts: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
  readonly events: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
  readonly errors: readonly { readonly code: number; readonly name: string; readonly msg: string }[];
}

/** The IDL. */
export const IDL: Idl = JSON.parse(readFileSync(new URL('../../../../idl/sessions.json', import.meta.url), 'utf8'));
