/** Events read from a transaction's log: the program's own, and no line that another program printed. */
import { getBase64Encoder, type ReadonlyUint8Array } from '@solana/kit';
import { PROGRAM } from './address.js';
import { EVENTS, type EventData } from './generated/eventTable.js';
import { toHex } from './hex.js';
import { linesOf } from './log.js';
import { type Readable, readable } from './readable.js';

export { isTruncated } from './log.js';

/** The name of an event. */
export type SessionEventName = keyof EventData;

/** The event with a name: what it says, and in `header` which account it is about, when, and the revision that the account had then. */
export type SessionEventOf<N extends SessionEventName> = { readonly name: N } & Readable<EventData[N]>;

/** Any event, told apart by `name`. */
export type SessionEvent = { [N in SessionEventName]: SessionEventOf<N> }[SessionEventName];

/** Every event's name. */
export const EVENT_NAMES: readonly SessionEventName[] = Object.keys(EVENTS) as SessionEventName[];

/** The bytes of a discriminator. */
const DISCRIMINATOR = 8;

const BY_DISCRIMINATOR: ReadonlyMap<string, SessionEventName> = new Map(
  EVENT_NAMES.map((name) => [EVENTS[name][0], name]),
);

function decode<N extends SessionEventName>(name: N, bytes: ReadonlyUint8Array): SessionEventOf<N> | null {
  const decoder = EVENTS[name][1]();
  try {
    const [data, end] = decoder.read(bytes, 0);
    // Exactly one event, and nothing behind it.
    return end === bytes.length ? { name, ...readable(data as EventData[N] & object) } : null;
  } catch {
    return null;
  }
}

/** The event in the bytes of a log line; `null` if they are no event of the program, or one that this version does not know. */
export function decodeEvent(bytes: ReadonlyUint8Array): SessionEvent | null {
  const name = BY_DISCRIMINATOR.get(toHex(bytes.slice(0, DISCRIMINATOR)));
  return name === undefined ? null : (decode(name, bytes) as SessionEvent | null);
}

function bytesOf(base64: string): ReadonlyUint8Array | null {
  try {
    return getBase64Encoder().encode(base64);
  } catch {
    return null;
  }
}

/** The program's events in a log, in order. Lines that are no event that this version knows are left out. */
export function eventsFromLogs(logs: Iterable<string>): SessionEvent[] {
  return linesOf(PROGRAM, logs).flatMap(({ kind, text }) => {
    const bytes = kind === 'data' ? bytesOf(text) : null;
    const event = bytes === null ? null : decodeEvent(bytes);
    return event === null ? [] : [event];
  });
}
