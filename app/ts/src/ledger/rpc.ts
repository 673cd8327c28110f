/** A cluster, by JSON-RPC and web socket. */
import {
  type Address,
  assertIsBlockhash,
  type Base64EncodedBytes,
  createSolanaRpcFromTransport,
  createSolanaRpcSubscriptions,
  getBase64Decoder,
  getBase64EncodedWireTransaction,
  isFullySignedTransaction,
  type Rpc as KitRpc,
  type RpcSubscriptions,
  type Signature,
  type SolanaRpcApi,
  type SolanaRpcSubscriptionsApi,
  type Transaction,
  address as toAddress,
  lamports as toLamports,
} from '@solana/kit';
import { PROGRAM } from '../address.js';
import { failureOf } from '../failure.js';
import { checkSize } from '../transaction/draft.js';
import { pauses, sleep } from '../transaction/pause.js';
import { isLedgerError, isRetryable, LedgerError } from './error.js';
import { checkCount, type Ledger, MAX_READ, MAX_STATUSES, readOne } from './index.js';
import { byAddress } from './order.js';
import { checkProgram } from './rpc/check.js';
import {
  checkAnswered,
  entryOf,
  type NodeAccount,
  readAnswer,
  receiptOf,
  simulatedReceipt,
  snapshotOf,
  statusOf,
} from './rpc/decode.js';
import { follow } from './rpc/follow.js';
import { short } from './rpc/said.js';
import { notifications } from './rpc/socket.js';
import { transportTo } from './rpc/transport.js';
import { httpUrl, shown, webSocketOf, webSocketUrl } from './rpc/url.js';
import { TOKEN_PROGRAMS } from './token.js';
import {
  type Asking,
  type Clock,
  type Commitment,
  type Entry,
  type Filter,
  isAtLeast,
  type Receipt,
  type RecentBlockhash,
  type Snapshot,
  type Statuses,
} from './types.js';

/** The clock's account. */
const CLOCK = 'SysvarC1ock11111111111111111111111111111111' as Address;
/** How many entries of a history a node gives at once. */
const HISTORY_PAGE = 1_000;
/** The most accounts whose priority fees a node tells at once. */
const MAX_FEE_ACCOUNTS = 128;
/** How long a web socket has to answer at most, in milliseconds. */
const SOCKET_ANSWER = 10_000;

/** How a cluster is reached. Times are in milliseconds. */
export interface RpcOptions {
  /** The URL of the node's web socket; where Solana's convention puts it. */
  readonly webSocket?: string;
  /** The commitment that is read at; confirmed. */
  readonly commitment?: Commitment;
  /** How long the node has to answer; 30,000. Its web socket has no longer than 10,000. */
  readonly timeout?: number;
  /** What the jitter of new connections is made from; 0. */
  readonly seed?: number;
  /** How often a followed account is read again although the connection seems to stand; 30,000. */
  readonly readAgain?: number;
}

/** What handles to one cluster share. */
interface Node {
  readonly url: string;
  /** What it is called in errors. */
  readonly name: string;
  readonly webSocket: string;
  readonly rpc: KitRpc<SolanaRpcApi>;
  readonly subscriptions: RpcSubscriptions<SolanaRpcSubscriptionsApi>;
  readonly options: Required<Pick<RpcOptions, 'timeout' | 'seed' | 'readAgain'>>;
  /** The newest finalized slot that it told of. */
  finalized: bigint;
}

const asked = ({ signal }: Asking) => (signal === undefined ? {} : { abortSignal: signal });

/** A receipt is of confirmed at least: a node keeps none of what is only processed. */
const atLeastConfirmed = (commitment: Commitment) => (commitment === 'processed' ? 'confirmed' : commitment);

/** What transactions are tried at: they are signed with blockhashes that are confirmed, which a finalized state does not know yet. */
const atMostConfirmed = (commitment: Commitment) => (commitment === 'finalized' ? 'confirmed' : commitment);

/** A cluster. */
export class Rpc implements Ledger {
  readonly #node: Node;
  /** The commitment that this handle reads at. */
  readonly commitment: Commitment;

