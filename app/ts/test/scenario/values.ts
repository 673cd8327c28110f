/** What a single value's text means. */
import { createHash } from 'node:crypto';
import {
  CloseReason,
  idFromText,
  Kind,
  MemberStatus,
  NEVER,
  NO_EXPIRY,
  type QuotaChoice,
  type QuotasChoice,
  Role,
  Status,
  UNLIMITED,
} from '../../src/index.js';
import type { Value } from './document.js';
import { Fields, textOf } from './fields.js';

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

function wrong(what: string, text: string): never {
  throw new Error(`${JSON.stringify(text)} is no ${what}`);
}

/** A duration in whole seconds: `90s`, `1h30m`. */
export function duration(text: string): number {
  const parts = /^(?:\d+[smhd])+$/.test(text) ? [...text.matchAll(/(\d+)([smhd])/g)] : wrong('duration', text);
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit as keyof typeof UNITS], 0);
}

/** How long something lasts: a duration, or `never`. */
export const span = (text: string): number => (text === 'never' ? NO_EXPIRY : duration(text));

/** A whole number. */
export const number = (text: string): bigint => (/^\d+$/.test(text) ? BigInt(text) : wrong('whole number', text));

/** A whole number that is not large. */
export const small = (text: string): number => Number(number(text));

/** A limit: a whole number, or `unlimited`. */
export const limit = (text: string): bigint => (text === 'unlimited' ? UNLIMITED : number(text));

/** The length of a window: a whole number of seconds, or a duration. */
export const windowSeconds = (text: string): bigint => (/^\d+$/.test(text) ? BigInt(text) : BigInt(duration(text)));

/** `true` or `false`. */
export const truth = (text: string): boolean =>
  text === 'true' || text === 'false' ? text === 'true' : wrong('truth', text);

/** A moment on the calendar, in Unix seconds. */
export function calendar(text: string): bigint {
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? wrong('moment', text) : BigInt(moment / 1_000);
}

/** A moment in an account: on the calendar, so long after the scenario's start, `none` or `never`. */
export function moment(text: string, start: bigint): bigint {
  if (text === 'none') return 0n;
  if (text === 'never') return NEVER;
  return text.startsWith('+') ? start + BigInt(duration(text.slice(1))) : calendar(text);
}

/** Bytes: `0x` and hex digits, or the text itself. */
export const bytes = (text: string): Uint8Array =>
  new Uint8Array(text.startsWith('0x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text));

/** A hash: `0x` and its digits, `none` for zero, or a text to be hashed. */
export function hash(text: string): Uint8Array {
  if (text === 'none') return new Uint8Array(32);
  return text.startsWith('0x') ? bytes(text) : new Uint8Array(createHash('sha256').update(text).digest());
}

/** A session's id. */
export const id = idFromText;

const fold = (text: string) => text.toLowerCase().replace(/[_\s-]/g, '');

/** One of the names of an enum, whatever its case and separators. */
function oneOf<E extends object>(what: string, values: E): (text: string) => number {
  return (text) => {
    const found = Object.entries(values).find(
      ([name, value]) => typeof value === 'number' && fold(name) === fold(text),
    );
    return found === undefined ? wrong(what, text) : (found[1] as number);
  };
}

/** The status with this name. */
export const status = oneOf('status', Status);
/** The status of a member with this name. */
export const memberStatus = oneOf('status of a member', MemberStatus);
/** The kind of session with this name. */
export const kind = oneOf('kind', Kind);
/** The role with this name. */
export const role = oneOf('role', Role);
/** The byte of a reason to close: a name, or an application's own number. */
export const reason = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : oneOf('reason', CloseReason)(text);

/** A set: a list of names, `all` or `none`. */
export function set<N extends string>(what: string, all: readonly N[], value: Value): readonly N[] {
  if (value === 'all') return all;
  if (value === 'none') return [];
  if (!Array.isArray(value)) throw new Error(`${what} are no list of names`);
  return value.map((name) => all.find((known) => known === name) ?? wrong(what, String(name)));
}

function quota(key: string, value: Value | undefined): QuotaChoice {
  if (value === undefined) return {};
  if (typeof value === 'string') return { limit: limit(value) };
  const f = new Fields(key, value);
  const lifetime = f.value('limit', limit) ?? UNLIMITED;
  const window = f.get('window');
  f.finish();
  if (window === undefined) return { limit: lifetime };
  const w = new Fields('window', window);
  const windowed = { windowSeconds: w.needed('seconds', windowSeconds), windowLimit: w.needed('limit', limit) };
  w.finish();
  return { limit: lifetime, ...windowed };
}

/** Quotas: `unlimited`, or a mapping of those that are not. */
export function quotas(value: Value): QuotasChoice {
  if (value === 'unlimited') return {};
  const f = new Fields('quotas', value);
  const found = {
    operations: quota('operations', f.get('operations')),
    units: quota('units', f.get('units')),
    bytes: quota('bytes', f.get('bytes')),
  };
  f.finish();
  return found;
}

/** What was used of a limit. */
export interface Used {
  readonly total: bigint;
  readonly inWindow: bigint;
  readonly window: bigint;
}

/** What was used of one limit: a number, or a mapping; what is left out is 0. Amounts are read by `read`. */
export function used(value: Value | undefined, read: (text: string) => bigint): Used {
  if (value === undefined) return { total: 0n, inWindow: 0n, window: 0n };
  if (typeof value === 'string') return { total: read(textOf('used', value)), inWindow: 0n, window: 0n };
  const f = new Fields('used', value);
  const found = {
    total: f.value('total', read) ?? 0n,
    inWindow: f.value('in_window', read) ?? 0n,
    window: f.value('window', number) ?? 0n,
  };
  f.finish();
  return found;
}
