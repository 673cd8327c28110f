/**
 * What requests and answers are made of, as bytes: `app/wasm/src/wire.rs` in the same order, and what each field means stands there. Whole numbers are
 * little-endian, a variant is one byte, a list's length four, and what may be missing has a byte before it.
 */
import {
  addCodecSizePrefix,
  type Decoder,
  type Encoder,
  getAddressCodec,
  getArrayCodec,
  getBooleanCodec,
  getBytesCodec,
  getDiscriminatedUnionCodec,
  getI64Codec,
  getNullableCodec,
  getStructCodec,
  getTupleCodec,
  getU8Codec,
  getU32Codec,
  getU64Codec,
  getUnitCodec,
  getUtf8Codec,
} from '@solana/kit';

/** What a codec's bytes stand for. */
export type Decoded<C> = C extends Decoder<infer Value> ? Value : never;
/** What a codec makes bytes of. */
export type Encoded<C> = C extends Encoder<infer Value> ? Value : never;

export const bytes = addCodecSizePrefix(getBytesCodec(), getU32Codec());
export const text = addCodecSizePrefix(getUtf8Codec(), getU32Codec());
export const address = getAddressCodec();
export const u64 = getU64Codec();
export const u32 = getU32Codec();
export const flag = getBooleanCodec();
export const nothing = getUnitCodec();
export const tag = getU8Codec();

/** How a cache is made. */
export const options = getStructCodec([
  ['sessions', u32],
  ['accounts', u32],
  ['pendingInSession', u32],
  ['pending', u32],
  ['ended', u32],
  ['first', u64],
]);

export const moment = getStructCodec([
  ['unixTimestamp', getI64Codec()],
  ['slot', u64],
  ['lamportsPerByte', u64],
]);

export const account = getStructCodec([
  ['owner', address],
  ['lamports', u64],
  ['executable', flag],
  ['data', bytes],
]);

export const shelf = getArrayCodec(getTupleCodec([address, getNullableCodec(account)]));

export const base = getStructCodec([
  ['slot', u64],
  ['readAt', u64],
  ['accounts', shelf],
]);

export const instruction = getStructCodec([
  ['program', address],
  [
    'accounts',
    getArrayCodec(
      getStructCodec([
        ['address', address],
        ['isSigner', flag],
        ['isWritable', flag],
      ]),
    ),
  ],
  ['data', bytes],
]);

/** An operation, as the module and the journal have it. */
export const operation = getStructCodec([
  ['session', address],
  ['instructions', getArrayCodec(instruction)],
  ['after', getNullableCodec(u64)],
]);

export const ledgerFailure = getStructCodec([
  ['instruction', getNullableCodec(getU8Codec())],
  ['error', getNullableCodec(u32)],
  ['text', text],
]);

export const rejection = getDiscriminatedUnionCodec(
  [
    ['foreign', nothing],
    [
      'refused',
      getStructCodec([
        ['code', u32],
        ['name', text],
        ['detail', getNullableCodec(text)],
      ]),
    ],
    [
      'failed',
      getStructCodec([
        ['name', text],
        ['custom', getNullableCodec(u32)],
      ]),
    ],
    ['unknown', getStructCodec([['account', address]])],
    ['tooManyAccounts', nothing],
  ],
  { discriminator: 'why', size: tag },
);

export const reason = getDiscriminatedUnionCodec(
  [
    ['cancelled', nothing],
    ['wouldFail', getStructCodec([['failure', ledgerFailure]])],
    ['notSent', getStructCodec([['text', text]])],
  ],
  { discriminator: 'why', size: tag },
);

export const refusedAt = getStructCodec([
  ['instruction', u32],
  ['rejection', rejection],
]);

export const cause = getDiscriminatedUnionCodec(
  [
    ['refused', refusedAt],
    ['predecessor', getStructCodec([['id', u64]])],
    ['givenUp', getStructCodec([['reason', reason]])],
  ],
  { discriminator: 'why', size: tag },
);

export const at = getStructCodec([['slot', u64]]);

const failedAt = getStructCodec([
  ['slot', u64],
  ['failure', ledgerFailure],
]);

export const stage = getDiscriminatedUnionCodec(
  [
    ['local', nothing],
    ['sent', nothing],
    ['processed', at],
    ['confirmed', at],
    ['finalized', at],
    ['failed', failedAt],
    ['expired', nothing],
    ['rolledBack', getStructCodec([['cause', cause]])],
  ],
  { discriminator: 'name', size: tag },
);

export const sighting = getDiscriminatedUnionCodec(
  [
    ['unseen', nothing],
    ['processed', at],
    ['confirmed', at],
    ['finalized', at],
    ['failed', failedAt],
    ['failing', nothing],
  ],
  { discriminator: 'sighting', size: tag },
);

export const id = getStructCodec([['id', u64]]);
export const ofSession = getStructCodec([['session', address]]);
export const idAt = getStructCodec([
  ['id', u64],
  ['at', moment],
]);

/** How a cache is made. */
export type CoreOptions = Encoded<typeof options>;
/** When something happens on the chain, and what an account costs then. */
export type Moment = Decoded<typeof moment>;
/** A session's accounts as they were at one confirmed slot. */
export type Base = Encoded<typeof base>;
/** What the module keeps of an account. */
export type HeldAccount = Decoded<typeof account>;
/** What is to be done with a session, as the module has it. */
export type Operation = Decoded<typeof operation>;
/**
 * How far an operation has come; `docs/architecture.md` draws the way. One of an earlier life is expired, too, whose ledger may have forgotten it by now: then it is
 * not known whether it happened, and `isUnknown` says so.
 */
export type Stage =
  | Exclude<Decoded<typeof stage>, { readonly name: 'expired' }>
  | { readonly name: 'expired'; readonly isUnknown?: true };
/** Why an operation was taken back. */
export type Cause = Decoded<typeof cause>;
/** Why an operation was given up before it was sent. */
export type Reason = Decoded<typeof reason>;
/** Why an instruction does nothing. */
export type Rejection = Decoded<typeof rejection>;
/** Why an operation that ran failed: the place of the instruction in the operation, the program's code if it is the program's, and the ledger's words. */
export type LedgerFailure = Decoded<typeof ledgerFailure>;
/** What a ledger said of a transaction. */
export type Sighting = Encoded<typeof sighting>;