  private constructor(node: Node, commitment: Commitment) {
    this.#node = node;
    this.commitment = commitment;
  }

  /**
   * A handle to the cluster whose node is at `url`. Nothing is asked over the network: see {@link check}.
   *
   * @throws LedgerError: `WrongUrl` if it is no URL of a node.
   */
  static connect(url: string, options: RpcOptions = {}): Rpc {
    const http = httpUrl(url);
    const webSocket = options.webSocket === undefined ? webSocketOf(http) : webSocketUrl(options.webSocket);
    const { timeout = 30_000, seed = 0, readAgain = 30_000, commitment = 'confirmed' } = options;
    const node: Node = {
      url: http.href,
      name: shown(http.href),
      webSocket: webSocket.href,
      rpc: createSolanaRpcFromTransport(transportTo(http, timeout)),
      subscriptions: createSolanaRpcSubscriptions(webSocket.href),
      options: { timeout, seed, readAgain },
      finalized: 0n,
    };
    return new Rpc(node, commitment);
  }

  /** The node's URL, whole: it may have a key in it, which is not for others to see. {@link name} is what is shown. */
  get url(): string {
    return this.#node.url;
  }

  /** What the node is called in errors: its URL without what may be a secret. */
  get name(): string {
    return this.#node.name;
  }

  /** The web socket's URL, whole. */
  get webSocketUrl(): string {
    return this.#node.webSocket;
  }

  withCommitment(commitment: Commitment): Rpc {
    return commitment === this.commitment ? this : new Rpc(this.#node, commitment);
  }

  /**
   * Checks that the cluster can be used: that a node answers, that it is a Solana node, and that it has the session program; with `genesis`, that it is the
   * cluster with this genesis hash. Which version of the program it is shows only in what the program wrote: the readers of accounts answer
   * UnsupportedVersion.
   *
   * @throws LedgerError: `NotSolana`, `WrongCluster`, `ProgramMissing`, `ProgramNotExecutable`, or what {@link LedgerError.isRetryable}.
   */
  async check({ genesis, ...asking }: Asking & { readonly genesis?: string } = {}): Promise<void> {
    const url = this.name;
    const found = await this.#node.rpc
      .getGenesisHash()
      .send(asked(asking))
      .catch((error: unknown) => {
        // What is no node does not know its cluster.
        throw isLedgerError(error, 'Refused') ? new LedgerError('NotSolana', error.about, error) : error;
      });
    if (genesis !== undefined && found !== genesis)
      throw new LedgerError('WrongCluster', { url, expected: genesis, found: short(String(found)) });
    await checkProgram(this, url, asking);
  }

  async simulate(transaction: Transaction, asking: Asking = {}): Promise<Receipt> {
    checkSize(transaction);
    const config = {
      encoding: 'base64',
      sigVerify: false,
      replaceRecentBlockhash: true,
      commitment: atMostConfirmed(this.commitment),
    } as const;
    const wire = getBase64EncodedWireTransaction(transaction);
    const found = await this.#node.rpc.simulateTransaction(wire, config).send(asked(asking));
    return readAnswer(this.name, 'a simulation', () =>
      simulatedReceipt(transaction, '' as Signature, found.context.slot, found.value),
    );
  }

  async submit(transaction: Transaction, asking: Asking = {}): Promise<void> {
    checkSize(transaction);
    if (!isFullySignedTransaction(transaction)) throw new LedgerError('Rejected', { error: 'SignatureFailure' });
    const wire = getBase64EncodedWireTransaction(transaction);
    const handOver = async (skipPreflight: boolean) => {
      // Whoever waits for it hands it over again.
      const config = {
        encoding: 'base64',
        preflightCommitment: atMostConfirmed(this.commitment),
        maxRetries: 0n,
        skipPreflight,
      } as const;
      await this.#node.rpc.sendTransaction(wire, config).send(asked(asking));
    };
    try {
      await handOver(false);
    } catch (error) {
      if (!isLedgerError(error, 'Rejected')) throw error;
      if (error.about.error === 'AlreadyProcessed') return;
      // The node expects that an instruction fails. It is to be tried all the same: the chain is what decides.
      if (typeof error.about.error !== 'object' || !('InstructionError' in error.about.error)) throw error;
      await handOver(true);
    }
  }

  async statuses(signatures: readonly Signature[], asking: Asking = {}): Promise<Statuses> {
    checkCount('statuses', signatures.length, MAX_STATUSES);
    const { rpc, name: url, finalized } = this.#node;
    const found = await rpc.getSignatureStatuses(signatures, { searchTransactionHistory: true }).send(asked(asking));
    return readAnswer(url, 'the statuses', () => {
      // Behind one URL there can be many nodes, and one that is behind does not know what has run.
      const { slot } = found.context;
      if (slot < finalized) throw new LedgerError('NodeBehind', { url, slots: finalized - slot });
      checkAnswered(url, 'statuses', found.value, signatures.length);
      return { slot, of: found.value.map((status) => (status === null ? null : statusOf(status))) };
    });
  }

  async receipt(signature: Signature, asking: Asking = {}): Promise<Receipt | null> {
    const config = {
      encoding: 'base64',
      commitment: atLeastConfirmed(this.commitment),
      maxSupportedTransactionVersion: 0,
    } as const;
    const found = await this.#node.rpc.getTransaction(signature, config).send(asked(asking));
    return found === null ? null : readAnswer(this.name, 'a transaction', () => receiptOf(signature, found));
  }

  async history(
    address: Address,
    page: { readonly before?: Signature; readonly limit: number },
    asking: Asking = {},
  ): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    while (entries.length < page.limit) {
      const limit = Math.min(page.limit - entries.length, HISTORY_PAGE);
      const before = entries.at(-1)?.signature ?? page.before;
      const config = { limit, commitment: atLeastConfirmed(this.commitment), ...(before && { before }) };
      const found = await this.#node.rpc.getSignaturesForAddress(address, config).send(asked(asking));
      entries.push(...readAnswer(this.name, 'a history', () => found.map(entryOf)));
      if (found.length < limit) break;
    }
    return entries;
  }

