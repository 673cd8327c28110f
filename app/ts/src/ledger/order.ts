/** The order in which accounts are listed. */
import type { Snapshot } from './types.js';

/** The most digits that an address has in base58. */
const DIGITS = 44;

/** The digits of an address, as many as the longest has: those of base58 are in the order of the alphabet, and the first of them is 0. */
const digits = ({ address }: Pick<Snapshot, 'address'>): string => address.padStart(DIGITS, '1');

/** The order of addresses: that of the numbers which their bytes are. */
export const byAddress = (a: Pick<Snapshot, 'address'>, b: Pick<Snapshot, 'address'>): number =>
  digits(a) < digits(b) ? -1 : 1;
