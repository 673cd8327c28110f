/** The order in which accounts are listed. */
import type { Snapshot } from './types.js';

/** The order of addresses. */
export const byAddress = (a: Snapshot, b: Snapshot): number => (a.address < b.address ? -1 : 1);
