/**
 * Transactions that land: each runs once or not at all, and it is known which.
 *
 * A signed transaction is sent again as the same bytes, so it cannot run twice. Another one is signed in its place only when it cannot run any more: the
 * finalized chain is past its last block, or the nonce that it used has moved, and it is not in the history.
 */
export * from './budget.js';
export type { Lifetime, NonceLifetime } from './decide.js';
export { blockhashOf, checkSize, type Draft, type Prepared, prepare, sign, unsigned } from './draft.js';
export * from './land.js';
export { type Nonce, nonceAccountOf, readNonce } from './nonce.js';
export * from './send.js';
