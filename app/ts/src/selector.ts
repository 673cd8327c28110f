/** What the data of an allowed call must begin with. */
import type { ReadonlyUint8Array } from '@solana/kit';

/** The most bytes that a selector has: a discriminator of Anchor's. */
const MAX_SELECTOR = 8;

/** Up to eight bytes that the data of a call must begin with; none allows any data. */
export type Selector = ReadonlyUint8Array;

/**
 * A selector as it is stored: eight bytes with zeros behind those that count, and how many count.
 *
 * @throws RangeError if it has more than eight bytes.
 */
export function selectorBytes(selector: Selector): { readonly bytes: Uint8Array; readonly length: number } {
  if (selector.length > MAX_SELECTOR)
    throw new RangeError(`a selector has at most 8 bytes, and this one ${selector.length}`);
  const bytes = new Uint8Array(MAX_SELECTOR);
  bytes.set(selector);
  return { bytes, length: selector.length };
}
