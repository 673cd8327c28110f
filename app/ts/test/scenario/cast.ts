/** Who signs in a scenario. Each key follows from the actor's name alone, as in the command's runner, so that the story is the same address for address. */
import { createHash } from 'node:crypto';
import { type Address, createKeyPairSignerFromPrivateKeyBytes, type KeyPairSigner } from '@solana/kit';
import { type Document, isMapping, type Mapping } from './document.js';

/** What a name stands for. */
export type WalletKind = 'actor' | 'session key' | 'invite token' | 'mint';

/** Somebody who can sign. */
export interface Wallet {
  /** The name; of a session key `actor/key`. */
  readonly name: string;
  readonly kind: WalletKind;
  readonly signer: KeyPairSigner;
}

async function derive(kind: WalletKind, name: string): Promise<Wallet> {
  const seed = createHash('sha256');
  for (const part of [`sessions scenario ${kind}`, ...name.split('/')]) seed.update(part).update('\0');
  return { name, kind, signer: await createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(seed.digest())) };
}

const text = (mapping: Mapping, key: string): string | undefined =>
  typeof mapping[key] === 'string' ? mapping[key] : undefined;

/** The name that a step with this instruction gives under a key of its arguments. */
function given(step: Mapping, instruction: string, key: string): string | undefined {
  return step.do === instruction && isMapping(step.with) ? text(step.with, key) : undefined;
}

/** Everybody in a scenario: its actors, and the session keys, invite tokens and mints that any step has. */
export class Cast {
  readonly wallets: readonly Wallet[];

  private constructor(wallets: readonly Wallet[]) {
    this.wallets = wallets;
  }

  static async of({ actors, steps }: Document): Promise<Cast> {
    const names = new Map<string, WalletKind>(Object.keys(actors).map((name) => [name, 'actor']));
    for (const { fields } of steps) {
      const keys = [text(fields, 'key'), given(fields, 'set_session_key', 'key')];
      for (const key of keys) if (key !== undefined) names.set(`${text(fields, 'as')}/${key}`, 'session key');
      const token = given(fields, 'create_invite_token', 'token');
      if (token !== undefined) names.set(token, 'invite token');
      const mint = given(fields, 'create_mint', 'mint');
      if (mint !== undefined) names.set(mint, 'mint');
    }
    return new Cast(await Promise.all([...names].map(([name, kind]) => derive(kind, name))));
  }

  /** Whoever has this name. */
  find(name: string, kind?: WalletKind): Wallet | undefined {
    return this.wallets.find((wallet) => wallet.name === name && (kind === undefined || wallet.kind === kind));
  }

  /** The signer with this name and kind. */
  signer(name: string, kind: WalletKind): KeyPairSigner {
    const found = this.find(name, kind);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found.signer;
  }

  /** The name of an address, if it is a signer's. */
  nameOf(address: Address): string | undefined {
    return this.wallets.find(({ signer }) => signer.address === address)?.name;
  }

  /** Whose lamports are their own: all but mints. */
  get owners(): readonly Address[] {
    return this.wallets.filter(({ kind }) => kind !== 'mint').map(({ signer }) => signer.address);
  }
}
