/** What an event tells, as the command writes it. */

import type { Quotas } from '../../src/generated/types/index.js';
import {
  type AccessRight,
  CloseReason,
  Kind,
  NEVER,
  type Permission,
  Role,
  type SessionEvent,
  UNLIMITED,
} from '../../src/index.js';
import { calendar, hex, text } from './show.js';

/** A value of JSON, whose numbers may be large. */
export type Json = null | string | number | bigint | boolean | readonly Json[] | { readonly [key: string]: Json };

/** A field's name as the protocol writes it. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const moment = (at: bigint): string => (at === NEVER ? 'never' : calendar(at));

/** The name of a reason to close; an application's own has a number. */
export const reasonName = (byte: number): string =>
  Object.entries(CloseReason).find(([, value]) => value === byte)?.[0] ?? String(byte);

function quotas(all: Quotas): Json {
  const limit = (found: bigint) => (found === UNLIMITED ? null : found);
  const one = ({ limit: most, windowLimit, windowSeconds }: Quotas['bytes']): Json => ({
    limit: limit(most),
    window: windowSeconds === 0n ? null : { limit: limit(windowLimit), seconds: windowSeconds },
  });
  return { bytes: one(all.bytes), operations: one(all.operations), units: one(all.units) };
}

/** How the fields are written whose values do not say it themselves. */
const WRITTEN: Readonly<Record<string, (value: never) => Json>> = {
  expiresAt: (at: bigint) => moment(at),
  hardEnd: (at: bigint) => moment(at),
  role: (role: number) => Role[role] ?? `role ${role}`,
  kind: (kind: number) => Kind[kind] ?? String(kind),
  reason: (reason: number) => reasonName(reason),
  permissions: (set: ReadonlySet<Permission>) => [...set],
  settings: (set: ReadonlySet<Permission>) => [...set],
  rights: (set: ReadonlySet<AccessRight>) => [...set],
  head: (bytes: Uint8Array) => hex(bytes),
  root: (bytes: Uint8Array) => hex(bytes),
  message: (bytes: Uint8Array) => text(bytes, () => true),
  composable: (flag: boolean) => flag,
  quotas: (found: Quotas) => quotas(found),
  config: (found: Readonly<Record<string, unknown>>) => fieldsOf(found),
};

/** The fields that say how much of another counts. */
const LENGTHS: Readonly<Record<string, (bytes: Uint8Array) => Json>> = {
  key: (bytes) => text(bytes, () => true),
  selector: (bytes) => hex(bytes),
};

function write(fields: Readonly<Record<string, unknown>>, name: string): Json {
  const value = fields[name];
  const length = fields[`${name}Length`];
  if (length !== undefined) return LENGTHS[name]?.((value as Uint8Array).slice(0, Number(length))) ?? null;
  const writing = WRITTEN[name];
  if (writing !== undefined) return writing(value as never);
  if (value === null || ['string', 'number', 'bigint'].includes(typeof value)) return value as Json;
  throw new Error(`the runner does not know how the field ${name} of an event is written`);
}

function fieldsOf(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  const names = Object.keys(fields).filter((name) => !name.endsWith('Length'));
  const sorted = names.sort((a, b) => (snake(a) < snake(b) ? -1 : 1));
  return Object.fromEntries(sorted.map((name) => [snake(name), write(fields, name)]));
}

/** An event as a line has it. */
export function eventLine({ name, header, ...fields }: SessionEvent): Json {
  const { address, revision, previous } = header;
  return { name, address, revision, previous, ...fieldsOf(fields) };
}
