/** What is asked of the module, as bytes: `Request` of `app/wasm/src/wire.rs`, in the same order. */
import { getArrayCodec, getDiscriminatedUnionCodec, getStructCodec, getTupleCodec } from '@solana/kit';
import {
  address,
  at,
  base,
  type Encoded,
  flag,
  id,
  idAt,
  instruction,
  moment,
  nothing,
  ofSession,
  operation,
  reason,
  shelf,
  sighting,
  tag,
  u64,
} from './parts.js';

/** Requests as bytes. */
export const requestCodec = getDiscriminatedUnionCodec(
  [
    [
      'want',
      getStructCodec([
        ['session', address],
        ['accounts', getArrayCodec(address)],
      ]),
    ],
    [
      'submit',
      getStructCodec([
        ['operation', operation],
        ['at', moment],
      ]),
    ],
    ['release', id],
    [
      'restore',
      getStructCodec([
        ['id', u64],
        ['operation', operation],
        ['sent', flag],
      ]),
    ],
    ['sent', id],
    ['operation', id],
    [
      'seen',
      getStructCodec([
        ['asOf', u64],
        ['sightings', getArrayCodec(getTupleCodec([u64, sighting]))],
        ['at', moment],
      ]),
    ],
    ['expired', idAt],
    ['lapsed', idAt],
    ['cancel', idAt],
    [
      'giveUp',
      getStructCodec([
        ['id', u64],
        ['reason', reason],
        ['at', moment],
      ]),
    ],
    [
      'hint',
      getStructCodec([
        ['session', address],
        ['slot', u64],
      ]),
    ],
    ['refresh', ofSession],
    [
      'loaded',
      getStructCodec([
        ['session', address],
        ['base', base],
        ['at', moment],
      ]),
    ],
    ['loadFailed', ofSession],
    ['rooted', at],
    ['pollEffect', nothing],
    ['hasEffects', nothing],
    [
      'read',
      getStructCodec([
        ['session', address],
        ['account', address],
      ]),
    ],
    ['baseSlot', ofSession],
    ['queue', ofSession],
    ['stage', id],
    ['inFlight', nothing],
    ['pending', nothing],
    ['sessions', nothing],
    ['statistics', nothing],
    [
      'predict',
      getStructCodec([
        ['instructions', getArrayCodec(instruction)],
        ['accounts', shelf],
        ['at', moment],
      ]),
    ],
  ],
  { discriminator: 'ask', size: tag },
);

/** What is asked of a cache. */
export type Request = Encoded<typeof requestCodec>;
