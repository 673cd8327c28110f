/**
 * A ledger with the Program Metadata program, as far as an IDL's upload uses it. No package registry has that program's file, so it is played here, by its
 * published source: who must sign, what each instruction wants of its accounts, how far an account may grow, and that none is left below its rent.
 */
import type { AccountContent, Receipt, Statuses } from '@sessions/client';
import {
  type Address,
  getAddressDecoder,
  getAddressEncoder,
  getCompiledTransactionMessageDecoder,
  getProgramDerivedAddress,
  getSignatureFromTransaction,
  type Signature,
  type Transaction,
} from '@solana/kit';
import { HEADER, METADATA, MOST_GROWTH } from '../../deploy/metadata.js';
import { file, Svm } from './ledger.js';

const SYSTEM = '11111111111111111111111111111111' as Address;

interface Account {
  owner: Address;
  lamports: bigint;
  data: Uint8Array;
}

/** A call of a program: its accounts, who of them signs, and its data. */
interface Call {
  readonly program: Address;
  readonly accounts: readonly Address[];
  readonly signs: (place: number) => boolean;
  readonly data: Uint8Array;
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

const decode = (bytes: Uint8Array, offset: number) => getAddressDecoder().decode(bytes, offset);

/** The ledger. */
export class SvmWithMetadata extends Svm {
  readonly #ran = new Map<Signature, bigint>();

  constructor() {
    super();
    // Any program: none of its calls gets to it.
    this.svm.addProgram(METADATA, file('arena'));
  }

  override async simulate(transaction: Transaction): Promise<Receipt> {
    const calls = this.#calls(transaction);
    if (!calls.some(({ program }) => program === METADATA)) return super.simulate(transaction);
    await this.#play(calls, 0n, new Map());
    return { failure: null, logs: [] } as unknown as Receipt;
  }

  override async submit(transaction: Transaction): Promise<void> {
    const calls = this.#calls(transaction);
    if (!calls.some(({ program }) => program === METADATA)) return super.submit(transaction);
    await this.counted(async () => {
      const changed = new Map<Address, Account>();
      await this.#play(calls, 5_000n * BigInt(Object.keys(transaction.signatures).length), changed);
      for (const [address, account] of changed) this.put(address, { ...account, executable: false });
      this.#ran.set(getSignatureFromTransaction(transaction), (await this.clock()).slot);
      this.advance();
    });
  }

  override async statuses(signatures: readonly Signature[]): Promise<Statuses> {
    const real = await super.statuses(signatures);
    const of = signatures.map((signature, place) => {
      const slot = this.#ran.get(signature);
      return slot === undefined ? (real.of[place] ?? null) : { slot, commitment: this.commitment, error: null };
    });
    return { ...real, of };
  }

  #calls(transaction: Transaction): readonly Call[] {
    const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
    if (!('instructions' in message)) throw new Error('another version of transactions');
    const { staticAccounts, header, instructions } = message;
    const at = (index: number) => staticAccounts[index] ?? SYSTEM;
    return instructions.map(({ programAddressIndex, accountIndices = [], data = new Uint8Array() }) => ({
      program: at(programAddressIndex),
      accounts: accountIndices.map(at),
      signs: (place) => (accountIndices[place] ?? 0xff) < header.numSignerAccounts,
      data: data as Uint8Array,
    }));
  }

