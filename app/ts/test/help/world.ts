/** A ledger with funded wallets, whichever it is, that looks at everything that is sent. */
import { type Address, generateKeyPairSigner, type Instruction, type KeyPairSigner } from '@solana/kit';
import {
  type Draft,
  idFromText,
  type Ledger,
  openSession,
  type Receipt,
  readMember,
  readOne,
  readSession,
  type Session,
  type SessionChoices,
  send,
  sessionAddress,
  simulate,
} from '../../src/index.js';
import { compare } from './compare.js';

/** A ledger, and how its time passes. */
export interface Chain {
  readonly ledger: Ledger;
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
}

let sessions = 0;

/** What the suites are told on. */
export class World {
  readonly chain: Chain;

  constructor(chain: Chain) {
    this.chain = chain;
  }

  get ledger(): Ledger {
    return this.chain.ledger;
  }

  /** Wallets with ten SOL each. */
  async wallets(count: number): Promise<readonly KeyPairSigner[]> {
    const made = await Promise.all(Array.from({ length: count }, () => generateKeyPairSigner()));
    for (const wallet of made) await this.ledger.airdrop(wallet.address, 10_000_000_000n);
    return made;
  }

  /** One wallet with ten SOL. */
  async wallet(): Promise<KeyPairSigner> {
    const [wallet] = await this.wallets(1);
    if (wallet === undefined) throw new Error('no wallet');
    return wallet;
  }

  async #draft(payer: KeyPairSigner, instructions: readonly (Instruction | Promise<Instruction>)[]): Promise<Draft> {
    const built = await Promise.all(instructions);
    for (const instruction of built) await compare(instruction);
    return { payer, instructions: built };
  }

  /** Sends instructions in one transaction, paid for by `payer`. */
  async send(payer: KeyPairSigner, ...instructions: readonly (Instruction | Promise<Instruction>)[]): Promise<Receipt> {
    return send(this.ledger, await this.#draft(payer, instructions), {
      look: 20,
      rebroadcast: 500,
      price: { exactly: 0 },
    });
  }

  /** Runs instructions without keeping what they do. */
  async simulate(
    payer: KeyPairSigner,
    ...instructions: readonly (Instruction | Promise<Instruction>)[]
  ): Promise<Receipt> {
    return simulate(this.ledger, await this.#draft(payer, instructions));
  }

  /** An open session of this creator, with an id of its own. */
  async open(
    creator: KeyPairSigner,
    config: SessionChoices = {},
  ): Promise<{ readonly session: Address; readonly id: Uint8Array }> {
    sessions += 1;
    const id = await idFromText(`session ${sessions} of ${creator.address}`);
    await this.send(creator, openSession({ creator, id, config }));
    return { session: await sessionAddress(creator.address, id), id };
  }

  /** The session at an address. */
  async session(address: Address): Promise<Session> {
    return readSession(await readOne(this.ledger, address));
  }

  /** The membership at an address. */
  async member(address: Address): Promise<ReturnType<typeof readMember>> {
    return readMember(await readOne(this.ledger, address));
  }
}
