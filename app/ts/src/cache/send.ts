/**
 * Signing an operation and sending it. What is signed is recorded before it leaves; from then on the same bytes are sent until the ledger has said what became
 * of them.
 */
import {
  type AccountMeta,
  AccountRole,
  type AccountSignerMeta,
  type Address,
  getBase58Encoder,
  getSignatureFromTransaction,
  getTransactionEncoder,
  type Instruction,
  type Transaction,
  type TransactionSigner,
} from '@solana/kit';
import { isRetryable, LedgerError } from '../ledger/error.js';
import type { RecentBlockhash } from '../ledger/types.js';
import { SIMULATION_BUDGET } from '../transaction/budget.js';
import { type Answer, handoverOf } from '../transaction/decide.js';
import { blockhashOf, type Draft, prepare, sign, unsigned } from '../transaction/draft.js';
import { lifetimeOf } from '../transaction/land.js';
import { isCacheError } from './error.js';
import type { Flight } from './flight.js';
import type { Shared } from './shared.js';
import { ledgerFailure } from './stage.js';
import type { Operation, Reason } from './wire/parts.js';

/** How often a simulation is tried again that fails although the rules foresee no failure: the node may not have seen yet what came before. */
const SIMULATIONS = 4;

/** A transaction that was signed, and how long it lives. */
interface SignedOperation {
  readonly transaction: Transaction;
  readonly lifetime: RecentBlockhash;
}

/** Why an operation is given up, in the words of what was thrown. */
const notSent = (thrown: unknown): Reason => ({
  why: 'notSent',
  text: thrown instanceof Error ? thrown.message : String(thrown),
});

/** Signs an operation and sends it: for the first time, or after what was signed before can land no more. */
export async function send(shared: Shared, id: bigint): Promise<void> {
  for (;;) {
    const operation = shared.core.operation(id);
    if (operation === null) return;
    let signed: SignedOperation | Reason;
    try {
      signed = await signedOperation(shared, id, operation);
    } catch (thrown) {
      if (shared.isStopped) return;
      if (isRetryable(thrown)) {
        await shared.pause();
        continue;
      }
      signed = notSent(thrown);
    }
    if (shared.isStopped) return;
    if ('transaction' in signed) return launch(shared, id, operation, signed);
    shared.core.giveUp(id, signed, shared.now());
    return;
  }
}

/** The operation as a signed transaction; or why it is none, if it would fail. */
async function signedOperation(shared: Shared, id: bigint, operation: Operation): Promise<SignedOperation | Reason> {
  const { ledger, processed, settings } = shared;
  const draft = { payer: settings.payer, instructions: instructionsOf(shared, id, operation) };
  let prepared: Draft | undefined;
  for (let tries = 1; prepared === undefined; tries += 1) {
    const trial = await shared.ask((asking) => prepare(processed, draft, settings.price, asking));
    const { failure } = trial.simulated;
    if (failure === null) prepared = trial.draft;
    else if (tries >= SIMULATIONS) {
      const tried = unsigned({ ...draft, budget: SIMULATION_BUDGET });
      return { why: 'wouldFail', failure: ledgerFailure(failure, tried, draft.instructions.length) };
    } else await shared.pause();
  }
  const ready = prepared;
  const asked = await shared.ask((asking) => ledger.blockhash(asking));
  const transaction = await shared.ask((asking) => sign(ready, asked, asking));
  // A wallet may have signed with a blockhash of its own, which lives longer than the one it was given.
  const isAsAsked = blockhashOf(transaction) === asked.blockhash;
  const lifetime = isAsAsked ? asked : await shared.ask(({ signal }) => lifetimeOf(ledger, transaction, signal));
  if ('nonceAccount' in lifetime) {
    // It has not left, and never does.
    const reason = 'the wallet made it depend on a durable nonce, which the cache does not follow';
    throw new LedgerError('Unsigned', { reason });
  }
  return { transaction, lifetime };
}

