/** Functions that members call, and the arena, a program that uses sessions. */
import { type AccountMeta, AccountRole, type Address, getAddressEncoder } from '@solana/kit';
import * as s from '../../../src/index.js';
import {
  ARENA,
  boardAddress,
  closeBoard,
  discriminator,
  INSTRUCTIONS,
  makeMove,
  makeMoveByVault,
  openBoard,
  surrender,
} from '../arena.js';
import { isMapping, type Value } from '../document.js';
import { Fields, listOf, textOf } from '../fields.js';
import type { Caller, SessionRef, Stage } from '../stage.js';
import { bytes, number, small, truth } from '../values.js';
import { about, acting, type Read, sessionOf } from './common.js';

const register: Read = async (f, { signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const program = await stage.address(f.text('program'));
  const ofArena = (text: string) => program === ARENA && INSTRUCTIONS.includes(text);
  const selector =
    f.value('selector', (text) => (ofArena(text) ? discriminator(text) : bytes(text))) ?? new Uint8Array();
  const terms = { units: f.value('units', number) ?? 0n, composable: f.value('composable', truth) ?? false };
  stage.functions.set(f.text('name'), { program, selector });
  const address = await s.functionAddress(session.address, program, selector);
  stage.made.set(address, { payer: payer.address, maker: signer.address });
  const input = { authority: signer, payer, session: session.address, program, selector, ...terms };
  return about(session, s.registerFunction(input));
};

const unregister: Read = async (f, { signer, payer }, stage) => {
  const session = sessionOf(f, stage);
  const { program, selector } = f.needed('function', stage.function);
  const address = await s.functionAddress(session.address, program, selector);
  const header = { payer: (await stage.origin(address))?.payer ?? payer.address };
  // Of what is not there any more nothing can be read; the builder needs its addresses and its payer.
  const found = { address, session: session.address, header } as s.RegisteredFunction;
  return about(session, s.unregisterFunction({ authority: signer, function: found }));
};

/** An account of a call: the caller's own by its word, an address, `tokens: [owner, mint]`, or one of these under `writable`. */
async function account(stage: Stage, by: Caller, session: SessionRef, value: Value): Promise<AccountMeta> {
  if (typeof value === 'string') {
    const own: Readonly<Record<string, () => Promise<Address>>> = {
      vault: () => s.vaultAddress(session.address),
      session: async () => session.address,
      member: () => s.memberAddress(session.address, by.actor.address),
    };
    return { address: await (own[value]?.() ?? stage.address(value)), role: AccountRole.READONLY };
  }
  const f = new Fields('one of the accounts', isMapping(value) ? value : undefined);
  const [writable, tokens] = [f.get('writable'), f.get('tokens')];
  f.finish();
  if (writable !== undefined) return { ...(await account(stage, by, session, writable)), role: AccountRole.WRITABLE };
  const [owner = '', mint] = listOf('tokens', tokens);
  const held = stage.unit(textOf('tokens', mint)).tokens;
  if (held === undefined) throw new Error('SOL has no token accounts');
  const { address } = await account(stage, by, session, owner);
  return { address: await s.tokenAccountAddress(address, held), role: AccountRole.READONLY };
}

/** A call: a function with what it is called with. */
async function call(f: Fields, stage: Stage, by: Caller, session: SessionRef): Promise<s.FunctionCall> {
  const { program, selector } = f.needed('function', stage.function);
  const data = f.value('data', bytes) ?? new Uint8Array();
  const listed = f.get('accounts');
  const tile = f.value('tile', small);
  if (tile !== undefined) {
    const player = { signer: by.signer, session: session.address, wallet: by.actor.address };
    return { selector, instruction: await makeMoveByVault(player, tile) };
  }
  const accounts = (listed === undefined ? [] : listOf('accounts', listed)).map((one) =>
    account(stage, by, session, one),
  );
  return { selector, instruction: { programAddress: program, accounts: await Promise.all(accounts), data } };
}

/** The allowances that an execution may charge: of the mints that are named, or all that the steps so far have set. */
async function allowancesOf(f: Fields, stage: Stage, by: Caller, session: SessionRef): Promise<readonly Address[]> {
  const member = await s.memberAddress(session.address, by.actor.address);
  const named = f.get('allowances');
  if (named !== undefined) {
    const mints = listOf('allowances', named).map((one) => stage.unit(textOf('allowances', one)).tokens?.mint ?? null);
    return Promise.all(mints.map((mint) => s.allowanceAddress(member, mint)));
  }
  const hex = (address: Address) => Buffer.from(getAddressEncoder().encode(address)).toString('hex');
  const set = stage.allowances.filter((known) => known.member === member).map(({ allowance }) => allowance);
  return set.sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
}

const execute: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const called = await call(f, stage, by, session);
  const allowances = await allowancesOf(f, stage, by, session);
  return about(session, s.executeFunction({ ...acting(by, session), call: called, allowances }));
};

const compose: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  const calls: s.FunctionCall[] = [];
  for (const one of listOf('calls', f.get('calls'))) {
    const fields = new Fields('one of the calls', one);
    calls.push(await call(fields, stage, by, session));
    fields.finish();
  }
  const allowances = await allowancesOf(f, stage, by, session);
  return about(session, s.composeFunctions({ ...acting(by, session), calls, allowances }));
};

const player = ({ signer, actor }: Caller, session: SessionRef) => ({
  signer,
  session: session.address,
  wallet: actor.address,
});

const open: Read = async (f, by, stage) => {
  const session = sessionOf(f, stage);
  stage.made.set(await boardAddress(session.address), { payer: by.payer.address, maker: by.actor.address });
  return about(session, openBoard(player(by, session), by.payer));
};

const onTile = (build: typeof makeMove): Read => {
  return async (f, by, stage) => {
    const session = sessionOf(f, stage);
    return about(session, build(player(by, session), f.needed('tile', small)));
  };
};

const close: Read = async (f, { payer }, stage) => {
  const session = sessionOf(f, stage);
  const origin = await stage.origin(await boardAddress(session.address));
  return about(session, closeBoard(session.address, origin?.payer ?? payer.address));
};

export const functions: Readonly<Record<string, Read>> = {
  register_function: register,
  unregister_function: unregister,
  execute_function: execute,
  compose_functions: compose,
  open_board: open,
  make_move: onTile(makeMove),
  surrender: onTile(surrender),
  close_board: close,
};
