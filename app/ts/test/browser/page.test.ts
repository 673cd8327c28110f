/** The example page as it is built, in Chromium: what people see, and what is on the chain then. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { address, getBase58Decoder, getBase64Decoder } from '@solana/kit';
import type { Browser } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import * as s from '../../src/index.js';
import { launch } from './chromium.js';
import { type Visit, visit } from './visit.js';

const url = inject('rpcUrl');
const webSocket = inject('webSocketUrl');
const ledger = s.Rpc.connect(url, webSocket === '' ? {} : { webSocket });
const configFile = fileURLToPath(new URL('../../examples/page/vite.config.ts', import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), 'sessions-page-'));

let browser: Browser;
let server: PreviewServer;
let site = '';
let visits: Visit[] = [];

beforeAll(async () => {
  browser = await launch();
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  server = await preview({ configFile, logLevel: 'error', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  site = server.resolvedUrls?.local[0] ?? '';
});

afterEach(async () => {
  for (const { leave } of visits) await leave();
  visits = [];
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(outDir, { recursive: true, force: true });
});

async function come(to = site): Promise<Visit> {
  const visitor = await visit(browser, to);
  visits.push(visitor);
  return visitor;
}

test('two throwaway wallets', async () => {
  const host = await come();
  await host.page.getByLabel('Node', {exact: true}).fill(url);
  await host.page.getByText('somewhere else').click();
  await host.page.getByLabel('Web socket', {exact: true}).fill(webSocket);
  await host.page.getByRole('button', { name: 'Open a session' }).click();
  await host.page.getByRole('heading', { name: 'The session' }).waitFor();
  await host.page.getByRole('button', { name: 'Make an invite link' }).click();
  await host.page.getByLabel('Link, for one wallet').waitFor();
  const link = await host.page.getByLabel('Link, for one wallet').inputValue();
  console.log(link);
  await host.page.getByRole('textbox', { name: 'Message' }).fill('Hello');
  await host.page.getByRole('button', { name: 'Send' }).click();
  await host.page.getByText('All 1 are there').waitFor();
  console.log(await host.page.locator('body').ariaSnapshot());
  const guest = await come(await host.page.getByLabel('Link, for one wallet').inputValue());
  await guest.page.screenshot({ path: '/tmp/guest0.png', fullPage: true });
  await guest.page.getByRole('button', { name: 'Join the session' }).click();
  await guest.page.getByText('All 1 are there').waitFor();
  await guest.page.getByRole('textbox', { name: 'Message' }).fill('<img src=x onerror="alert(1)">');
  await guest.page.getByRole('button', { name: 'Send' }).click();
  await host.page.getByText('All 2 are there').waitFor();
  await host.page.screenshot({ path: '/tmp/host.png', fullPage: true });
  await guest.page.screenshot({ path: '/tmp/guest.png', fullPage: true });
  await host.page.getByRole('button', { name: 'Close' }).click();
  await guest.page.getByText('Closed', {exact:true}).waitFor();
  await host.page.screenshot({ path: '/tmp/host2.png', fullPage: true });
  console.log(host.complaints, guest.complaints, host.sent.slice(0,20));
});
