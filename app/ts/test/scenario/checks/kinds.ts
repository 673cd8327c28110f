/** The kinds of values that can be checked: how each is written in an expectation, and how in a report. Two values are alike if they are written alike. */
import type { Address } from '@solana/kit';
import * as s from '../../../src/index.js';
import type { Value } from '../document.js';
import { reasonName } from '../eventLine.js';
import { Fields, textOf } from '../fields.js';
import { amountIn, destinationsOf, windowOf } from '../instructions/vault.js';
import * as show from '../show.js';
import type { Stage, Unit } from '../stage.js';
import * as values from '../values.js';

/** What a check is about besides the value. */
export interface Around {
  readonly stage: Stage;
  /** What amounts are of. */
  readonly unit: Unit;
}

/** A kind of value. */
export interface Kind<T> {
  /** The value in an expectation. */
  readonly read: (value: Value, around: Around) => T | Promise<T>;
  /** The value in a report. */
  readonly show: (value: T, around: Around) => string;
}

const text =
  <T>(read: (text: string, around: Around) => T) =>
  (value: Value, around: Around): T =>
    read(textOf('the expected value', value), around);

const kind = <T>(read: Kind<T>['read'], shown: Kind<T>['show']): Kind<T> => ({ read, show: shown });

const named = (read: (text: string) => number, names: Readonly<Record<number, string>>): Kind<number> =>
  kind(text(read), (value) => names[value] ?? String(value));

const who = (address: Address | null, { stage }: Around) =>
  address === null || address === s.SYSTEM_PROGRAM ? 'none' : stage.who(address);

const set = <N extends string>(what: string, all: readonly N[]): Kind<Iterable<N>> =>
  kind<Iterable<N>>(
    (value) => values.set(what, all, value),
    (names) => show.bracketed(all.filter((name) => [...names].includes(name))),
  );

type AllQuotas = s.Session['config']['quotas'];

const full = ({ limit, windowLimit, windowSeconds }: s.QuotaChoice = {}) => ({
  limit: BigInt(limit ?? s.UNLIMITED),
  windowLimit: BigInt(windowLimit ?? s.UNLIMITED),
  windowSeconds: BigInt(windowSeconds ?? 0n),
});

function readQuotas(value: Value): AllQuotas {
  const { operations, units, bytes } = values.quotas(value);
  return { operations: full(operations), units: full(units), bytes: full(bytes) };
}

const showQuota = ({ limit, windowLimit, windowSeconds }: AllQuotas['bytes']) =>
  windowSeconds === 0n ? show.limit(limit) : `${show.limit(limit)} and ${show.limit(windowLimit)} in ${windowSeconds}s`;

type AllUsed = Readonly<Record<'operations' | 'units' | 'bytes', values.Used>>;

function readUsage(value: Value): AllUsed {
  const f = new Fields('usage', value);
  const one = (key: string) => values.used(f.get(key), values.number);
  const found = { operations: one('operations'), units: one('units'), bytes: one('bytes') };
  f.finish();
  return found;
}

/** A text without what cannot be seen. */
const seen = (found: string): boolean => !/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(found);

const amount = (found: bigint, { stage, unit }: Around) =>
  found === s.UNLIMITED ? 'unlimited' : stage.show(unit, found);
const readAmount = (found: string, { stage, unit }: Around) => amountIn(stage, unit, found, 'unlimited');

/** A window of an allowance. */
export type Window = ReturnType<typeof windowOf>;

export const NUMBER = kind<number | bigint>(text(values.number), (value) => String(value));
export const SECONDS = kind<number>(text(values.duration), (value) => show.seconds(BigInt(value)));
export const MOMENT = kind<bigint>(
  text((found, { stage }) => values.moment(found, stage.start)),
  (value, { stage }) => show.moment(value, stage.start),
);
export const ADDRESS = kind<Address | null>(
  text(async (found, { stage }) => (found === 'none' ? null : stage.address(found))),
  who,
);
export const ADDRESSES = kind<readonly Address[]>(
  (value, { stage }) => destinationsOf(stage, value),
  (value, { stage }) => (value.length === 0 ? 'any' : show.bracketed(value.map(stage.who))),
);
export const SESSION = kind<Address>(
  text((found, { stage }) => stage.session(found).address),
  (value, { stage }) => stage.who(value),
);
export const ID = kind<ArrayLike<number>>(text(values.id), (value) => show.hex(value).slice(2));
export const HASH = kind<ArrayLike<number>>(text(values.hash), (value) => show.hash(value));
export const BYTES = kind<ArrayLike<number>>(text(values.bytes), (value) => show.text(value, seen));
export const STATUS = named(values.status, s.Status);
export const MEMBER_STATUS = named(values.memberStatus, s.MemberStatus);
export const ROLE = named(values.role, s.Role);
export const KIND = named(values.kind, s.Kind);
export const REASON = kind<number>(text(values.reason), reasonName);
export const PERMISSIONS = set('permissions', s.ALL_PERMISSIONS);
export const SETTINGS = set('settings', s.ALL_SETTINGS);
export const RIGHTS = set('rights', s.ALL_ACCESS_RIGHTS);
export const QUOTAS = kind<AllQuotas>(readQuotas, (value) => show.limits(value, showQuota));
export const USAGE = kind<AllUsed>(readUsage, (value) => show.limits(value, (one) => show.used(one, String)));
export const LEFT = kind<bigint>(text(values.limit), show.limit);
export const TRUTH = kind<boolean | number>(text(values.truth), (value) => String(Boolean(value)));
export const MINT = kind<Address | null>(
  text((found, { stage }) => stage.unit(found).tokens?.mint ?? null),
  (value, { stage }) => (value === null ? 'SOL' : stage.who(value)),
);
export const AMOUNT = kind<bigint>(text(readAmount), amount);
export const WINDOW = kind<Window>(
  (value, { stage, unit }) => windowOf(stage, unit, value),
  ({ windowSeconds, windowLimit }, around) =>
    BigInt(windowSeconds) === 0n
      ? 'none'
      : `${amount(BigInt(windowLimit), around)} in ${show.seconds(BigInt(windowSeconds))}`,
);
export const USED = kind<values.Used>(
  (value, around) => values.used(value, (found) => readAmount(found, around)),
  (value, around) => show.used(value, (found) => amount(found, around)),
);
