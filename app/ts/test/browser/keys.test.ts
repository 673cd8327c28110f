/** Session keys in Chromium: made, kept in its storage, found after a reload, replaced, and read out by nobody. */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as s from '../../src/index.js';
import { launch } from './chromium.js';
import type { Kind, Opening, Page } from './keys/page.js';
import { ledger, openedSession } from './session.js';
import { builtSite, type Site } from './site.js';

declare const underTest: Page;

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let browser: Browser;
let site: Site;
let context: BrowserContext;
let opening: Omit<Opening, 'kind'>;

beforeAll(async () => {
  browser = await launch();
  site = await builtSite({
    configFile: false,
    logLevel: 'error',
    root: at('keys'),
    resolve: { alias: [{ find: '@sessions/client', replacement: at('../../src/index.ts') }] },
    build: { target: 'es2023' },
  });
});

beforeEach(async () => {
  context = await browser.newContext();
  opening = await openedSession();
});

afterEach(() => context?.close());

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const messages = async () => s.readSession(await s.readOne(ledger, opening.session)).messageSequence;

/** Opens the page in a tab, or once more in one that was reloaded. */
async function open(tab: Tab, kind: Kind): Promise<Tab> {
  await tab.evaluate((opening) => underTest.open(opening), { ...opening, kind });
  return tab;
}

async function come(kind: Kind, profile = context): Promise<Tab> {
  const tab = await profile.newPage();
  await tab.goto(site.url);
  return open(tab, kind);
}

describe.each<Kind>(['IndexedDB', 'localStorage'])('a session key in %s', (kind) => {
  test('acts for its member, also after a reload, and until it is replaced', async () => {
    const tab = await come(kind);
    expect(await tab.evaluate(() => underTest.find())).toBeNull();
    const key = await tab.evaluate(() => underTest.create());
    await tab.evaluate(() => underTest.say('before'));
    await tab.reload();
    await open(tab, kind);
    expect(await tab.evaluate(() => underTest.find())).toBe(key);
    await tab.evaluate(() => underTest.say('behind'));
    expect(await messages()).toBe(2n);

    const { key: next, former } = await tab.evaluate(() => underTest.rotate());
    expect(next).not.toBe(key);
    expect(former, 'the program knows it no more').toBe('PermissionDenied');
    await tab.reload();
    await open(tab, kind);
    expect(await tab.evaluate(() => underTest.find())).toBe(next);
    expect(await tab.evaluate((key) => underTest.keeps(key), key), 'nor does the browser').toBe(false);
    await tab.evaluate(() => underTest.say('by the next'));
    expect(await messages()).toBe(3n);
  });

  test('is of its browser profile, in all tabs of it', async () => {
    const key = await (await come(kind)).evaluate(() => underTest.create());
    const other = await come(kind);
    expect(await other.evaluate(() => underTest.find())).toBe(key);
    await other.evaluate(() => underTest.say('from another tab'));
    expect(await messages()).toBe(1n);
    const elsewhere = await browser.newContext();
    const stranger = await come(kind, elsewhere);
    expect(await stranger.evaluate(() => underTest.find())).toBeNull();
    await elsewhere.close();
  });

  test('cannot be read out of the object, also after a reload', async () => {
    const tab = await come(kind);
    const key = await tab.evaluate(() => underTest.create());
    const told = 'not extractable, InvalidAccessError';
    expect(await tab.evaluate((key) => underTest.readOut(key), key)).toBe(told);
    await tab.reload();
    await open(tab, kind);
    expect(await tab.evaluate((key) => underTest.readOut(key), key)).toBe(told);
    // What is kept as text is there for every script, and nothing else is.
    const texts = kind === 'localStorage' ? [`sessions:key:${key}`] : [];
    expect(await tab.evaluate(() => underTest.texts())).toEqual(texts);
  });
});
