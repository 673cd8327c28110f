/** What crosses the boundary to the module, against the module's own source, its committed calls, and the module itself. */
import { readFileSync } from 'node:fs';
import type { Address } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { Core } from '../../src/cache/core.js';
import { cacheModule } from '../../src/cache/module.js';
import { type Answer, answerCodec, type Effect, type NotTaken } from '../../src/cache/wire/answer.js';
import { type Cause, options, type Rejection, type Sighting, type Stage } from '../../src/cache/wire/parts.js';
import { type Request, requestCodec } from '../../src/cache/wire/request.js';
import { fromHex, toHex } from '../../src/hex.js';

const text = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const WIRE = text('wasm/src/wire.rs');

interface Fixture {
  readonly options: string;
  readonly session: string;
  readonly steps: readonly {
    readonly what: string;
    readonly request: string;
    readonly answer: string;
    readonly revision: number;
  }[];
}
const FIXTURE: Fixture = JSON.parse(text('wasm/tests/fixture.json'));

/** The variants of an enum of the module's source, in their order, as this package calls them. */
function variantsOf(name: string): readonly string[] {
  const body = new RegExp(`pub enum ${name} \\{\\n([\\s\\S]*?)\\n\\}`).exec(WIRE)?.[1] ?? '';
  const names = [...body.matchAll(/^ {4}([A-Z]\w*)/gm)].map(([, variant]) => variant ?? '');
  return names.map((variant) => variant.charAt(0).toLowerCase() + variant.slice(1));
}

const hex = (digits: string): Uint8Array => {
  const bytes = fromHex(digits);
  if (bytes === undefined) throw new Error(`${digits} are no hex digits`);
  return bytes;
};

const session = 'Vote111111111111111111111111111111111111111' as Address;
const account = 'Stake11111111111111111111111111111111111111' as Address;
const at = { unixTimestamp: -1n, slot: 3n, lamportsPerByte: 6_960n };
const instruction = {
  program: account,
  accounts: [{ address: session, isSigner: true, isWritable: false }],
  data: Uint8Array.of(1, 2),
};
const operation = { session, instructions: [instruction], after: 7n };
const failure = { instruction: 1, error: 6_003, text: 'why' };
const shelf = [
  [session, null],
  [account, { owner: session, lamports: 5n, executable: true, data: Uint8Array.of(9) }],
] as const;
const id = 1n;

const SIGHTINGS: readonly Sighting[] = [
  { sighting: 'unseen' },
  { sighting: 'processed', slot: 1n },
  { sighting: 'confirmed', slot: 1n },
  { sighting: 'finalized', slot: 1n },
  { sighting: 'failed', slot: 1n, failure },
  { sighting: 'failing' },
];

/** One of each request, with something in every field. */
const REQUESTS: readonly Request[] = [
  { ask: 'want', session, accounts: [session, account] },
  { ask: 'submit', operation, at },
  { ask: 'release', id },
  { ask: 'restore', id, operation, sent: true },
  { ask: 'sent', id },
  { ask: 'operation', id },
  { ask: 'seen', asOf: 4n, sightings: SIGHTINGS.map((sighting) => [id, sighting] as const), at },
  { ask: 'expired', id, at },
  { ask: 'lapsed', id, at },
  { ask: 'cancel', id, at },
  { ask: 'giveUp', id, reason: { why: 'wouldFail', failure }, at },
  { ask: 'hint', session, slot: 2n },
  { ask: 'refresh', session },
  { ask: 'loaded', session, base: { slot: 2n, readAt: 3n, accounts: [...shelf] }, at },
  { ask: 'loadFailed', session },
  { ask: 'rooted', slot: 1n },
  { ask: 'pollEffect' },
  { ask: 'hasEffects' },
  { ask: 'read', session, account },
  { ask: 'baseSlot', session },
  { ask: 'queue', session },
  { ask: 'stage', id },
  { ask: 'inFlight' },
  { ask: 'pending' },
  { ask: 'sessions' },
  { ask: 'statistics' },
  { ask: 'predict', instructions: [instruction], accounts: [...shelf], at },
];

const REJECTIONS: readonly Rejection[] = [
  { why: 'foreign' },
  { why: 'refused', code: 6_001, name: 'PermissionDenied', detail: 'why' },
  { why: 'failed', name: 'Custom', custom: 3 },
  { why: 'unknown', account },
  { why: 'tooManyAccounts' },
];
const CAUSES: readonly Cause[] = [
  { why: 'refused', instruction: 2, rejection: { why: 'foreign' } },
  { why: 'predecessor', id },
  { why: 'givenUp', reason: { why: 'notSent', text: 'why' } },
];
const STAGES: readonly Stage[] = [
  { name: 'local' },
  { name: 'sent' },
  { name: 'processed', slot: 1n },
  { name: 'confirmed', slot: 1n },
  { name: 'finalized', slot: 1n },
  { name: 'failed', slot: 1n, failure },
  { name: 'expired' },
  { name: 'rolledBack', cause: { why: 'predecessor', id } },
];
const EFFECTS: readonly Effect[] = [
  { effect: 'load', session, accounts: [account], since: 3n },
  { effect: 'send', id },
  { effect: 'ask', session, asOf: 3n },
  { effect: 'staged', id, stage: { name: 'expired' } },
  { effect: 'changed', session },
  { effect: 'evicted', session },
];
const NOT_TAKEN: readonly NotTaken[] = [
  { why: 'notLoaded', accounts: [account] },
  { why: 'refused', instruction: 0, rejection: { why: 'foreign' } },
  { why: 'predecessor', id },
  { why: 'tooManyPending', count: 1n },
  { why: 'tooManyAccounts', count: 1n },
];
const stageAnswer = (value: Stage): Answer => ({ answer: 'stage', value });

