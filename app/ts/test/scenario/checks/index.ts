/** What `check:` compares: fields of an account, its absence, a balance, the last step's answer and its events. */
import * as s from '../../../src/index.js';
import { isMapping, type Mapping, type Value } from '../document.js';
import { Fields, listOf, textOf } from '../fields.js';
import { bracketed, hex } from '../show.js';
import type { Stage } from '../stage.js';
import { truth } from '../values.js';
import type { Field } from './accounts.js';
import * as k from './kinds.js';
import { type Subject, subjectOf } from './subject.js';

/** What became of a claim. */
export interface Verdict {
  readonly label: string;
  readonly expected: string;
  readonly found: string;
  readonly holds: boolean;
}

/** What the last step did. */
export interface LastStep {
  readonly events: readonly s.SessionEventName[];
  readonly returned: ArrayLike<number>;
}

const verdict = (label: string, expected: string, found: string): Verdict => ({
  label,
  expected,
  found,
  holds: expected === found,
});

const isOurs = ({ account }: s.Snapshot): boolean => account?.owner === s.PROGRAM;

/** What a field is, or why there is none. */
function found(snapshot: s.Snapshot, field: Field, around: k.Around): string {
  try {
    return field.found(snapshot, around);
  } catch (error) {
    if (!s.isSessionsError(error)) throw error;
    return isOurs(snapshot) ? error.name : 'nothing, for the account does not exist';
  }
}

async function fields(f: Fields, stage: Stage, subject: Subject): Promise<Verdict[]> {
  const snapshot = await s.readOne(stage.ledger, subject.address);
  const around = { stage, unit: subject.unit };
  const verdicts: Verdict[] = [];
  for (const [name, field] of subject.fields) {
    const value = f.get(name);
    if (value === undefined) continue;
    const expected = await field.expected(value, around);
    verdicts.push(verdict(`${subject.label}.${name}`, expected, found(snapshot, field, around)));
  }
  const absent = f.value('absent', truth);
  if (absent !== undefined)
    verdicts.push(verdict(`${subject.label}.absent`, String(absent), String(!isOurs(snapshot))));
  return verdicts;
}

async function balance(stage: Stage, value: Value): Promise<Verdict> {
  const [whose = '', text = ''] = listOf('balance', value).map((one) => textOf('balance', one));
  const { parts, unit = stage.unit('SOL') } = stage.amount(text);
  const owner = await stage.address(whose);
  const address = unit.tokens === undefined ? owner : await s.tokenAccountAddress(owner, unit.tokens);
  const snapshot = await s.readOne(stage.ledger, address);
  const has = unit.tokens === undefined ? snapshot.account?.lamports : s.readHolding(snapshot)?.amount;
  return verdict(`${whose}.balance`, stage.show(unit, parts), stage.show(unit, has ?? 0n));
}

/** A part of an answer: how its expected value is told, and what it is of the bytes; nothing if they are another answer. */
interface Part {
  readonly expected: (value: Value, around: k.Around) => Promise<string>;
  readonly found: (bytes: Uint8Array, around: k.Around) => string | undefined;
}

function part<T>(kind: k.Kind<T>, get: (bytes: Uint8Array) => T | undefined): Part {
  return {
    expected: async (value, around) => kind.show(await kind.read(value, around), around),
    found: (bytes, around) => {
      const found = get(bytes);
      return found === undefined ? undefined : kind.show(found, around);
    },
  };
}

const standing = <K extends keyof s.Standing>(kind: k.Kind<s.Standing[K]>, field: K): Part =>
  part(kind, (bytes) => s.standingOf(bytes)?.[field]);

const behindVersion = (bytes: Uint8Array) => (bytes.length < 8 ? undefined : bytes.slice(8));

const PROPERTY: Readonly<Record<string, Part>> = {
  version: part(k.NUMBER, (bytes) => behindVersion(bytes) && new DataView(bytes.buffer).getBigUint64(0, true)),
  value: part(k.BYTES, behindVersion),
};

const STANDING: Readonly<Record<string, Part>> = {
  permissions: part(k.PERMISSIONS, (bytes) => s.standingOf(bytes)?.permissions),
  seconds_left: standing(k.LEFT, 'secondsLeft'),
  operations_left: standing(k.LEFT, 'operationsLeft'),
  units_left: standing(k.LEFT, 'unitsLeft'),
  bytes_left: standing(k.LEFT, 'bytesLeft'),
  session_id: part(k.ID, (bytes) => s.standingOf(bytes)?.sessionId),
};

async function answer(
  key: string,
  value: Value,
  parts: Readonly<Record<string, Part>>,
  { returned }: LastStep,
  around: k.Around,
): Promise<Verdict[]> {
  const f = new Fields(key, value);
  const bytes = Uint8Array.from(Array.from(returned));
  const verdicts: Verdict[] = [];
  for (const [name, one] of Object.entries(parts)) {
    const wanted = f.get(name);
    if (wanted === undefined) continue;
    const another = bytes.length === 0 ? 'nothing, for the step did not answer' : `another answer, ${hex(bytes)}`;
    const shown = one.found(bytes, around) ?? another;
    verdicts.push(verdict(`${key}.${name}`, await one.expected(wanted, around), shown));
  }
  f.finish();
  return verdicts;
}

function events(value: Value, last: LastStep): Verdict {
  const names = listOf('events', value).map((one) => textOf('events', one));
  const unknown = names.find((name) => !s.EVENT_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`there is no event ${unknown}`);
  return verdict('events', bracketed(names), bracketed(last.events));
}

/** What becomes of everything that a check claims. */
export async function judge(check: Mapping, stage: Stage, last: LastStep): Promise<readonly Verdict[]> {
  const f = new Fields('a check', check);
  const around = { stage, unit: stage.unit('SOL') };
  const subject = await subjectOf(f, stage);
  const verdicts = subject === undefined ? [] : await fields(f, stage, subject);
  const [held, returned, standing, told] = ['balance', 'returned', 'standing', 'events'].map((key) => f.get(key));
  if (held !== undefined) verdicts.push(await balance(stage, held));
  if (isMapping(returned)) verdicts.push(...(await answer('returned', returned, PROPERTY, last, around)));
  else if (returned !== undefined) {
    const whole = part(k.BYTES, (bytes) => (bytes.length === 0 ? undefined : bytes));
    const [one] = await answer('returned', { all: returned }, { all: whole }, last, around);
    if (one !== undefined) verdicts.push({ ...one, label: 'returned' });
  }
  if (standing !== undefined) verdicts.push(...(await answer('standing', standing, STANDING, last, around)));
  if (told !== undefined) verdicts.push(events(told, last));
  f.finish();
  return verdicts;
}
