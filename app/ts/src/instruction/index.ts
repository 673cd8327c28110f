/** One builder for every instruction. Accounts that follow from others are derived; what is left to say is who signs and what for. */
export * from './access.js';
export type { Acting, Paying, SessionInstruction, SharedActing } from './common.js';
export * from './consumption.js';
export * from './functions.js';
export * from './lifecycle.js';
export * from './membership.js';
export * from './messages.js';
export {
  deleteProperty,
  type PropertyWrite,
  setProperty,
} from './properties.js';
export * from './vault.js';
