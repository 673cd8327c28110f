/** The example page in Chromium: what its visitors see, and what is on the chain then. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Address, address, getBase58Decoder, getBase64Decoder } from '@solana/kit';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import * as s from '../../src/index.js';
import { launch } from './chromium.js';
import { takePicture } from './picture.js';
import { builtSite, developmentSite, type Site } from './site.js';
import { Visit } from './visit.js';

const url = inject('rpcUrl');
const webSocket = inject('webSocketUrl');
const ledger = s.Rpc.connect(url, webSocket === '' ? {} : { webSocket });

let browser: Browser;
let site: Site;
const visits: Visit[] = [];

beforeAll(async () => {
  browser = await launch();
  site = await builtSite();
});

afterEach(async () => {
  for (const visit of visits.splice(0)) await visit.leave();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function come(to = site.url): Promise<Visit> {
  const visit = await Visit.to(browser, to);
  visits.push(visit);
  return visit;
}

/** A visitor who has opened a session, and the session's address. */
async function host(): Promise<readonly [Visit, Address]> {
  const visit = await come();
  await visit.begin('Open a session', url, webSocket);
  await visit.sees('Active');
  return [visit, address((await visit.page.locator('#address').textContent()) ?? '')];
}

/** The messages of a session, as the chain has them. */
async function messagesOf(session: Address): Promise<readonly string[]> {
  const history = await ledger.history(session, { limit: 100 });
  const receipts = await Promise.all(history.map(({ signature }) => ledger.receipt(signature)));
  const messages = receipts.reverse().flatMap((receipt) => receipt?.events.filter(s.isMessage) ?? []);
  expect(await new s.MessageChain(session).follow(messages)).toBeNull();
  return messages.map(({ message }) => new TextDecoder().decode(message));
}

const read = async (session: Address) => s.readSession(await s.readOne(ledger, session));

const newest = (number: number) => `The newest is number ${number}; all are there, and as they were sent.`;