/**
 * The instructions of an operation with a signer for each account that signs: the same one wherever an address stands.
 *
 * @throws LedgerError: `Unsigned` if there is none.
 */
function instructionsOf(shared: Shared, id: bigint, operation: Operation): readonly Instruction[] {
  const { payer, signers } = shared.settings;
  const own = shared.signers.get(id);
  const found = (address: Address): TransactionSigner => {
    const signer =
      payer.address === address
        ? payer
        : (own?.get(address) ?? signers.find((candidate) => candidate.address === address));
    if (signer === undefined) throw new LedgerError('Unsigned', { reason: `there is no signer of ${address}` });
    return signer;
  };
  return operation.instructions.map(({ program, accounts, data }) => ({
    programAddress: program,
    accounts: accounts.map(({ address, isSigner, isWritable }): AccountMeta | AccountSignerMeta => {
      if (!isSigner) return { address, role: isWritable ? AccountRole.WRITABLE : AccountRole.READONLY };
      const role = isWritable ? AccountRole.WRITABLE_SIGNER : AccountRole.READONLY_SIGNER;
      return { address, role, signer: found(address) };
    }),
    data,
  }));
}

/** Records what was signed and lets it go. */
async function launch(shared: Shared, id: bigint, operation: Operation, signed: SignedOperation): Promise<void> {
  // It was taken back while it was signed, and may be forgotten already: it must not be recorded any more.
  if (shared.core.operation(id) === null) return;
  const { transaction, lifetime } = signed;
  const { lastValidBlockHeight } = lifetime;
  const signature = getSignatureFromTransaction(transaction);
  const attempts = (shared.flights.get(id)?.attempts ?? 0) + 1;
  const key = shared.keyOf(id);
  const bytes = getTransactionEncoder().encode(transaction);
  const record = { signature: getBase58Encoder().encode(signature), bytes, lastValidBlockHeight };
  // What is not recorded must not leave: it could be sent twice.
  let stays = false;
  try {
    await shared.record(id, { key, operation, signed: record, attempts });
  } catch (thrown) {
    if (isCacheError(thrown, 'OperationTooLarge') || isCacheError(thrown, 'Closed')) {
      if (!shared.isStopped) shared.core.giveUp(id, notSent(thrown), shared.now());
      return;
    }
    // It is in the journal or it is not, and then the journal's next life sends it. So it counts as sent, until it can land no more.
    stays = true;
  }
  // What was recorded is asked for in the journal's next life, and sent.
  if (shared.isStopped) return;
  if (!shared.core.sent(id)) {
    if (shared.hasEnded(id)) await shared.forget([id]);
    return;
  }
  const flight: Flight = { transaction, signature, lastValidBlockHeight, attempts, again: null, restored: false };
  shared.flights.set(id, flight);
  if (stays) return;
  const answer = await handOver(shared, transaction);
  // It may have lapsed meanwhile and been signed anew: what is said of these bytes says nothing of those.
  if (shared.isStopped || shared.flights.get(id) !== flight) return;
  // Nobody has handed these over before, so a refusal is one.
  const came = answer === undefined ? 'again' : handoverOf(answer, false, 0);
  if (typeof came === 'object') {
    shared.core.lapsed(id, shared.now());
    shared.core.giveUp(id, notSent(came.refused), shared.now());
    return;
  }
  // What became of it only its status tells, and it is sent again until then.
  const { rebroadcast } = shared.settings;
  flight.again = { at: performance.now() + rebroadcast, waited: rebroadcast };
}

/** What handing over answers; `undefined` if that is not known, as of what a ledger threw that is no error of a ledger. */
async function handOver(shared: Shared, transaction: Transaction): Promise<Answer | undefined> {
  try {
    await shared.ask((asking) => shared.processed.submit(transaction, asking));
    return null;
  } catch (thrown) {
    return thrown instanceof LedgerError ? thrown : undefined;
  }
}
