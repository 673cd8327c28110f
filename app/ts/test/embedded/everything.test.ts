import { describe } from 'vitest';
import { Embedded } from '../../src/testing/index.js';
import { World } from '../help/world.js';
import { everything } from '../suite/index.js';
import { nonceOfFailed } from '../suite/nonce.js';

describe('on the embedded ledger', () => {
  const ledger = new Embedded();
  const world = new World({ ledger, pass: async (seconds) => ledger.advance(seconds) });
  // Longer than any blockhash lasts.
  everything(world, 100);
  nonceOfFailed(world);
});