/** Every enum that has another in it: its values, how one becomes bytes, and where in those its variant stands. */
const ENUMS: readonly (readonly [
  name: string,
  values: readonly (readonly [variant: string, bytes: ArrayLike<number>])[],
  place: number,
])[] = [
  ['Request', REQUESTS.map((one) => [one.ask, requestCodec.encode(one)]), 0],
  [
    'Sighting',
    SIGHTINGS.map((one) => [one.sighting, requestCodec.encode({ ask: 'seen', asOf: 0n, sightings: [[id, one]], at })]),
    1 + 8 + 4 + 8,
  ],
  ['Stage', STAGES.map((one) => [one.name, answerCodec.encode(stageAnswer(one))]), 2],
  ['Cause', CAUSES.map((cause) => [cause.why, answerCodec.encode(stageAnswer({ name: 'rolledBack', cause }))]), 3],
  [
    'Reason',
    ([{ why: 'cancelled' }, { why: 'wouldFail', failure }, { why: 'notSent', text: 'why' }] as const).map((reason) => [
      reason.why,
      requestCodec.encode({ ask: 'giveUp', id, reason, at }),
    ]),
    9,
  ],
  [
    'Rejection',
    REJECTIONS.map((rejection) => [
      rejection.why,
      answerCodec.encode({ answer: 'refused', instruction: 0, rejection }),
    ]),
    5,
  ],
  ['Effect', EFFECTS.map((value) => [value.effect, answerCodec.encode({ answer: 'effect', value })]), 2],
  ['SubmitError', NOT_TAKEN.map((error) => [error.why, answerCodec.encode({ answer: 'notTaken', error })]), 1],
];

describe('what crosses the boundary', () => {
  test.each(ENUMS)('has the variants of %s in the order of the module', (name, values, place) => {
    expect(values.map(([variant]) => variant)).toEqual(variantsOf(name));
    expect(values.map(([, bytes]) => bytes[place])).toEqual(values.map((_, variant) => variant));
  });

  test('has the answers in the order of the module', () => {
    const decoded = variantsOf('Answer').map((_, variant) => {
      // Zeros are something of every answer: nothing, none, the first variant.
      const bytes = new Uint8Array(200);
      bytes[0] = variant;
      return answerCodec.decode(bytes).answer;
    });
    expect(decoded).toEqual(variantsOf('Answer'));
    expect(decoded).toHaveLength(16);
  });

  test('is read and written as the native build did', () => {
    expect(FIXTURE.steps.length).toBeGreaterThan(15);
    for (const { what, request, answer } of FIXTURE.steps) {
      expect(toHex(requestCodec.encode(requestCodec.decode(hex(request)))), what).toBe(request);
      expect(toHex(answerCodec.encode(answerCodec.decode(hex(answer)))), what).toBe(answer);
    }
    expect(toHex(options.encode(options.decode(hex(FIXTURE.options))))).toBe(FIXTURE.options);
    const of = (what: string) =>
      answerCodec.decode(hex(FIXTURE.steps.find((step) => step.what === what)?.answer ?? ''));
    expect(of('submit')).toEqual({ answer: 'submitted', id: 1n, exact: true });
    expect(of('stage')).toEqual({ answer: 'stage', value: { name: 'confirmed', slot: 7n } });
    expect(of('submit what is refused')).toMatchObject({
      error: { why: 'refused', instruction: 0, rejection: { why: 'refused', name: 'VersionConflict' } },
    });
  });

  test('is understood by the module, field by field', async () => {
    const { exports } = await WebAssembly.instantiate(await cacheModule(), {});
    const module = exports as {
      readonly memory: WebAssembly.Memory;
      sessions_allocate(length: number): number;
      sessions_open(pointer: number, length: number): number;
      sessions_call(handle: number, pointer: number, length: number): number;
      sessions_answer(): number;
    };
    const put = (bytes: ArrayLike<number>) => {
      const pointer = module.sessions_allocate(bytes.length);
      new Uint8Array(module.memory.buffer, pointer, bytes.length).set(bytes);
      return pointer;
    };
    const chosen = hex(FIXTURE.options);
    const handle = module.sessions_open(put(chosen), chosen.length);
    const answers = REQUESTS.map((request) => {
      const bytes = requestCodec.encode(request);
      const length = module.sessions_call(handle, put(bytes), bytes.length);
      const copy = new Uint8Array(module.memory.buffer, module.sessions_answer(), length).slice();
      const answer = answerCodec.decode(copy);
      expect(toHex(answerCodec.encode(answer)), request.ask).toBe(toHex(copy));
      return answer.answer;
    });
    expect(answers).not.toContain('fault');
    expect(new Set(answers).size).toBeGreaterThan(10);
  });

  test('makes the same of the same calls as the native build', async () => {
    const quiet = { before: () => {}, after: () => {}, broken: () => {} };
    const core = await Core.open(await cacheModule(), options.decode(hex(FIXTURE.options)), quiet);
    const [wanted, , loaded] = FIXTURE.steps.map(({ request }) => requestCodec.decode(hex(request)));
    if (wanted?.ask !== 'want' || loaded?.ask !== 'loaded') throw new Error('the fixture begins otherwise');
    expect(core.want(wanted.session, wanted.accounts)).toEqual({ answer: 'flag', value: false });
    expect(core.pollEffect()).toMatchObject({ effect: 'load', accounts: wanted.accounts });
    core.loaded(loaded.session, loaded.base, loaded.at);
    expect(core.revision(hex(FIXTURE.session))).toBe(1);
    expect(core.changes()).toBe(1);
    expect(core.baseSlot(loaded.session)).toBe(loaded.base.slot);
    core.close();
    expect(() => core.pending()).toThrow('NoCache');
  });
});
