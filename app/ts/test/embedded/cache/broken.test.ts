/** A module that fails takes nothing else with it: who waits is told, nobody is followed any more, and the journal is let go. */
import type { Address } from '@solana/kit';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CacheOptions, indexedDbJournal, SessionCache } from '../../../src/cache/index.js';
import { type Request, requestCodec } from '../../../src/cache/wire/request.js';
import type { Snapshot } from '../../../src/index.js';
import { eventually, PATIENCE, Room } from '../../help/room.js';
import { pageLocks } from '../../help/store.js';
import { Wrapped } from '../../help/wrapped.js';

/** A ledger that counts the subscriptions that last. */
class Counting extends Wrapped {
  lasting = 0;

  override async *subscribe(
    address: Address,
    asking: { readonly signal: AbortSignal },
  ): AsyncGenerator<Snapshot, void> {
    this.lasting += 1;
    try {
      yield* super.subscribe(address, asking);
    } finally {
      this.lasting -= 1;
    }
  }
}

/** A module that fails at one request, and from then on at everything. */
class Module {
  #at: number | undefined;
  #isBroken = false;

  constructor() {
    const instantiate = WebAssembly.instantiate.bind(WebAssembly) as unknown as (
      module: WebAssembly.Module,
      imports: WebAssembly.Imports,
    ) => Promise<WebAssembly.Instance>;
    const made = async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
      const { exports } = await instantiate(module, imports);
      const { memory, sessions_call } = exports as {
        readonly memory: WebAssembly.Memory;
        sessions_call(handle: number, pointer: number, length: number): number;
      };
      const call = (handle: number, pointer: number, length: number) => {
        this.#isBroken ||= new Uint8Array(memory.buffer)[pointer] === this.#at;
        if (this.#isBroken) throw new WebAssembly.RuntimeError('unreachable');
        return sessions_call(handle, pointer, length);
      };
      return { exports: { ...exports, sessions_call: call } };
    };
    vi.spyOn(WebAssembly, 'instantiate').mockImplementation(made as unknown as typeof WebAssembly.instantiate);
  }

  /** Has it fail at the next request of this kind. */
  failsAt(request: Request): void {
    [this.#at] = requestCodec.encode(request);
  }
}

describe('a module that fails', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A room, and a cache on a module that can be broken, with how another is opened on its journal. */
  async function open(options: Partial<CacheOptions> = {}) {
    const [room, module] = [await Room.open((inner) => new Counting(inner)), new Module()];
    const { ledger } = room;
    if (!(ledger instanceof Counting)) throw new Error('another ledger');
    const [factory, locks] = [new IDBFactory(), pageLocks()];
    const journal = () => indexedDbJournal('journal', factory, locks);
    const short = { payer: room.wallet, poll: 4, rebroadcast: 20, price: { exactly: 0 } } as const;
    const cache = await SessionCache.open(ledger, { ...short, ...options, journal: journal() });
    vi.restoreAllMocks();
    ledger.swallows = true;
    const pending = await cache.submit(room.say('hello'));
    await pending.until('sent');
    /** Another cache goes on with the journal: what was pending happens. */
    const goOn = async () => {
      ledger.swallows = false;
      const other = await room.cache({ journal: journal() });
      expect((await other.operation(pending.id)?.done)?.name).toBe('finalized');
      expect(await other.close(PATIENCE)).toBe(0);
    };
    return { room, module, ledger, cache, pending, goOn };
  }

  const failed = { name: 'Closed', cause: { message: 'unreachable' } };

  test('while it is asked what is to be done ends the cache, and lets the journal go', async () => {
    const { room, module, ledger, cache, pending, goOn } = await open();
    await eventually(() => ledger.lasting > 0);
    const landing = expect(pending.landed()).rejects.toMatchObject(failed);
    module.failsAt({ ask: 'pollEffect' });
    cache.refresh(room.session);
    await landing;
    await eventually(() => ledger.lasting === 0);
    await expect(cache.submit(room.say('late'))).rejects.toMatchObject(failed);
    await expect(cache.close()).rejects.toMatchObject(failed);
    await expect(cache.close(), 'again').rejects.toMatchObject(failed);
    await goOn();
  });

  test('while the cache is closed is told, and lets the journal go', async () => {
    const { module, cache, goOn } = await open({ poll: 60_000 });
    module.failsAt({ ask: 'pending' });
    await expect(cache.close()).rejects.toMatchObject(failed);
    await goOn();
  });

  test('while something is taken back is told to whoever did', async () => {
    const { room, module, cache, goOn } = await open();
    const second = await cache.submit(room.say('second'));
    module.failsAt({ ask: 'pollEffect' });
    await expect(second.cancel()).rejects.toMatchObject(failed);
    await expect(cache.close()).rejects.toMatchObject(failed);
    await goOn();
  });
});
