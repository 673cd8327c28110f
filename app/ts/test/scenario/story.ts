/** Plays a scenario on a chain through the client, and tells of each step in the words of the command. The first step that goes otherwise ends it. */
import type { Address } from '@solana/kit';
import * as s from '../../src/index.js';
import { Cast } from './cast.js';
import type { Chain } from './chain.js';
import { judge, type LastStep } from './checks/index.js';
import { type Document, isMapping, type StepNode } from './document.js';
import { eventLine, type Json, reasonName } from './eventLine.js';
import { Fields } from './fields.js';
import { instruction } from './instructions/index.js';
import { calendar, hex } from './show.js';
import { type Caller, Stage } from './stage.js';
import { type Sent, type Step, send } from './transaction.js';
import { duration, calendar as momentOf, truth } from './values.js';

/** When a scenario begins that says nothing of it. */
const START = 1_767_225_600n;

/** When a scenario begins. */
export const startOf = ({ clock }: Document): bigint => (clock === undefined ? START : momentOf(clock));

/** What the actors of a scenario begin with, in lamports. */
export function fundsOf(document: Document, cast: Cast): ReadonlyMap<string, bigint> {
  const stage = new Stage(undefined as never, cast, 0n, { ...document, steps: [] });
  return new Map(Object.entries(document.actors).map(([name, amount]) => [name, stage.amount(amount).parts]));
}

/** A step that waits to be sent with those that go together with it. */
interface Ready extends Step {
  readonly node: StepNode;
  readonly by: Caller;
  readonly actor: string;
  readonly instruction: string;
  readonly session: string | null;
}

/** The session in an account, as a report has it. */
interface State {
  readonly name: string | null;
  readonly reason: string | null;
}

const ABSENT: State = { name: null, reason: null };

function stateOf(snapshot: s.Snapshot): State {
  try {
    const { status, closeReason } = s.readSession(snapshot);
    return { name: s.Status[status], reason: status === s.Status.Closed ? reasonName(closeReason) : null };
  } catch (error) {
    return s.isSessionsError(error, 'SessionNotFound') ? ABSENT : { name: 'Unknown', reason: null };
  }
}

/** The state that an event tells of. */
const TOLD: { readonly [N in s.SessionEventName]?: string } = {
  SessionRequested: 'Requested',
  SessionCreating: 'Creating',
  SessionCreated: 'Created',
  SessionActivating: 'Activating',
  SessionActivated: 'Active',
  SessionResumed: 'Active',
  SessionPaused: 'Paused',
  SessionClosing: 'Closing',
};

function stateAfter(event: s.SessionEvent): State | undefined {
  if (event.name === 'SessionDeleted') return ABSENT;
  if (event.name === 'SessionExpired') return { name: 'Closed', reason: 'Expired' };
  if (event.name === 'SessionClosed') return { name: 'Closed', reason: reasonName(event.reason) };
  const name = TOLD[event.name];
  return name === undefined ? undefined : { name, reason: null };
}

type Line = { readonly [key: string]: Json };

/** A story on its way. */
export class Story {
  readonly #file: string;
  readonly #document: Document;
  readonly #chain: Chain;
  readonly #stage: Stage;
  readonly #lines: Line[] = [];
  readonly #summary = { reached: 0, refused: 0, claims: 0, units: 0n, fees: 0n };
  #failedLine: number | null = null;
  #last: LastStep = { events: [], returned: [] };
  /** Whether the chain is in a slot in which nothing has happened. */
  #moved = true;

  constructor(file: string, document: Document, chain: Chain, cast: Cast) {
    this.#file = file;
    this.#document = document;
    this.#chain = chain;
    this.#stage = new Stage(chain.ledger, cast, startOf(document), document);
  }

  /** Plays it, and answers one line a step and one for the whole. */
  async play(): Promise<readonly Line[]> {
    const { steps } = this.#document;
    const begun = await this.#wealth();
    for (let place = 0; place < steps.length && this.#failedLine === null; ) {
      const rest = steps.slice(place + 1);
      const alone = rest.findIndex(({ fields }) => fields.together === undefined || !truth(String(fields.together)));
      const group = steps.slice(place, alone < 0 ? steps.length : place + 1 + alone);
      await this.#item(group);
      place += group.length;
    }
    return [...this.#lines, await this.#end(begun)];
  }

  async #item(group: readonly StepNode[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const { wait, check } = first.fields;
    if (first.fields.do === undefined) {
      if (group.length > 1) throw new Error('only instructions go together');
      if (wait !== undefined) await this.#wait(first);
      else if (check !== undefined) await this.#check(first);
      else throw new Error(`the runner does not know what the step on line ${first.line} is`);
      return;
    }
    this.#stage.made.clear();
    const ready: Ready[] = [];
    for (const node of group) ready.push(await this.#read(node));
    await this.#transact(ready);
  }

  #tell(node: StepNode, outcome: string, more: Line): void {
    const { slot, time } = this.#chain;
    const { line, number: step } = node;
    const when = { slot, time: calendar(time), elapsed_seconds: time - this.#stage.start };
    this.#lines.push({ type: 'step', file: this.#file, line, step, ...when, outcome, ...more });
    if (outcome !== 'not_run') this.#summary.reached += 1;
    if (outcome === 'failed') this.#failedLine ??= line;
  }

  async #wait(node: StepNode): Promise<void> {
    const f = new Fields('a wait', node.fields);
    const seconds = f.needed('wait', duration);
    f.finish();
    await this.#chain.wait(seconds);
    this.#moved = true;
    this.#tell(node, 'ok', { kind: 'wait', seconds });
  }

