/** Calls of other programs with the vault's signature. */
import { type AccountMeta, AccountRole, type Address, type Instruction, isWritableRole } from '@solana/kit';
import type { RegisteredFunction } from '../account.js';
import { functionAddress, vaultAddress } from '../address.js';
import {
  getComposeFunctionsInstructionAsync,
  getExecuteFunctionInstructionAsync,
  getRegisterFunctionInstructionAsync,
  getUnregisterFunctionInstruction,
} from '../generated/instructions/index.js';
import { type Selector, selectorBytes } from '../selector.js';
import { memberOf, type Paying, type SessionInstruction, type SharedActing, sharing, writing } from './common.js';
import type { AuthorityStep } from './lifecycle.js';

/** What an authority registers. */
export interface NewFunction extends AuthorityStep, Paying {
  /** The program that may be called. */
  readonly program: Address;
  /** What the data of a call must begin with; anything. */
  readonly selector?: Selector;
  /** How many units a call costs; none. */
  readonly units?: number | bigint;
  /** Whether it may be composed with others; no. */
  readonly composable?: boolean;
}

/** `register_function`: lets members call a program, by the authority. */
export async function registerFunction(input: NewFunction): Promise<SessionInstruction> {
  const { authority, payer = authority, session, program, units = 0, composable = false } = input;
  const { bytes: selector, length: selectorLength } = selectorBytes(input.selector ?? new Uint8Array());
  const accounts = { authority, payer, session, program };
  return getRegisterFunctionInstructionAsync({ ...accounts, units, selector, selectorLength, composable });
}

/** `unregister_function`: no longer lets members call a program, as it was read, by the authority; the rent goes back to its payer. */
export async function unregisterFunction(
  input: Omit<AuthorityStep, 'session'> & { readonly function: RegisteredFunction },
): Promise<SessionInstruction> {
  const { address, session, header } = input.function;
  return getUnregisterFunctionInstruction({
    authority: input.authority,
    session,
    function: address,
    payer: header.payer,
  });
}

/** A call of a registered function. */
export interface FunctionCall {
  /** The bytes that the function is registered for; any. */
  readonly selector?: Selector;
  /** What is called, as it would be called directly. Where it names the vault, the vault signs; nobody else does. */
  readonly instruction: Instruction;
}

/** What in an index says that the call may write the account, and the largest index without it. */
const WRITABLE = 0x80;
/** The index of the first account behind an execution's own that a call can name: the vault, the session and the membership come before. */
const REST = 3;

/** The accounts behind an execution's own, and calls that name them by their places. */
class Places {
  readonly #own: readonly [vault: Address, session: Address, member: Address];
  readonly #rest: { address: Address; role: AccountRole }[] = [];

  constructor(vault: Address, session: Address, member: Address) {
    this.#own = [vault, session, member];
  }

  /** The index of an account behind the execution's own, which is added if it is not there. More than fit in an index have none. */
  rest(address: Address, writable: boolean): number {
    let place = this.#rest.findIndex((known) => known.address === address);
    if (place < 0) place = this.#rest.push({ address, role: AccountRole.READONLY }) - 1;
    const known = this.#rest[place];
    if (writable && known !== undefined) known.role = AccountRole.WRITABLE;
    return Math.min(place + REST, WRITABLE - 1);
  }

  /** The indexes of a call's accounts. The program that is called is added behind them. */
  call({ accounts = [], programAddress }: Instruction): Uint8Array {
    const indexes = accounts.map(({ address, role }) => {
      const own = this.#own.indexOf(address);
      const place = own < 0 ? this.rest(address, isWritableRole(role)) : own;
      return isWritableRole(role) ? place | WRITABLE : place;
    });
    this.rest(programAddress, false);
    return Uint8Array.from(indexes);
  }

  /** The execution with the accounts behind its own and the allowances that it may charge, and the vault as the calls need it. */
  append(
    execution: SessionInstruction,
    calls: readonly Instruction[],
    allowances: readonly Address[],
  ): SessionInstruction {
    const [vault] = this.#own;
    const writesVault = calls.some((call) =>
      call.accounts?.some(({ address, role }) => address === vault && isWritableRole(role)),
    );
    const own = writesVault ? writing(execution, [vault]) : execution;
    const charged: AccountMeta[] = allowances.map((address) => ({ address, role: AccountRole.WRITABLE }));
    return { ...own, accounts: [...own.accounts, ...this.#rest, ...charged] };
  }
}

/** What an execution may take out of the vault. */
export interface Charging {
  /** The addresses of the member's allowances that what is taken out of the vault is charged to; none. */
  readonly allowances?: readonly Address[];
}

const dataOf = (call: Instruction) => call.data ?? new Uint8Array();

/** `execute_function`: calls a registered function, by a member with EXECUTE_FUNCTIONS. */
export async function executeFunction(
  input: SharedActing & Charging & { readonly call: FunctionCall },
): Promise<SessionInstruction> {
  const { signer, session, call, allowances = [] } = input;
  const { instruction, selector = new Uint8Array() } = call;
  const [member, vault, registered] = await Promise.all([
    memberOf(input),
    vaultAddress(session),
    functionAddress(session, instruction.programAddress, selector),
  ]);
  const places = new Places(vault, session, member);
  const accounts = { signer, session, member, vault, function: registered };
  const named = places.call(instruction);
  const execution = await getExecuteFunctionInstructionAsync({
    ...accounts,
    accounts: named,
    data: dataOf(instruction),
  });
  return sharing(input, places.append(execution, [instruction], allowances));
}

/** `compose_functions`: calls up to eight registered functions, all or none of them, by a member with COMPOSE_FUNCTIONS. */
export async function composeFunctions(
  input: SharedActing & Charging & { readonly calls: readonly FunctionCall[] },
): Promise<SessionInstruction> {
  const { signer, session, allowances = [] } = input;
  const [member, vault, functions] = await Promise.all([
    memberOf(input),
    vaultAddress(session),
    Promise.all(
      input.calls.map(({ instruction, selector = new Uint8Array() }) =>
        functionAddress(session, instruction.programAddress, selector),
      ),
    ),
  ]);
  const places = new Places(vault, session, member);
  const calls = input.calls.map(({ instruction }, place) => ({
    function: places.rest(functions[place] ?? vault, false),
    accounts: places.call(instruction),
    data: dataOf(instruction),
  }));
  const execution = await getComposeFunctionsInstructionAsync({ signer, session, member, vault, calls });
  const called = input.calls.map(({ instruction }) => instruction);
  return sharing(input, places.append(execution, called, allowances));
}
