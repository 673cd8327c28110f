/** The TypeScript client of Sessions: instructions, accounts, events, errors, ledgers, and transactions that land. */
export * from './account.js';
export * from './address.js';
export {
  type AllowanceChoice,
  type QuotaChoice,
  type QuotasChoice,
  type SessionChoices,
  sessionConfig,
  type TermsChoice,
} from './config.js';
export * from './error.js';
export * from './event.js';
export { type Failure, failureOf, sessionsErrorFrom, type TransactionErrorJson, TransactionFailed } from './failure.js';
export { Kind, MemberStatus, Role, Status } from './generated/types/index.js';
export * from './instruction/index.js';
export * from './ledger/index.js';
export { Rpc, type RpcOptions } from './ledger/rpc.js';
export * from './link.js';
export * from './messages.js';
export { printable } from './printable.js';
export type { Readable } from './readable.js';
export type { Selector } from './selector.js';
export * from './session-key.js';
export * from './transaction/index.js';
export * from './value.js';
export * from './wallet.js';
