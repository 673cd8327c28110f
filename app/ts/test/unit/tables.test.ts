/** What this package says by name, against the IDL and the protocol page. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENTS } from '../../src/generated/eventTable.js';
import { fromHex } from '../../src/hex.js';
import * as s from '../../src/index.js';
import { IDL } from '../help/idl.js';

const PAGE = readFileSync(new URL('../../../../docs/protocol.md', import.meta.url), 'utf8');

/** The rows of the first table under a heading of the protocol page. */
function table(heading: string): readonly (readonly string[])[] {
  const from = PAGE.indexOf(`\n### ${heading}\n`);
  const lines = PAGE.slice(from + 1).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  return lines.slice(first + 2, first + length).map(cells);
}

const bits = (heading: string) => table(heading).map(([, value, name]) => [name, Number(value)]);
const bytes = (heading: string) => table(heading).map(([byte, name]) => [name, Number(byte)]);
const numbers = (values: object) => Object.entries(values).filter(([, value]) => typeof value === 'number');

describe('what this package says by name', () => {
  test('errors have the names, codes and messages of the IDL', () => {
    const errors = s.ERROR_NAMES.map((name) => new s.SessionsError(name));
    expect(errors.map(({ code, name, message }) => ({ code, name, msg: message }))).toEqual(IDL.errors);
    expect(errors).toHaveLength(49);
    expect(s.errorName(6_003)).toBe('PermissionDenied');
    expect(s.errorName(5_999)).toBeUndefined();
    expect(s.errorName(9_999)).toBeUndefined();
    expect(s.errorMessage('SessionKeyNotFound')).toBe('The member has no session key.');
  });

  test('events have the names and discriminators of the IDL', () => {
    const events = Object.entries(EVENTS).map(([name, [hex]]) => ({ name, discriminator: [...(fromHex(hex) ?? [])] }));
    expect(events).toEqual(IDL.events.map(({ name, discriminator }) => ({ name, discriminator })));
  });

  test('bits and bytes have the names and numbers of the protocol', () => {
    expect(s.ALL_PERMISSIONS.map((name) => [name, s.permissionBits([name])])).toEqual(bits('Permissions'));
    expect(s.ALL_SETTINGS.map((name) => [name, s.settingBits([name])])).toEqual(bits('Settings'));
    expect(s.ALL_ACCESS_RIGHTS.map((name) => [name, s.accessRightBits([name])])).toEqual(bits('AccessRights'));
    expect(numbers(s.Status)).toEqual(bytes('Status'));
    expect(numbers(s.Kind)).toEqual(bytes('Kind'));
    expect(numbers(s.Role)).toEqual(bytes('Role'));
    expect(numbers(s.CloseReason)).toEqual(bytes('Close reasons'));
    expect(numbers(s.MemberStatus).filter(([, byte]) => byte !== 0)).toEqual(bytes('MemberStatus'));
  });

  test('bits are read as sets, and sets written as bits', () => {
    expect(s.permissionsOf(0x1ff)).toEqual(new Set(s.ALL_PERMISSIONS));
    expect(s.permissionsOf(0x200)).toEqual(new Set());
    expect(s.settingsOf(s.settingBits(['INVITE_ONLY', 'AUTO_EXPIRE']))).toEqual(
      new Set(['AUTO_EXPIRE', 'INVITE_ONLY']),
    );
    expect(s.accessRightsOf(2)).toEqual(new Set(['WRITE']));
  });

  test('moments are dates where they are any', () => {
    expect(s.dateOf(0n)).toBeNull();
    expect(s.dateOf(s.NEVER)).toBeNull();
    const date = new Date('2026-01-01T00:00:00Z');
    expect(s.dateOf(1_767_225_600n)).toEqual(date);
    expect(s.secondsOf(date)).toBe(1_767_225_600n);
  });

  test('ids are hex digits or hashed text', async () => {
    const ten = new Uint8Array(32).fill(10);
    expect(await s.idFromText('0a'.repeat(32))).toEqual(ten);
    expect(await s.idFromText('0A'.repeat(32))).toEqual(ten);
    expect(await s.idFromText('0a'.repeat(31))).not.toEqual(ten);
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await s.idFromText('abc')).toEqual(fromHex(abc));
    await expect(s.sessionAddress(s.PROGRAM, new Uint8Array(31))).rejects.toThrow('32 bytes');
  });
});
