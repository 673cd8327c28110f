/** The vault: what goes in, what members may take out, and what comes back. Token accounts that are not there are made by the step that needs them. */
import type { Address, Instruction } from '@solana/kit';
import * as s from '../../../src/index.js';
import { isMapping, type Value } from '../document.js';
import { Fields, listOf, textOf } from '../fields.js';
import type { Caller, Stage, Unit } from '../stage.js';
import { windowSeconds } from '../values.js';
import { about, acting, addressOf, type Read, sessionOf } from './common.js';

/** The unit of an amount as it is written, or of a window's limit. */
function unitIn(value: Value | undefined, stage: Stage): Unit | undefined {
  if (isMapping(value)) return unitIn(value.limit, stage);
  if (typeof value !== 'string' || value === 'unlimited' || value === 'all') return undefined;
  return value.startsWith('all ') ? stage.unit(value.slice('all '.length)) : stage.amount(value).unit;
}

/** What is meant: the mint that is named, the unit of the first of these amounts that has one, or SOL. */
function unitOf(f: Fields, keys: readonly string[], stage: Stage): Unit {
  const named = f.value('mint', stage.unit);
  const units = keys.map((key) => unitIn(f.get(key), stage));
  return named ?? units.find((unit) => unit !== undefined) ?? stage.unit('SOL');
}

/** An amount of a unit, or the word that stands for everything. */
export const amountIn = (stage: Stage, unit: Unit, text: string, word: string): bigint =>
  text === word || text === `${word} ${unit.name}` ? s.UNLIMITED : stage.amountOf(unit, text);

/** What a step moves. */
export function paid(f: Fields, stage: Stage): { readonly unit: Unit; readonly amount: bigint } {
  const unit = unitOf(f, ['amount'], stage);
  return { unit, amount: f.needed('amount', (text) => amountIn(stage, unit, text, 'all')) };
}

const moving = ({ unit, amount }: ReturnType<typeof paid>) => ({
  amount,
  ...(unit.tokens && { tokens: unit.tokens }),
});

/** The instruction that makes the token account of an owner, where tokens move. */
export async function accountOf({ payer }: Caller, owner: Address, { tokens }: Unit): Promise<readonly Instruction[]> {
  return tokens === undefined ? [] : [await s.createTokenAccount({ payer, owner, tokens })];
}

const deposit: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const what = paid(f, stage);
  const before = await accountOf(by, await s.vaultAddress(session.address), what.unit);
  const own = s.deposit({ depositor: by.signer, session: session.address, ...moving(what) });
  return about(session, own, before);
};

const spend: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const destination = await addressOf(f, stage, 'to');
  const what = paid(f, stage);
  const before = await accountOf(by, destination, what.unit);
  return about(session, s.spend({ ...acting(by, session), destination, ...moving(what) }), before);
};

const withdraw: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const recipient = (await f.value('to', (text) => stage.address(text))) ?? session.creator;
  const what = paid(f, stage);
  const before = await accountOf(by, recipient, what.unit);
  const { address, id } = session;
  return about(session, s.withdraw({ signer: by.signer, session: address, id, recipient, ...moving(what) }), before);
};

/** A window of an allowance: `none`, or its seconds and its limit. */
export function windowOf(
  stage: Stage,
  unit: Unit,
  value: Value,
): Required<Pick<s.QuotaChoice, 'windowSeconds' | 'windowLimit'>> {
  if (value === 'none') return { windowSeconds: 0n, windowLimit: s.UNLIMITED };
  const f = new Fields('window', value);
  const found = {
    windowSeconds: f.needed('seconds', windowSeconds),
    windowLimit: f.needed('limit', (text) => amountIn(stage, unit, text, 'unlimited')),
  };
  f.finish();
  return found;
}

/** The wallets that can be paid; `any` is none in the list. */
export async function destinationsOf(stage: Stage, value: Value): Promise<readonly Address[]> {
  if (value === 'any') return [];
  return Promise.all(listOf('destinations', value).map((one) => stage.address(textOf('destinations', one))));
}

const setAllowance: Read = async (f, { signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const wallet = await addressOf(f, stage, 'member');
  const unit = unitOf(f, ['limit', 'per_call', 'window'], stage);
  const amount = (text: string) => amountIn(stage, unit, text, 'unlimited');
  const [window, listed] = [f.get('window'), f.get('destinations')];
  const terms = {
    limit: f.value('limit', amount) ?? s.UNLIMITED,
    perCall: f.value('per_call', amount) ?? s.UNLIMITED,
    ...(window !== undefined && windowOf(stage, unit, window)),
    ...(listed !== undefined && { destinations: await destinationsOf(stage, listed) }),
  };
  const member = await s.memberAddress(session.address, wallet);
  const allowance = await s.allowanceAddress(member, unit.tokens?.mint ?? null);
  stage.made.set(allowance, { payer: payer.address, maker: signer.address });
  if (!stage.allowances.some((known) => known.allowance === allowance)) stage.allowances.push({ member, allowance });
  const mint = unit.tokens && { mint: unit.tokens.mint };
  const input = { authority: signer, payer, session: session.address, wallet, terms, ...mint };
  return about(session, s.setAllowance(input));
};

export const vault: Readonly<Record<string, Read>> = { deposit, spend, withdraw, set_allowance: setAllowance };
