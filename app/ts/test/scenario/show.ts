/** How values are written in a report. */
import { NEVER, type Standing, UNLIMITED } from '../../src/index.js';
import type { Used } from './values.js';

/** A span of time: `1m30s`. */
export function seconds(span: bigint): string {
  const units = [
    ['d', 86_400n],
    ['h', 3_600n],
    ['m', 60n],
    ['s', 1n],
  ] as const;
  let rest = span;
  const parts = units.map(([unit, size]) => {
    const count = rest / size;
    rest %= size;
    return count > 0n ? `${count}${unit}` : '';
  });
  return parts.join('') || '0s';
}

/** A moment: the time since the start, `none` or `never`. */
export function moment(at: bigint, start: bigint): string {
  if (at === 0n) return 'none';
  if (at === NEVER) return 'never';
  const since = at - start;
  return `${since < 0n ? '-' : '+'}${seconds(since < 0n ? -since : since)}`;
}

/** A moment on the calendar. */
export const calendar = (at: bigint): string => new Date(Number(at) * 1_000).toISOString().replace('.000Z', 'Z');

/** A number of smallest parts with so many decimals, and no more of them than needed. */
export function decimal(amount: bigint, decimals: number): string {
  const digits = amount.toString().padStart(decimals + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)];
  const shown = part.replace(/0+$/, '');
  return shown === '' ? whole : `${whole}.${shown}`;
}

/** Bytes as hex digits behind `0x`. */
export const hex = (bytes: ArrayLike<number>): string => `0x${Buffer.from(Array.from(bytes)).toString('hex')}`;

/** Bytes as the text that they are, unless that would be taken for digits or is not to be `shown`. */
export function text(bytes: ArrayLike<number>, shown: (text: string) => boolean): string {
  try {
    const found = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(Array.from(bytes)));
    return !found.startsWith('0x') && shown(found) ? found : hex(bytes);
  } catch {
    return hex(bytes);
  }
}

/** A hash; `none` is zero. */
export const hash = (bytes: ArrayLike<number>): string =>
  Array.from(bytes).every((byte) => byte === 0) ? 'none' : hex(bytes);

/** A list of names. */
export const bracketed = (names: Iterable<string>): string => `[${[...names].join(', ')}]`;

/** A limit. */
export const limit = (found: bigint): string => (found === UNLIMITED ? 'unlimited' : found.toString());

/** What was used, written by `show`. */
export const used = ({ total, inWindow, window }: Used, show: (amount: bigint) => string): string =>
  inWindow === 0n && window === 0n ? show(total) : `${show(total)} and ${show(inWindow)} in window ${window}`;

/** Something for each of the limits. */
export const limits = <T>(of: { operations: T; units: T; bytes: T }, show: (one: T) => string): string =>
  `operations ${show(of.operations)}, units ${show(of.units)}, bytes ${show(of.bytes)}`;

/** The part of a standing. */
export type StandingPart = keyof Standing;

/** A text of others in one line. */
export const oneLine = (found: string): string => found.split(/\s+/).filter(Boolean).join(' ');
