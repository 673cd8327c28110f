/**
 * Whether the messages of a session are all there, unaltered and in order. Each message event carries the head of the session's chain after it; {@link
 * MessageChain} follows the events of one session and says where they stop fitting together.
 */
import { type Address, getAddressEncoder, getI64Encoder, getU64Encoder, type ReadonlyUint8Array } from '@solana/kit';
import type { Session } from './account.js';
import { SYSTEM_PROGRAM } from './address.js';
import type { SessionEvent, SessionEventOf } from './event.js';
import { toHex } from './hex.js';

/** Where messages do not fit together. */
export type ChainBreak =
  /** Messages from `first` to `last` are not there. */
  | { readonly what: 'missing'; readonly first: bigint; readonly last: bigint }
  /** A message stands where another belongs, which comes later or came before. */
  | { readonly what: 'outOfPlace'; readonly expected: bigint; readonly found: bigint }
  /** A message is not what was sent, or does not follow from the one before it. */
  | { readonly what: 'altered'; readonly sequence: bigint }
  /** The session's account was read at message `sequence`, before the last of the messages was sent. */
  | { readonly what: 'ahead'; readonly sequence: bigint };

/** An event that tells of a message. */
export type MessageEvent = SessionEventOf<'MessageBroadcast'> | SessionEventOf<'MessageSent'>;

/** Whether an event tells of a message. */
export const isMessage = (event: SessionEvent): event is MessageEvent =>
  event.name === 'MessageBroadcast' || event.name === 'MessageSent';

const equal = (a: ReadonlyUint8Array, b: ReadonlyUint8Array): boolean => toHex(a) === toHex(b);

/** The head of a chain after a message, when it was `head` before: SHA-256 of the head, the session and all that the event says. */
export async function linkMessage(head: ReadonlyUint8Array, event: MessageEvent): Promise<Uint8Array> {
  const address = getAddressEncoder();
  const parts = [
    head,
    address.encode(event.header.address),
    getU64Encoder().encode(event.sequence),
    getI64Encoder().encode(event.header.time),
    address.encode(event.sender),
    address.encode(event.name === 'MessageSent' ? event.recipient : SYSTEM_PROGRAM),
    event.message,
  ];
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** How far a session's messages were followed. */
export class MessageChain {
  /** The session's address. */
  readonly session: Address;
  #sequence: bigint;
  #head: ReadonlyUint8Array;

  constructor(session: Address, sequence = 0n, head: ReadonlyUint8Array = new Uint8Array(32)) {
    this.session = session;
    this.#sequence = sequence;
    this.#head = head;
  }

  /** The chain as the message of this event left it, whatever came before: to go on behind a gap that stays one. */
  static resumedAt(event: MessageEvent): MessageChain {
    return new MessageChain(event.header.address, event.sequence, event.head);
  }

  /** The number of the last message; 0 before the first. */
  get sequence(): bigint {
    return this.#sequence;
  }

  /** The head of the chain after it. */
  get head(): ReadonlyUint8Array {
    return this.#head;
  }

  /**
   * Follows the session's messages among `events`, which are to go on where this chain ends; others are passed over. Answers the first place where they do
   * not fit, and ends before it; `null` if all do.
   */
  async follow(events: readonly SessionEvent[]): Promise<ChainBreak | null> {
    const messages = events.filter(isMessage).filter((event) => event.header.address === this.session);
    for (const [place, event] of messages.entries()) {
      const expected = this.#sequence + 1n;
      const found = event.sequence;
      if (found !== expected) {
        const comesLater = messages.slice(place).some((later) => later.sequence === expected);
        return found > expected && !comesLater
          ? { what: 'missing', first: expected, last: found - 1n }
          : { what: 'outOfPlace', expected, found };
      }
      const head = await linkMessage(this.#head, event);
      if (!equal(head, event.head)) return { what: 'altered', sequence: found };
      this.#sequence = found;
      this.#head = head;
    }
    return null;
  }

  /** What is missing since, or does not fit, by the session as it was read; `null` if this is where it stands. */
  against(session: Session): ChainBreak | null {
    if (this.#sequence < session.messageSequence) {
      return { what: 'missing', first: this.#sequence + 1n, last: session.messageSequence };
    }
    if (this.#sequence > session.messageSequence) return { what: 'ahead', sequence: session.messageSequence };
    return equal(this.#head, session.messageHead) ? null : { what: 'altered', sequence: this.#sequence };
  }
}
