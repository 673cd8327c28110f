/** What a scenario knows while it is played: who signs, what was saved and named, and what the ledger holds. */
import { type Address, type Instruction, isAddress, type KeyPairSigner } from '@solana/kit';
import {
  type Ledger,
  PROGRAM,
  readChild,
  readInvitation,
  readInviteToken,
  readOne,
  readSession,
  type Snapshot,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  type Tokens,
  vaultAddress,
} from '../../src/index.js';
import { ARENA, boardPayer } from './arena.js';
import type { Cast } from './cast.js';
import { type Document, isMapping } from './document.js';
import { decimal } from './show.js';

/** The programs that have names. */
export const PROGRAMS: Readonly<Record<string, Address>> = {
  arena: ARENA,
  memo: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr' as Address,
  sessions: PROGRAM,
  system: SYSTEM_PROGRAM,
  token: TOKEN_PROGRAM,
  'token-2022': TOKEN_2022_PROGRAM,
};

/** A session that was saved. */
export interface SessionRef {
  readonly address: Address;
  readonly creator: Address;
  readonly payer: Address;
  readonly id: Uint8Array;
}

/** Where an account comes from: who paid for it, and who made it. */
export interface Origin {
  readonly payer: Address;
  readonly maker: Address;
}

/** Who takes a step. */
export interface Caller {
  readonly actor: KeyPairSigner;
  readonly name: string;
  readonly signer: KeyPairSigner;
  readonly payer: KeyPairSigner;
}

/** An instruction with what stands before it in its transaction. */
export interface Act {
  /** The session that it is about. */
  readonly session?: SessionRef;
  /** Whether it makes that session. */
  readonly makes?: boolean;
  readonly before: readonly Instruction[];
  readonly own: Instruction;
  /** Whether it may take several transactions: the accounts behind its first then go by pairs. */
  readonly divisible?: boolean;
}

/** What an amount is of. */
export interface Unit {
  readonly name: string;
  readonly decimals: number;
  readonly tokens: Tokens | undefined;
}

const SOL: Unit = { name: 'SOL', decimals: 9, tokens: undefined };

/** The decimals of a mint that says nothing of them. */
export const MINT_DECIMALS = 6;

/** A function that has a name. */
export interface FunctionRef {
  readonly program: Address;
  readonly selector: Uint8Array;
}

export class Stage {
  readonly ledger: Ledger;
  readonly cast: Cast;
  readonly start: bigint;
  readonly sessions = new Map<string, SessionRef>();
  readonly functions = new Map<string, FunctionRef>();
  /** What the transaction that is being built makes. */
  readonly made = new Map<Address, Origin>();
  /** The allowances that were set. */
  readonly allowances: { readonly member: Address; readonly allowance: Address }[] = [];
  readonly #units: readonly Unit[];
  readonly #vaults = new Map<Address, string>();

  constructor(ledger: Ledger, cast: Cast, start: bigint, document: Document) {
    this.ledger = ledger;
    this.cast = cast;
    this.start = start;
    const mints = document.steps.flatMap(({ fields }) =>
      fields.do === 'create_mint' && isMapping(fields.with) ? [fields.with] : [],
    );
    const units = mints.map(({ mint, decimals = String(MINT_DECIMALS), program = 'token' }) => {
      const address = cast.signer(String(mint), 'mint').address;
      const tokens = { mint: address, program: PROGRAMS[String(program)] ?? TOKEN_PROGRAM };
      return { name: String(mint), decimals: Number(decimals), tokens };
    });
    this.#units = [SOL, ...units];
  }

  /** Remembers a session under a name. */
  async save(name: string, session: SessionRef): Promise<void> {
    if (this.sessions.has(name)) throw new Error(`the name ${name} is taken`);
    this.sessions.set(name, session);
    this.#vaults.set(await vaultAddress(session.address), `vault of ${name}`);
  }