  /** Runs all of the calls or none of them; the payer is the first account that signs anything. */
  async #play(calls: readonly Call[], fee: bigint, changed: Map<Address, Account>): Promise<void> {
    const open = async (address: Address): Promise<Account> => {
      const found = changed.get(address);
      if (found !== undefined) return found;
      const there: AccountContent | null = (await this.read([address]))[0]?.account ?? null;
      const { owner = SYSTEM, lamports = 0n, data = new Uint8Array() } = there ?? {};
      const account = { owner, lamports, data: Uint8Array.from(data) };
      changed.set(address, account);
      return account;
    };
    const payer = calls[0]?.accounts.find((_, place) => calls[0]?.signs(place));
    assert(payer !== undefined, 'nobody pays');
    (await open(payer)).lamports -= fee;
    for (const call of calls) {
      const lengths = new Map([...changed].map(([address, { data }]) => [address, data.length]));
      if (call.program === SYSTEM) await this.#transfer(call, open);
      else await this.#metadata(call, open);
      for (const [address, { data }] of changed) {
        const grown = data.length - (lengths.get(address) ?? data.length);
        assert(grown <= MOST_GROWTH, 'InvalidRealloc');
      }
    }
    for (const { data, lamports } of changed.values()) {
      assert(lamports === 0n || lamports >= (await this.minimumBalance(data.length)), 'InsufficientFundsForRent');
    }
  }

  async #transfer({ accounts: [from, to], data, signs }: Call, open: (address: Address) => Promise<Account>) {
    const view = new DataView(data.buffer, data.byteOffset);
    assert(from !== undefined && to !== undefined && signs(0) && view.getUint32(0, true) === 2, 'no transfer');
    const lamports = view.getBigUint64(4, true);
    (await open(from)).lamports -= lamports;
    assert((await open(from)).lamports >= 0n, 'InsufficientFunds');
    (await open(to)).lamports += lamports;
  }

  /** Whether the authority may upgrade the program. */
  async #mayUpgrade(program: Address, programData: Address, authority: Address): Promise<boolean> {
    const [at, code] = (await this.read([program, programData])).map(({ account }) => account);
    assert(at?.executable === true && decode(at.data as Uint8Array, 4) === programData, 'InvalidAccountData');
    return code?.data[12] === 1 && decode(code.data as Uint8Array, 13) === authority;
  }

  async #metadata({ accounts, data, signs }: Call, open: (address: Address) => Promise<Account>): Promise<void> {
    const [at, authority, third, fourth, fifth] = accounts;
    assert(at !== undefined && authority !== undefined && third !== undefined, 'NotEnoughAccountKeys');
    assert(signs(1), 'MissingRequiredSignature');
    const account = await open(at);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const grow = (length: number) => {
      const longer = new Uint8Array(length);
      longer.set(account.data.subarray(0, length));
      account.data = longer;
    };
    const derived = async (seed: Uint8Array) => {
      assert(fourth !== undefined && (await this.#mayUpgrade(third, fourth, authority)), 'not canonical');
      const seeds = [getAddressEncoder().encode(third), seed];
      assert((await getProgramDerivedAddress({ programAddress: METADATA, seeds }))[0] === at, 'InvalidSeeds');
    };
    const authorized = async (program: Address | undefined, programData: Address | undefined) => {
      assert(account.owner === METADATA && account.data.length >= HEADER, 'UninitializedAccount');
      if (account.data[0] === 1 && decode(account.data, 33) === authority) return;
      assert(program !== undefined && programData !== undefined, 'NotEnoughAccountKeys');
      assert(program === decode(account.data, 1), 'IncorrectAuthority');
      assert(await this.#mayUpgrade(program, programData, authority), 'IncorrectAuthority');
    };
    switch (data[0]) {
      case 0: {
        assert(account.data[0] === 1 && decode(account.data, 33) === authority, 'IncorrectAuthority');
        const end = HEADER + view.getUint32(1, true) + data.length - 5;
        if (end > account.data.length) grow(end);
        account.data.set(data.subarray(5), HEADER + view.getUint32(1, true));
        return;
      }
      case 1: {
        const seed = data.subarray(1, 17);
        await derived(seed);
        assert(account.owner === METADATA && account.data[0] === 1 && data.length === 21, 'InvalidAccountData');
        account.data.fill(0, 1, HEADER);
        account.data.set([2, ...getAddressEncoder().encode(third)]);
        account.data.set([1, 1, ...seed, ...data.subarray(17)], 65);
        new DataView(account.data.buffer).setUint32(87, account.data.length - HEADER, true);
        return;
      }
      case 3: {
        await authorized(fourth, fifth);
        assert(account.data[0] === 2 && account.data[65] === 1 && data.length === 5, 'InvalidAccountData');
        const buffer = await open(third);
        assert(buffer.owner === METADATA && buffer.data[0] === 1, 'InvalidAccountData');
        account.data.set(data.subarray(1), 83);
        const content = buffer.data.subarray(HEADER);
        new DataView(account.data.buffer).setUint32(87, content.length, true);
        grow(HEADER + content.length);
        account.data.set(content, HEADER);
        return;
      }
      case 5: {
        await authorized(third, fourth);
        assert(fifth !== undefined, 'NotEnoughAccountKeys');
        grow(HEADER + new DataView(account.data.buffer).getUint32(87, true));
        const over = account.lamports - (await this.minimumBalance(account.data.length));
        account.lamports -= over;
        (await open(fifth)).lamports += over;
        return;
      }
      case 6: {
        await authorized(third, fourth);
        assert(fifth !== undefined, 'NotEnoughAccountKeys');
        (await open(fifth)).lamports += account.lamports;
        Object.assign(account, { lamports: 0n, data: new Uint8Array(), owner: SYSTEM });
        return;
      }
      case 7: {
        await derived(data.subarray(1));
        assert(
          account.owner === SYSTEM && account.data.length === 0 && data.length === 17,
          'AccountAlreadyInitialized',
        );
        account.owner = METADATA;
        grow(HEADER);
        assert(account.lamports >= (await this.minimumBalance(HEADER)), 'AccountNotRentExempt');
        account.data.set([1, ...getAddressEncoder().encode(third), ...getAddressEncoder().encode(authority), 1]);
        account.data.set(data.subarray(1), 66);
        return;
      }
      case 8:
        await authorized(third, fourth);
        grow(account.data.length + view.getUint16(1, true));
        return;
      default:
        throw new Error(`no instruction ${data[0]}`);
    }
  }
}
