/** The optimistic cache on the embedded ledger: the real program, and a ledger that fails and whose time passes when it is told to. */
import { describe, expect, test } from 'vitest';
import { lossOf, SessionCache, type Stage } from '../../../src/cache/index.js';
import * as s from '../../../src/index.js';
import { after, eventually, Room, seen } from '../../help/room.js';
import { stories } from '../../suite/cache/story.js';

stories(() => Room.open());

describe('what becomes of an operation', () => {
  test('that can land no more is signed anew, and in the end expires', async () => {
    const room = await Room.open();
    const cache = await room.cache();
    room.ledger.swallows = true;
    const pending = await cache.submit(room.say('hello'));
    const stages: Stage['name'][] = [];
    for await (const { name } of pending) {
      stages.push(name);
      // Blocks go by, more than a blockhash is good for.
      if (name === 'sent') room.ledger.inner.advance(120);
    }
    expect(stages.filter((name) => name === 'sent')).toHaveLength(3);
    expect(stages.at(-1)).toBe('expired');
    expect(lossOf(pending.stage)).toMatchObject({
      name: 'NotDone',
      message: expect.stringContaining('submit it again'),
    });
    const blockhashes = new Set(room.ledger.submits.map((sent) => s.blockhashOf(sent)));
    expect(blockhashes.size).toBe(3);
    expect(seen(cache, room.session).messageSequence).toBe(0n);
    expect((await room.held()).messageSequence).toBe(0n);
    expect(cache.statistics()).toMatchObject({ submitted: 1, expired: 1, confirmed: 0 });
  });

  test('is not told by a node that is behind: what it does not know may have landed', async () => {
    const room = await Room.open();
    const cache = await room.cache();
    room.ledger.behind = true;
    const pending = await cache.submit(room.say('hello'));
    while ((await room.held()).messageSequence === 0n) await after(2);
    room.ledger.inner.advance(120);
    await eventually(() => room.ledger.submits.length >= 3);
    expect(pending.stage.name).toBe('sent');
    room.ledger.behind = false;
    expect((await pending.done).name).toBe('finalized');
    expect((await room.held()).messageSequence).toBe(1n);
  });
});

describe('what cannot be opened', () => {
  test('says which option is wrong', async () => {
    const room = await Room.open();
    const { ledger, wallet: payer } = room;
    await expect(SessionCache.open(ledger, { payer, limits: { sessions: 0 } })).rejects.toMatchObject({
      name: 'WrongOption',
      message: 'the option limits.sessions is 0; give a whole number from 1 to 65,536',
    });
    await expect(SessionCache.open(ledger, { payer, poll: 0 })).rejects.toMatchObject({ name: 'WrongOption' });
    const module = new TextEncoder().encode('no module');
    await expect(SessionCache.open(ledger, { payer, module })).rejects.toMatchObject({ name: 'WrongModule' });
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    await expect(SessionCache.open(ledger, { payer, module: empty })).rejects.toThrow('sessions_open');
  });
});