describe('a session from its opening to its close', () => {
  test('by two throwaway wallets in profiles of their own', async () => {
    const [gm, session] = await host();
    expect(await gm.page.locator(':focus').textContent()).toBe('The session');
    expect(await read(session)).toMatchObject({ status: s.Status.Active, members: 1 });

    const link = await gm.invites();
    await gm.press('Copy');
    expect(await gm.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    expect(await gm.page.getByRole('link', { name: 'Open in a tab' }).getAttribute('href')).toBe(link);

    const zoe = await come(link);
    await zoe.sees(session);
    const given = await zoe.page
      .getByRole('textbox')
      .evaluateAll((fields) =>
        fields.map((field) => (field instanceof HTMLInputElement && field.checkVisibility() ? field.value : '')),
      );
    expect(given).toEqual([s.Rpc.connect(url).url, webSocket]);
    await zoe.press('Join the session');
    for (const { page } of [gm, zoe]) {
      await page.getByRole('heading', { name: 'Members, 2 of 4' }).waitFor();
      expect(await page.getByRole('listitem').locator('.role').allInnerTexts()).toEqual(['Owner', 'Member']);
    }
    expect(zoe.page.url()).toBe(site.url);
    expect(await read(session)).toMatchObject({ status: s.Status.Active, members: 2 });

    await zoe.says('Shall we begin?');
    await gm.sees('Shall we begin?');
    await gm.says('After you.');
    for (const { page } of [gm, zoe]) await page.getByText(newest(2)).waitFor();
    if (process.env.PICTURE !== undefined) await takePicture(gm.page);

    const attack = '<img src="x" onerror="alert(1)">';
    await zoe.says(attack);
    const said = ['Shall we begin?', 'After you.', attack];
    for (const visit of [gm, zoe]) {
      await visit.sees(newest(3));
      expect(await visit.messages()).toEqual(said);
      expect(await visit.page.locator('img').count()).toBe(0);
    }
    expect(await messagesOf(session)).toEqual(said);

    expect(await zoe.page.getByRole('button', { name: 'Close the session' }).count()).toBe(0);
    await gm.press('Close the session');
    for (const visit of [gm, zoe]) {
      await visit.sees('Closed');
      for (const name of ['Send', 'Make an invite link'])
        for (const button of await visit.page.getByRole('button', { name }).all())
          expect(await button.isDisabled()).toBe(true);
    }
    expect(await read(session)).toMatchObject({
      status: s.Status.Closed,
      closeReason: s.CloseReason.Completed,
      members: 2,
      messageSequence: 3n,
    });

    const text = new URLSearchParams(new URL(link).hash.slice(1)).get('invite') ?? '';
    const secret = text.slice(text.indexOf('#') + 1);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const bytes = Uint8Array.from(Buffer.from(secret, 'hex'));
    for (const { sent, complaints } of [gm, zoe]) {
      for (const form of [secret, getBase58Decoder().decode(bytes), getBase64Decoder().decode(bytes)])
        expect(sent.filter((what) => what.includes(form))).toEqual([]);
      expect(sent.some((what) => what.includes('sendTransaction'))).toBe(true);
      expect(complaints).toEqual([]);
    }
  });

  test('begins on the development server, too', async () => {
    const development = await developmentSite();
    try {
      const visit = await come(development.url);
      await visit.begin('Open a session', url, webSocket);
      await visit.sees('Active');
      expect(visit.complaints).toEqual([]);
    } finally {
      await development.close();
    }
  });
});

describe('what goes wrong is told in a sentence', () => {
  /** A port where nothing listens: one that was free just now. */
  async function silentPort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }

  test('no node, and then one', async () => {
    const visit = await come();
    const nowhere = `http://127.0.0.1:${await silentPort()}`;
    await visit.begin('Open a session', nowhere, webSocket);
    expect(await visit.error()).toBe(
      `no node answers at ${nowhere} (Failed to fetch); check the URL and the network, or start a node there`,
    );
    expect(visit.complaints).toEqual(['Failed to load resource: net::ERR_CONNECTION_REFUSED']);
    await visit.begin('Open a session', url, webSocket);
    await visit.sees('Active');
    expect(await visit.page.getByRole('alert').count()).toBe(0);
  });

  test('no URL of a node', async () => {
    const visit = await come();
    await visit.begin('Open a session', 'localhost', webSocket);
    expect(await visit.error()).toBe(
      new s.LedgerError('WrongUrl', { url: 'localhost', reason: 'it cannot be read' }).message,
    );
  });

  test('no web socket', async () => {
    const visit = await come();
    const nowhere = `ws://127.0.0.1:${await silentPort()}`;
    const hint = 'say where the node has it, below the node';
    await visit.begin('Open a session', url, nowhere);
    expect(await visit.error()).toBe(`no web socket answers at ${nowhere}; ${hint}`);
    await visit.begin('Open a session', url, `${nowhere}/?key=s3cret`);
    await visit.sees(`no web socket answers at ${nowhere}/…; ${hint}`);
  });

  test('what a node says is shown as text', async () => {
    const reason = '<b>no</b><img src="x" onerror="alert(1)">';
    const server = createServer((_, response) => {
      const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: '0', error: { code: -32_000, message: reason } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const visit = await come();
      await visit.begin('Open a session', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, webSocket);
      expect(await visit.error()).toContain(reason);
      expect(await visit.page.locator('[role=alert] *').count()).toBe(0);
      expect(visit.complaints).toEqual([]);
    } finally {
      server.close();
    }
  });

  test('a damaged link', async () => {
    const visit = await come(`${site.url}#invite=sessions%3Ajoin%2Fdamaged`);
    expect(await visit.error()).toBe(
      'this is no link to a session, or a damaged one; paste all of what the inviter gave',
    );
    await visit.page.getByRole('button', { name: 'Open a session' }).waitFor();
  });

  test('a link that was used', async () => {
    const [gm] = await host();
    const link = await gm.invites();
    const zoe = await come(link);
    await zoe.press('Join the session');
    await zoe.sees('Active');
    const mallory = await come(link);
    await mallory.press('Join the session');
    expect(await mallory.error()).toBe(s.errorMessage('InvitationExhausted'));
  });

  test('a message that is too long, which stays to be shortened', async () => {
    const [gm, session] = await host();
    const long = 'ä'.repeat(s.MAX_MESSAGE / 2 + 1);
    await gm.writes(long);
    expect(await gm.error()).toBe(s.errorMessage('ValueTooLong'));
    expect(await gm.page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe(long);
    expect(await messagesOf(session)).toEqual([]);
  });

  test('no Chromium', async () => {
    await expect(launch('/nowhere/chromium')).rejects.toThrow(
      'there is no Chromium at /nowhere/chromium; install it with `apt-get install chromium`, or name one in CHROMIUM',
    );
  });
});

test('a link that is opened in a tab with a session does not end it', async () => {
  const [gm] = await host();
  const link = await gm.invites();
  await gm.page.goto(link);
  expect(await gm.error()).toBe('this tab is in a session; open the link in another tab');
  await gm.sees('Active');
});

test('a link does not name a node whose URL may have a key in it, and whoever is invited does', async () => {
  const gm = await come();
  await gm.begin('Open a session', `${url}/?key=s3cret`, webSocket);
  await gm.sees('Active');
  const link = await gm.invites();
  expect(link).not.toMatch(/s3cret|node=|socket=/);
  await gm.page.getByText('It does not name your node').waitFor();
  const zoe = await come(link);
  expect(await zoe.page.getByLabel('Node', { exact: true }).inputValue()).toBe('');
  await zoe.begin('Join the session', url, webSocket);
  await zoe.sees('Active');
});

test('a link that is opened in a tab without a session is read', async () => {
  const [gm, session] = await host();
  const visit = await come();
  await visit.page.goto(await gm.invites());
  await visit.sees(session);
});

test("the page's policy lets nothing be inserted as HTML", async () => {
  const { page } = await come();
  const inserting = page.evaluate(() => {
    document.body.innerHTML = '<b>inserted</b>';
  });
  await expect(inserting).rejects.toThrow('TrustedHTML');
  expect(await page.locator('b').count()).toBe(0);
});
