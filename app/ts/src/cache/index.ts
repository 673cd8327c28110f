/** The optimistic cache: what is at hand, what is pending, and how sure a reader can be of it. */
export { SessionCache, type Statistics, type Submission } from './cache.js';
export { CacheError, type CacheErrorName, isCacheError } from './error.js';
export * from './journal/index.js';
export { cacheModule, type ModuleSource } from './module.js';
export type { CacheOptions, Limits } from './options.js';
export { Pending } from './pending.js';
export { type Freshness, LEVELS, type Level, Reading } from './reading.js';
export { isFinal, isLost, lossOf, type Milestone } from './stage.js';
export type { Cause, LedgerFailure, Reason, Rejection, Stage } from './wire/parts.js';