  async read(addresses: readonly Address[], asking: Asking = {}): Promise<readonly Snapshot[]> {
    checkCount('accounts', addresses.length, MAX_READ);
    if (addresses.length === 0) return [];
    const config = { encoding: 'base64', commitment: this.commitment } as const;
    const found = await this.#node.rpc.getMultipleAccounts(addresses, config).send(asked(asking));
    return readAnswer(this.name, 'an account', () => {
      const { context, value } = found;
      checkAnswered(this.name, 'accounts', value, addresses.length);
      this.#noteFinalized(context.slot, this.commitment);
      return addresses.map((address, place) => snapshotOf(address, context.slot, value[place] ?? null));
    });
  }

  async accounts(filters: readonly Filter[], asking: Asking = {}): Promise<readonly Snapshot[]> {
    const memcmp = filters.map(({ offset, bytes }) => ({
      memcmp: {
        offset: BigInt(offset),
        bytes: getBase64Decoder().decode(bytes) as Base64EncodedBytes,
        encoding: 'base64' as const,
      },
    }));
    const config = { encoding: 'base64', commitment: this.commitment, withContext: true, filters: memcmp } as const;
    const found = await this.#node.rpc.getProgramAccounts(PROGRAM, config).send(asked(asking));
    return this.#found(found);
  }

