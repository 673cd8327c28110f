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
  // A local validator answers at confirmed with its newest state and an older slot (docs/localnet.md), so it is read at processed.
  const ledger = Rpc.connect(inject('rpcUrl'), { commitment: 'processed', ...(webSocket !== '' && { webSocket }) });
  const open = () => Room.on(new Wrapped(ledger), PACE);
  stories(open);
  bounds(open);
  journals(open);
});
