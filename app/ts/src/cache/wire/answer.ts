/** What the module answers, as bytes: `Answer` of `app/wasm/src/wire.rs`, in the same order. Any request may get a fault. */
import {
  getArrayCodec,
  getDiscriminatedUnionCodec,
  getNullableCodec,
  getStructCodec,
  getTupleCodec,
  getU8Codec,
} from '@solana/kit';
import {
  account,
  address,
  bytes,
  type Decoded,
  flag,
  id,
  nothing,
  ofSession,
  operation,
  refusedAt,
  shelf,
  stage,
  tag,
  u64,
} from './parts.js';

const freshness = getStructCodec([
  ['level', tag],
  ['slot', u64],
  ['readAt', u64],
  ['exact', flag],
]);

const reading = getStructCodec([
  ['freshness', freshness],
  ['account', getNullableCodec(account)],
]);

const statistics = getStructCodec([
  ['hits', u64],
  ['misses', u64],
  ['evictions', u64],
  ['loads', u64],
  ['submitted', u64],
  ['confirmed', u64],
  ['failed', u64],
  ['expired', u64],
  ['rolledBack', u64],
  ['rebases', u64],
]);

const effect = getDiscriminatedUnionCodec(
  [
    [
      'load',
      getStructCodec([
        ['session', address],
        ['accounts', getArrayCodec(address)],
        ['since', u64],
      ]),
    ],
    ['send', id],
    [
      'ask',
      getStructCodec([
        ['session', address],
        ['asOf', u64],
      ]),
    ],
    [
      'staged',
      getStructCodec([
        ['id', u64],
        ['stage', stage],
      ]),
    ],
    ['changed', ofSession],
    ['evicted', ofSession],
  ],
  { discriminator: 'effect', size: tag },
);

const notTaken = getDiscriminatedUnionCodec(
  [
    ['notLoaded', getStructCodec([['accounts', getArrayCodec(address)]])],
    ['refused', refusedAt],
    ['predecessor', id],
    ['tooManyPending', getStructCodec([['count', u64]])],
    ['tooManyAccounts', getStructCodec([['count', u64]])],
  ],
  { discriminator: 'why', size: tag },
);

/** Answers as bytes. */
export const answerCodec = getDiscriminatedUnionCodec(
  [
    ['fault', getStructCodec([['fault', getU8Codec()]])],
    ['done', nothing],
    ['flag', getStructCodec([['value', flag]])],
    ['count', getStructCodec([['value', u64]])],
    [
      'submitted',
      getStructCodec([
        ['id', u64],
        ['exact', flag],
      ]),
    ],
    ['notTaken', getStructCodec([['error', notTaken]])],
    ['operation', getStructCodec([['value', getNullableCodec(operation)]])],
    ['effect', getStructCodec([['value', getNullableCodec(effect)]])],
    ['reading', getStructCodec([['value', getNullableCodec(reading)]])],
    ['slot', getStructCodec([['value', getNullableCodec(u64)]])],
    ['queue', getStructCodec([['value', getArrayCodec(getTupleCodec([u64, stage]))]])],
    ['stage', getStructCodec([['value', getNullableCodec(stage)]])],
    ['operations', getStructCodec([['value', getArrayCodec(u64)]])],
    ['statistics', getStructCodec([['value', statistics]])],
    [
      'predicted',
      getStructCodec([
        ['exact', flag],
        ['accounts', shelf],
        ['returned', bytes],
      ]),
    ],
    ['refused', refusedAt],
  ],
  { discriminator: 'answer', size: tag },
);

/** What is answered. */
export type Answer = Decoded<typeof answerCodec>;
/** Something to be done by whoever has a ledger. */
export type Effect = Decoded<typeof effect>;
/** Why an operation was not taken on. */
export type NotTaken = Decoded<typeof notTaken>;
/** What is seen of an account; the level of its freshness is its place in `LEVELS`. */
export type HeldReading = Decoded<typeof reading>;
/** What was counted since the cache was opened. */
export type Counted = Decoded<typeof statistics>;
