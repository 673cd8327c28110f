/** Which account a check is about. */
import type { Address } from '@solana/kit';
import * as s from '../../../src/index.js';
import { type Fields, listOf, textOf } from '../fields.js';
import type { Stage, Unit } from '../stage.js';
import { bytes } from '../values.js';
import * as accounts from './accounts.js';

/** An account that a check is about. */
export interface Subject {
  /** How it is called in the report. */
  readonly label: string;
  readonly address: Address;
  /** What its amounts are of. */
  readonly unit: Unit;
  /** Its fields, in the order in which they are told. */
  readonly fields: ReadonlyMap<string, accounts.Field>;
}

/** The keys that name an account. */
const KEYS = ['session', 'member', 'invitation', 'property', 'function', 'allowance', 'grant'] as const;

/** The account that a check names, if it names one. */
export async function subjectOf(f: Fields, stage: Stage): Promise<Subject | undefined> {
  const key = KEYS.find((name) => f.first([name]) !== undefined);
  if (key === undefined) return undefined;
  const sol = stage.unit('SOL');
  if (key === 'session') {
    const label = f.text(key);
    return { label, address: stage.session(label).address, unit: sol, fields: accounts.SESSION };
  }
  const [name = '', whose = '', of = 'SOL'] = listOf(key, f.get(key)).map((one) => textOf(key, one));
  const session = stage.session(name).address;
  const found = (address: Address, fields: Subject['fields'], kind: string = key): Subject => ({
    label: `${name} ${kind} ${whose}`,
    address,
    unit: sol,
    fields,
  });
  switch (key) {
    case 'property':
      return found(await s.propertyAddress(session, bytes(whose)), accounts.PROPERTY);
    case 'function': {
      const { program, selector } = stage.function(whose);
      return found(await s.functionAddress(session, program, selector), accounts.FUNCTION);
    }
    case 'grant':
      return found(await s.grantAddress(session, stage.session(whose).address), accounts.GRANT);
    case 'invitation': {
      const token = stage.cast.find(whose, 'invite token')?.signer.address;
      return token === undefined
        ? found(await s.invitationAddress(session, await stage.address(whose)), accounts.INVITATION)
        : found(await s.inviteTokenAddress(session, token), accounts.TOKEN, 'token');
    }
    case 'allowance': {
      const unit = stage.unit(of);
      const member = await s.memberAddress(session, await stage.address(whose));
      const address = await s.allowanceAddress(member, unit.tokens?.mint ?? null);
      return { ...found(address, accounts.ALLOWANCE), label: `${name} ${key} ${whose} ${unit.name}`, unit };
    }
    case 'member':
      return found(await s.memberAddress(session, await stage.address(whose)), accounts.MEMBER);
  }
}
