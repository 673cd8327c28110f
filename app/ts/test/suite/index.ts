/** Every instruction, on any ledger. */
import { expect, test } from 'vitest';
import { compared } from '../help/compare.js';
import { IDL } from '../help/idl.js';
import type { World } from '../help/world.js';
import { content } from './content.js';
import { lifecycle } from './lifecycle.js';
import { membership } from './membership.js';
import { nonce } from './nonce.js';
import { vault } from './vault.js';

/** Tells all stories on a world, and checks that no instruction was left out. What waits for long waits `patience` seconds. */
export function everything(world: World, patience: number): void {
  lifecycle(world);
  membership(world);
  content(world);
  vault(world);
  nonce(world, patience);

  test('every instruction of the program was built, compared with the IDL, and run', () => {
    expect([...compared()].sort()).toEqual(IDL.instructions.map(({ name }) => name).sort());
  });
}
