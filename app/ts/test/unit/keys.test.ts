/** Links and stores of session keys. */
import type { Address } from '@solana/kit';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import * as s from '../../src/index.js';

const session = 'Vote111111111111111111111111111111111111111' as Address;

describe('links', () => {
  test('a link is read as it was written, and no other', async () => {
    const link = await s.createInviteLink(session, new Uint8Array(32).fill(7));
    expect(link.text).toBe(`sessions:join/${session}#${'07'.repeat(32)}`);
    const read = await s.parseInviteLink(` ${link.text}\n`);
    expect([read.session, read.token.address]).toEqual([session, link.token.address]);
    expect((await s.createInviteLink(session)).text).not.toBe(link.text);
    for (const text of [
      '',
      'sessions:join/',
      link.text.slice(1),
      link.text.slice(0, -1),
      `${link.text}0`,
      `${link.text}#`,
      link.text.replace('Vote', 'Vot0'),
    ]) {
      const thrown = await s.parseInviteLink(text).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(thrown, text).toBeInstanceOf(s.InvalidLink);
      expect(String(thrown)).not.toContain('0707');
    }
  });
});

function storage(): s.TextStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
  };
}

describe('stores of session keys', () => {
  test.each<[string, () => s.SessionKeyStore]>([
    ['memory', () => s.memoryKeyStore()],
    ['localStorage', () => s.localStorageKeyStore(storage())],
    ['IndexedDB', () => s.indexedDbKeyStore('sessions', new IDBFactory())],
  ])('%s keeps a key until it is removed', async (_, make) => {
    const store = make();
    const [key, other] = [await store.create(), await store.create()];
    const loaded = await store.load(key.address);
    expect(loaded?.address).toBe(key.address);
    const message = { content: Uint8Array.of(1), signatures: {} };
    expect(await loaded?.signMessages([message])).toEqual(await key.signMessages([message]));
    await store.remove(key.address);
    await store.remove(key.address);
    expect(await store.load(key.address)).toBeNull();
    expect((await store.load(other.address))?.address).toBe(other.address);
  });

  test('a text that was altered is no key', async () => {
    const kept = storage();
    const store = s.localStorageKeyStore(kept);
    const key = await store.create();
    kept.texts.set(`sessions:key:${key.address}`, '00'.repeat(32));
    expect(await store.load(key.address)).toBeNull();
    kept.texts.set(`sessions:key:${key.address}`, 'damaged');
    expect(await store.load(key.address)).toBeNull();
  });
});
