import { describe, inject } from 'vitest';
import { Rpc } from '../../src/index.js';
import { World } from '../help/world.js';
import { everything } from '../suite/index.js';

describe('over JSON-RPC', () => {
  const webSocket = inject('webSocketUrl');
  const ledger = Rpc.connect(inject('rpcUrl'), webSocket === '' ? {} : { webSocket });
  const pass = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));
  everything(new World({ ledger, pass }), 1);
});
