/**
 * What is recorded of an operation, and how it lies in the store: a byte for the version of its layout, and the layout, which is the Rust client's
 * (`app/client/src/cache/journal/record.rs`). One record has one encoding: what was altered, cut off or added to does not decode.
 */
import {
  fixCodecSize,
  getBytesCodec,
  getNullableCodec,
  getStructCodec,
  getU32Codec,
  type ReadonlyUint8Array,
} from '@solana/kit';
import { MAX_TRANSACTION_BYTES } from '../../ledger/error.js';
import { CacheError } from '../error.js';
import { bytes, type Operation, operation, u64 } from '../wire/parts.js';

/** The most bytes of a submitter's own name for an operation. */
export const MAX_KEY_BYTES = 64;
/** The most bytes of a record as it lies in the store. One that fits before it is signed still fits afterwards: the room is kept. */
export const MAX_RECORD_BYTES = 16 * 1_024;

const SIGNATURE_BYTES = 64;
/** What signing adds to a record at most: the signature, the transaction and its length, the block height. */
const SIGNED_BYTES = SIGNATURE_BYTES + 4 + MAX_TRANSACTION_BYTES + 8;
/** The version of the layout. */
const VERSION = 1;

/** A transaction that was signed. */
export interface Signed {
  /** Its first signature, by which a ledger knows it. */
  readonly signature: ReadonlyUint8Array;
  /** Its bytes as they go over the wire. */
  readonly bytes: ReadonlyUint8Array;
  /** The last block height at which it can land. */
  readonly lastValidBlockHeight: bigint;
}

/** An operation as a journal keeps it. */
export interface Recorded {
  /** Its submitter's own name for it, by which it is known again however often it is submitted. */
  readonly key: ReadonlyUint8Array | null;
  /** What it is. */
  readonly operation: Operation;
  /** The transaction that may be on its way. */
  readonly signed: Signed | null;
  /** How often it was signed. */
  readonly attempts: number;
}

const layout = getStructCodec([
  ['key', getNullableCodec(bytes)],
  ['operation', operation],
  [
    'signed',
    getNullableCodec(
      getStructCodec([
        ['signature', fixCodecSize(getBytesCodec(), SIGNATURE_BYTES)],
        ['bytes', bytes],
        ['lastValidBlockHeight', u64],
      ]),
    ),
  ],
  ['attempts', getU32Codec()],
]);

/**
 * A record's bytes in the store.
 *
 * @throws CacheError: `KeyTooLong`, `OperationTooLarge`.
 */
export function encodeRecord(record: Recorded): Uint8Array {
  if (record.key !== null && record.key.length > MAX_KEY_BYTES)
    throw new CacheError('KeyTooLong', { bytes: record.key.length, most: MAX_KEY_BYTES });
  const encoded = Uint8Array.of(VERSION, ...layout.encode(record));
  const room = encoded.length + (record.signed === null ? SIGNED_BYTES : 0);
  if (room > MAX_RECORD_BYTES) throw new CacheError('OperationTooLarge', { bytes: room, most: MAX_RECORD_BYTES });
  return encoded;
}

/**
 * The record with these bytes.
 *
 * @throws CacheError: `RecordUnreadable` if it is of a later version, or damaged.
 */
export function decodeRecord(id: bigint, stored: ReadonlyUint8Array): Recorded {
  const unreadable = (reason: string, cause?: unknown) => new CacheError('RecordUnreadable', { id, reason }, cause);
  if (stored.length > MAX_RECORD_BYTES) throw unreadable('it is damaged: it is too long');
  const [version] = stored;
  if (version === undefined) throw unreadable('it is damaged: it is empty');
  if (version !== VERSION) throw unreadable(`its layout is version ${version}, and this package knows ${VERSION}`);
  let record: Recorded;
  let again: Uint8Array;
  try {
    record = layout.decode(stored, 1);
    again = encodeRecord(record);
  } catch (thrown) {
    throw unreadable('it is damaged: it ends too early, or has what no record has', thrown);
  }
  if (again.length !== stored.length || again.some((byte, place) => byte !== stored[place]))
    throw unreadable('it is damaged: it does not read back as it is written');
  return record;
}
