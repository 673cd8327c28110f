/** Why the chain does not allow a deployment, with what to do about it. */
import type { Address } from '@solana/kit';
import { amount } from './amount.js';
import { MAX_PROGRAM } from './state.js';

/** Why it cannot be done. */
export type Refusal =
  /** There is something else at the program's address. */
  | { readonly why: 'NotAProgram'; readonly program: Address; readonly owner: Address }
  /** The program was closed. */
  | { readonly why: 'Closed'; readonly program: Address }
  /** A first deployment without the program's key. */
  | { readonly why: 'KeyMissing'; readonly program: Address }
  /** Nobody may upgrade the program. */
  | { readonly why: 'Final'; readonly program: Address }
  /** Somebody else may upgrade the program. */
  | { readonly why: 'NotYours'; readonly program: Address; readonly owner: Address; readonly given: Address }
  /** The buffer cannot be written. */
  | { readonly why: 'BufferTaken'; readonly buffer: Address; readonly authority: Address }
  /** More room than an account has, or less than the file needs. */
  | { readonly why: 'Length'; readonly least: number; readonly given: number }
  /** The payer has too little, in lamports. */
  | { readonly why: 'Funds'; readonly payer: Address; readonly needs: bigint; readonly has: bigint };

/** What is wrong, and what to do about it, each in one line. */
export function told(refusal: Refusal): { readonly message: string; readonly hint: string } {
  switch (refusal.why) {
    case 'NotAProgram':
      return {
        message: `${refusal.program} is no program that can be upgraded but an account of ${refusal.owner}`,
        hint: 'name another address with --program-id',
      };
    case 'Closed':
      return {
        message: `the program at ${refusal.program} was closed, and nothing can ever be deployed there again`,
        hint: 'make another key pair and name it with --program-id',
      };
    case 'KeyMissing':
      return {
        message: `there is no program at ${refusal.program} yet, and the first deployment is signed by its key`,
        hint: 'name its key file with --program-id',
      };
    case 'Final':
      return {
        message: `the program at ${refusal.program} is final, and is not this file`,
        hint: 'deploy to another address with --program-id',
      };
    case 'NotYours':
      return {
        message: `the program at ${refusal.program} belongs to ${refusal.owner}, not to ${refusal.given}`,
        hint: `name the key file of ${refusal.owner} with --upgrade-authority`,
      };
    case 'BufferTaken':
      return {
        message: `the buffer ${refusal.buffer} is not one that ${refusal.authority} may write`,
        hint: 'use another authority, which has another buffer, by --upgrade-authority',
      };
    case 'Length':
      return {
        message: `a program can have from ${refusal.least} (this file) to ${MAX_PROGRAM} bytes, not ${refusal.given}`,
        hint: 'change or leave out --max-len',
      };
    case 'Funds':
      return {
        message: `this takes ${amount(refusal.needs)} and ${refusal.payer} has ${amount(refusal.has)}`,
        hint: 'send it some SOL (on a local or test cluster `solana airdrop` does), or name another wallet with --keypair',
      };
  }
}
