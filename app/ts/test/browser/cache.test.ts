/** The cache in Chromium: the module as a browser compiles it, the journal in its IndexedDB under its locks, and a page that is left in the middle. */
import { fileURLToPath } from 'node:url';
import type { Address } from '@solana/kit';
import type { Browser, BrowserContext, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as s from '../../src/index.js';
import type { Opening, Page } from './cache/page.js';
import { launch } from './chromium.js';
import { ledger, openedSession } from './session.js';
import { builtSite, type Site } from './site.js';

declare const underTest: Page;

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let browser: Browser;
let site: Site;
let context: BrowserContext;
let opening: Opening;

beforeAll(async () => {
  browser = await launch();
  const alias = [
    { find: '@sessions/client/cache', replacement: at('../../src/cache/index.ts') },
    { find: '@sessions/client', replacement: at('../../src/index.ts') },
  ];
  site = await builtSite({
    configFile: false,
    logLevel: 'error',
    root: at('cache'),
    resolve: { alias },
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

/** A tab with the page. */
async function tab(): Promise<Tab> {
  const tab = await context.newPage();
  await tab.goto(site.url);
  return tab;
}

const open = (tab: Tab) => tab.evaluate((opening) => underTest.open(opening), opening);

const messagesOf = async (session: Address) => s.readSession(await s.readOne(ledger, session)).messageSequence;

/** Which transactions a tab hands over, by their first signatures; and whether those arrive. */
async function handedOver(tab: Tab, arrive: boolean): Promise<string[]> {
  const handed: string[] = [];
  await tab.route(`${opening.url}/**`, async (route) => {
    const { method, params } = route.request().postDataJSON() as { method: string; params: readonly string[] };
    if (method !== 'sendTransaction') return route.continue();
    handed.push(params[0] ?? '');
    return arrive ? route.continue() : route.abort('connectionreset');
  });
  return handed;
}

test('what is submitted is seen at once, and is then what the chain has', async () => {
  const page = await tab();
  expect(await open(page)).toBe(0);
  expect(await page.evaluate(() => underTest.see())).toMatchObject({ messages: '0' });
  const id = await page.evaluate(() => underTest.say('Shall we begin?'));
  expect(await page.evaluate(() => underTest.see())).toEqual({ messages: '1', level: 'predicted' });
  expect(await page.evaluate((id) => underTest.until(id, 'confirmed'), id)).toMatch(/^(confirmed|finalized)$/);
  expect(await page.evaluate(() => underTest.see())).toMatchObject({ messages: '1' });
  expect(await messagesOf(opening.session)).toBe(1n);
});

test('what was on its way when the page was left arrives after it, as the same transaction, and once', async () => {
  const page = await tab();
  expect(await open(page)).toBe(0);
  const lost = await handedOver(page, false);
  const id = await page.evaluate(() => underTest.say('Is anybody there?'));
  expect(await page.evaluate((id) => underTest.until(id, 'sent'), id)).toBe('sent');
  await expect.poll(() => lost.length).toBeGreaterThan(0);
  expect(await messagesOf(opening.session)).toBe(0n);
  await page.unrouteAll();
  await page.reload();
  const arrived = await handedOver(page, true);
  expect(await open(page), 'the journal has what was pending').toBe(1);
  await page.evaluate(() => underTest.quiet());
  expect(await messagesOf(opening.session)).toBe(1n);
  expect(new Set([...lost, ...arrived]).size, 'nothing was signed anew').toBe(1);
  expect(await page.evaluate(() => underTest.see())).toMatchObject({ messages: '1' });
});

test('two tabs do not use one journal', async () => {
  const [first, second] = [await tab(), await tab()];
  expect(await open(first)).toBe(0);
  await expect(open(second)).rejects.toThrow('JournalInUse');
  await first.close();
  await expect.poll(() => open(second).catch(() => 'still in use')).toBe(0);
});