  async tokenAccounts(owner: Address, asking: Asking = {}): Promise<readonly Snapshot[]> {
    const config = { encoding: 'base64', commitment: this.commitment } as const;
    const found: Snapshot[] = [];
    for (const programId of TOKEN_PROGRAMS) {
      const question = this.#node.rpc.getTokenAccountsByOwner(owner, { programId }, config);
      found.push(...this.#found(await question.send(asked(asking))));
    }
    return found.sort(byAddress);
  }

  subscribe(address: Address, { signal }: { readonly signal: AbortSignal }): AsyncIterable<Snapshot> {
    const { subscriptions, webSocket, options } = this.#node;
    const { seed, readAgain } = options;
    const url = shown(webSocket);
    const open = (until: AbortSignal) =>
      notifications(subscriptions, url, { address, commitment: this.commitment, signal: until });
    const read = (until: AbortSignal) => readOne(this, address, { signal: until });
    const patience = Math.min(options.timeout, SOCKET_ANSWER);
    return follow({ url, open, patience, read, seed, readAgain }, signal);
  }

  async clock(asking: Asking = {}): Promise<Clock> {
    const { account } = await readOne(this, CLOCK, asking);
    if (account === null || account.data.length < 40) {
      throw new LedgerError('NotSolana', { url: this.name, reason: 'the clock that it sent cannot be read' });
    }
    const { buffer, byteOffset, byteLength } = account.data as Uint8Array;
    const view = new DataView(buffer, byteOffset, byteLength);
    return { slot: view.getBigUint64(0, true), unixTimestamp: view.getBigInt64(32, true) };
  }

  async blockhash(asking: Asking = {}): Promise<RecentBlockhash> {
    const found = await this.#node.rpc.getLatestBlockhash({ commitment: 'confirmed' }).send(asked(asking));
    return readAnswer(this.name, 'a blockhash', () => {
      const { blockhash, lastValidBlockHeight } = found.value;
      assertIsBlockhash(blockhash);
      return { blockhash, lastValidBlockHeight: BigInt(lastValidBlockHeight) };
    });
  }

  async blockHeight(commitment: Commitment, asking: Asking = {}): Promise<bigint> {
    const found = await this.#node.rpc.getEpochInfo({ commitment }).send(asked(asking));
    return readAnswer(this.name, 'the block height', () => {
      this.#noteFinalized(BigInt(found.absoluteSlot), commitment);
      return BigInt(found.blockHeight);
    });
  }

  slot(commitment: Commitment, asking: Asking = {}): Promise<bigint> {
    return this.#node.rpc.getSlot({ commitment }).send(asked(asking));
  }

  minimumBalance(bytes: number, asking: Asking = {}): Promise<bigint> {
    return this.#node.rpc.getMinimumBalanceForRentExemption(BigInt(bytes)).send(asked(asking));
  }

  async priorityFees(writable: readonly Address[], asking: Asking = {}): Promise<readonly bigint[]> {
    const found = await this.#node.rpc
      .getRecentPrioritizationFees(writable.slice(0, MAX_FEE_ACCOUNTS))
      .send(asked(asking));
    return found.map(({ prioritizationFee }) => BigInt(prioritizationFee));
  }

  async airdrop(to: Address, amount: bigint, asking: Asking = {}): Promise<void> {
    const signature = await this.#node.rpc.requestAirdrop(toAddress(to), toLamports(amount)).send(asked(asking));
    const begun = performance.now();
    for (const pause of pauses(100, 1_000, this.#node.options.seed)) {
      try {
        const status = (await this.statuses([signature], asking)).of[0];
        if (status && isAtLeast(status.commitment, this.commitment)) {
          if (status.error === null) return;
          const reason = `the airdrop failed: ${failureOf(status.error, [], []).message}`;
          throw new LedgerError('Refused', { url: this.name, reason });
        }
      } catch (error) {
        if (!isRetryable(error)) throw error;
      }
      if (performance.now() - begun >= this.#node.options.timeout) throw new LedgerError('Unresolved', { signature });
      await sleep(pause, asking.signal);
    }
  }

  /** Accounts that were asked for by what they hold, in the order of their addresses. */
  #found(answer: {
    readonly context: { readonly slot: bigint };
    readonly value: readonly { readonly pubkey: Address; readonly account: NodeAccount }[];
  }): readonly Snapshot[] {
    return readAnswer(this.name, 'an account', () => {
      const { context, value } = answer;
      const found = value.map(({ pubkey, account }) => snapshotOf(toAddress(pubkey), context.slot, account));
      return found.filter(({ account }) => account !== null).sort(byAddress);
    });
  }

  #noteFinalized(slot: bigint, commitment: Commitment): void {
    if (commitment === 'finalized' && slot > this.#node.finalized) this.#node.finalized = slot;
  }
}