  /** The session that was saved under a name. */
  readonly session = (name: string): SessionRef => {
    const found = this.sessions.get(name);
    if (found === undefined) throw new Error(`no step before this one saved ${name}`);
    return found;
  };

  /** The actor with a name. */
  readonly actor = (name: string): KeyPairSigner => this.cast.signer(name, 'actor');

  /** The function that was given a name. */
  readonly function = (name: string): FunctionRef => {
    const found = this.functions.get(name);
    if (found === undefined) throw new Error(`no step before this one registered ${name}`);
    return found;
  };

  /** SOL, or a mint that any step makes. */
  readonly unit = (name: string): Unit => {
    const found = this.#units.find((unit) => unit.name === name);
    if (found === undefined) throw new Error(`no step makes a mint ${name}`);
    return found;
  };

  /** What an amount of this mint is of; `null` is SOL. */
  unitOf(mint: Address | null): Unit {
    const found = this.#units.find((unit) => (unit.tokens?.mint ?? null) === mint);
    if (found === undefined) throw new Error(`no step makes the mint ${mint}`);
    return found;
  }

  /** An address: of somebody who signs, of the vault of a session, of a program, or in base58. */
  async address(text: string): Promise<Address> {
    if (text.startsWith('vault of ')) return vaultAddress(this.session(text.slice('vault of '.length)).address);
    const found = this.cast.find(text)?.signer.address ?? PROGRAMS[text];
    if (found !== undefined) return found;
    if (isAddress(text)) return text;
    throw new Error(`${text} is neither an actor nor an address`);
  }

  /** An address by its name, if it has one. */
  readonly who = (address: Address): string => {
    const session = [...this.sessions].find(([, known]) => known.address === address)?.[0];
    const program = Object.entries(PROGRAMS).find(([, known]) => known === address)?.[0];
    return this.cast.nameOf(address) ?? session ?? this.#vaults.get(address) ?? program ?? address;
  };

  /** How many smallest parts an amount is, and of what if it says so. */
  amount(text: string): { readonly parts: bigint; readonly unit: Unit | undefined } {
    const [, whole, part = '', name = ''] = /^(\d+)(?:\.(\d+))?\s*(.*)$/.exec(text) ?? [];
    if (whole === undefined || (name === '' && part !== '')) throw new Error(`${text} is no amount`);
    const unit = name === '' ? undefined : this.unit(name);
    if (part.length > (unit?.decimals ?? 0)) throw new Error(`${text} is finer than its smallest part`);
    return { parts: BigInt(whole + part.padEnd(unit?.decimals ?? 0, '0')), unit };
  }

  /** An amount of a unit, in it or in its smallest parts. */
  amountOf(unit: Unit, text: string): bigint {
    const found = this.amount(text);
    if (found.unit !== undefined && found.unit !== unit) throw new Error(`${text} is not of ${unit.name}`);
    return found.parts;
  }

  /** An amount as it is written. */
  readonly show = (unit: Unit, amount: bigint): string => `${decimal(amount, unit.decimals)} ${unit.name}`;

  /** Where an account comes from: from this transaction, or from what it holds; `null` if it is not there. */
  async origin(address: Address): Promise<Origin | null> {
    return this.made.get(address) ?? originOf(await readOne(this.ledger, address));
  }
}

const attempt = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

/** Where an account comes from, if it is one of the program or of the arena. */
export function originOf(snapshot: Snapshot): Origin | null {
  const session = attempt(() => readSession(snapshot));
  if (session !== null) return { payer: session.header.payer, maker: session.creator };
  const board = boardPayer(snapshot);
  if (board !== null) return { payer: board, maker: board };
  const child = readChild(snapshot);
  if (child === null) return null;
  const invitation = attempt(() => readInvitation(snapshot)) ?? attempt(() => readInviteToken(snapshot));
  return { payer: child.payer, maker: invitation?.offer.inviter ?? SYSTEM_PROGRAM };
}