  async #check(node: StepNode): Promise<void> {
    const f = new Fields('a check', node.fields);
    const check = f.get('check');
    f.finish();
    if (!isMapping(check)) throw new Error('a check is a mapping');
    const claims = await judge(check, this.#stage, this.#last);
    this.#summary.claims += claims.filter(({ holds }) => holds).length;
    const outcome = claims.every(({ holds }) => holds) ? 'ok' : 'failed';
    this.#tell(node, outcome, { kind: 'check', claims: claims.map((claim) => ({ ...claim })) });
  }

  /** Reads a step, and makes its instruction. */
  async #read(node: StepNode): Promise<Ready> {
    const stage = this.#stage;
    const f = new Fields(`the step on line ${node.line}`, node.fields);
    const name = f.text('as');
    const actor = stage.actor(name);
    const key = f.value('key', (text) => text);
    const signer = key === undefined ? actor : stage.cast.signer(`${name}/${key}`, 'session key');
    const { name: long, read } = instruction(f.text('do'));
    const [expect, save] = [f.value('expect', (text) => text), f.value('save', (text) => text)];
    const given = f.get('with') ?? {};
    f.value('together', truth);
    f.finish();
    const args = new Fields(long, given);
    const by = { actor, name, signer, payer: args.value('payer', stage.actor) ?? actor };
    const act = await read(args, by, stage);
    args.finish();
    if (save !== undefined) {
      if (act.makes !== true || act.session === undefined) throw new Error(`${long} makes nothing to save`);
      await stage.save(save, act.session);
    }
    const named = isMapping(given) && typeof given.session === 'string' ? given.session : null;
    const session = save ?? named;
    return { node, act, by, expect, actor: key === undefined ? name : `${name}/${key}`, instruction: long, session };
  }

  async #transact(ready: readonly Ready[]): Promise<void> {
    if (!this.#moved) await this.#chain.nextSlot();
    this.#moved = false;
    const [first] = ready;
    if (first === undefined) return;
    const addresses = ready.map(({ act }) => act.session?.address ?? s.SYSTEM_PROGRAM);
    const states = async () => (await this.#stage.ledger.read(addresses)).map(stateOf);
    const before = await states();
    const sent = await send(this.#chain, first.by.payer, ready);
    const after = await states();
    this.#summary.units += sent.computeUnits;
    this.#summary.fees += sent.fee;
    const known = new Map<Address, State>(addresses.map((address, place) => [address, before[place] ?? ABSENT]));
    for (const [place, step] of ready.entries()) {
      const address = addresses[place] ?? s.SYSTEM_PROGRAM;
      // Between two steps of one transaction nobody can read an account; its events tell what became of it meanwhile.
      const told = sent.steps[place]?.events.filter(({ header }) => header.address === address).map(stateAfter);
      const last = !addresses.slice(place + 1).includes(address);
      const was = known.get(address) ?? ABSENT;
      const now = last ? after[place] : told?.findLast((state) => state !== undefined);
      known.set(address, now ?? was);
      this.#act(step, sent, place, [was, now ?? was]);
    }
    const events = sent.steps.at(-1)?.events ?? [];
    this.#last = { events: events.map(({ name }) => name), returned: sent.returned };
  }

  #act(
    { node, actor, instruction: name, session }: Ready,
    sent: Sent,
    place: number,
    [was, now]: [State, State],
  ): void {
    const ran = sent.steps[place];
    if (ran === undefined) throw new Error('a step without an outcome');
    const { outcome } = ran;
    const why = outcome.kind === 'refused' || outcome.kind === 'failed' ? outcome.why : null;
    if (outcome.kind === 'refused') this.#summary.refused += 1;
    const returned = place === sent.steps.length - 1 && sent.returned.length > 0 ? hex(sent.returned) : null;
    const expected = outcome.kind === 'failed' ? outcome.expected : (why?.name ?? null);
    this.#tell(node, outcome.kind, {
      kind: 'instruction',
      ...{ actor, instruction: name, session },
      ...{ expected, error: why?.name ?? null, message: why?.message ?? null },
      ...{ before: was.name, after: now.name, close_reason: now.reason },
      ...{ compute_units: ran.computeUnits, fee: place === 0 ? sent.fee : null },
      ...{ events: ran.events.map(eventLine), returned },
    });
  }

  /** What all who sign have together, in lamports. */
  async #wealth(): Promise<bigint> {
    const found = await this.#stage.ledger.read(this.#stage.cast.owners);
    return found.reduce((sum, { account }) => sum + (account?.lamports ?? 0n), 0n);
  }

  async #end(begun: bigint): Promise<Line> {
    const { reached, refused, claims, units, fees } = this.#summary;
    const addresses = [...this.#stage.sessions.values()].map(({ address }) => address);
    const left = (await this.#stage.ledger.read(addresses)).map(stateOf);
    return {
      type: 'summary',
      file: this.#file,
      scenario: this.#document.title,
      passed: this.#failedLine === null,
      steps: this.#document.steps.length,
      ...{ reached, refused, claims },
      ...{ compute_units: units, fees, locked: begun - (await this.#wealth()) - fees },
      sessions_left: left.filter(({ name }) => name !== null && name !== 'Unknown').length,
      failed_line: this.#failedLine,
    };
  }
}

/** A value as JSON in one line. */
export function toJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner)}`)
    .join(',')}}`;
}

/** Plays a scenario on the chain that `begin` makes for it, and answers the lines of its report. */
export async function playStory(
  file: string,
  document: Document,
  begin: (start: bigint, cast: Cast, funds: ReadonlyMap<string, bigint>) => Chain | Promise<Chain>,
): Promise<readonly string[]> {
  const cast = await Cast.of(document);
  const chain = await begin(startOf(document), cast, fundsOf(document, cast));
  return (await new Story(file, document, chain, cast).play()).map(toJson);
}
