/** For tests: a ledger in this process, on a real SVM with the real program. It needs the package `litesvm`, and Node. */
export { Embedded, programFile, START } from './embedded.js';
