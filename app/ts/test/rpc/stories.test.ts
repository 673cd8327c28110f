/** What the cache promises, over JSON-RPC: the same stories that are told on the ledger in the process. */
import { describe, inject } from 'vitest';
import { Rpc } from '../../src/index.js';
import { type Pace, Room } from '../help/room.js';
import { Wrapped } from '../help/wrapped.js';
import { bounds } from '../suite/cache/bounds.js';
import { journals } from '../suite/cache/journal.js';
import { stories } from '../suite/cache/story.js';

/** That of a local validator whose slots take 50 milliseconds. */
const PACE: Pace = { poll: 40, rebroadcast: 400, calm: 300 };

describe('over JSON-RPC', () => {
  const webSocket = inject('webSocketUrl');
  const ledger = Rpc.connect(inject('rpcUrl'), webSocket === '' ? {} : { webSocket });
  const open = () => Room.on(new Wrapped(ledger), PACE);
  stories(open);
  bounds(open);
  journals(open);
});
