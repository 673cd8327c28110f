import { describe } from 'vitest';
import { Embedded } from '../../src/testing/index.js';
import { World } from '../help/world.js';
import { everything } from '../suite/index.js';

describe('on the embedded ledger', () => {
  const ledger = new Embedded();
  everything(new World({ ledger, pass: async (seconds) => ledger.advance(seconds) }));
});
