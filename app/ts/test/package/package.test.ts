/** The package as its users get it: packed, installed, imported in both ways of resolving modules, run, and bundled; and what its README says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const { peerDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};

const run = (folder: string, command: string, ...options: readonly string[]) =>
  execFileSync(command, options, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What the README's snippets are about. */
const SETTING = `import type { Address, Instruction, TransactionSigner } from '@solana/kit';
import * as sessions from '@sessions/client';
declare const ledger: sessions.Ledger;
declare const wallet: TransactionSigner;
declare const key: TransactionSigner;
declare const session: Address;
declare const shop: Address;
declare const instructions: readonly Instruction[];
declare const standardWallet: sessions.StandardWallet;
declare const standardAccount: sessions.StandardAccount;
`;

const snippets = (language: string): readonly string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code ?? '');

/** A test of an application: it runs in the consumer, on the packed program. */
const APPLICATION = `import assert from 'node:assert/strict';
import { generateKeyPairSigner } from '@solana/kit';
import { openSession, readOne, readSession, send, sessionAddress, Status } from '@sessions/client';
import { getSessionDecoder } from '@sessions/client/generated';
import { SessionCache } from '@sessions/client/cache';
import { Embedded } from '@sessions/client/testing';

const ledger = new Embedded();
const creator = await generateKeyPairSigner();
await ledger.airdrop(creator.address, 1_000_000_000n);
await send(ledger, { payer: creator, instructions: [await openSession({ creator, id: 'night' })] });
const snapshot = await readOne(ledger, await sessionAddress(creator.address, 'night'));
assert.equal(readSession(snapshot).status, Status.Active);
assert.equal(getSessionDecoder().decode(snapshot.account.data).status, Status.Active);
const cache = await SessionCache.open(ledger, { payer: creator });
assert.equal((await cache.get(snapshot.address)).as(readSession).status, Status.Active);
assert.equal(await cache.close(), 0);
`;

/** A page that has the cache. */
const PAGE = `import { SessionCache } from '@sessions/client/cache';
globalThis.open = (ledger, payer) => SessionCache.open(ledger, { payer });
`;

let consumer = '';

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), 'sessions-consumer-'));
  const [{ filename }] = JSON.parse(
    run(PACKAGE, 'npm', 'pack', '--json', '--silent', '--pack-destination', consumer),
  ) as [{ filename: string }];
  const dependencies = { '@sessions/client': `file:${filename}`, ...peerDependencies };
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }),
  );
  run(consumer, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--silent');
  mkdirSync(join(consumer, 'src'));
  for (const [place, code] of snippets('ts').entries())
    writeFileSync(join(consumer, 'src', `snippet${place}.ts`), SETTING + code);
  writeFileSync(join(consumer, 'application.mjs'), APPLICATION);
  copyFileSync(join(PACKAGE, 'examples/open.mjs'), join(consumer, 'open.mjs'));
  writeFileSync(join(consumer, 'page.js'), PAGE);
}, 600_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

test.each([
  ['nodenext', 'NodeNext', 'NodeNext'],
  ['bundler', 'ESNext', 'Bundler'],
])("every snippet of the README compiles in a consumer's project, resolved by %s", (name, module, moduleResolution) => {
  const options = {
    target: 'ES2023',
    lib: ['ES2023', 'DOM'],
    module,
    moduleResolution,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const project = join(consumer, `tsconfig.${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: options, include: ['src'] }));
  expect(readdirSync(join(consumer, 'src')).length).toBeGreaterThan(9);
  expect(run(consumer, join(PACKAGE, 'node_modules/.bin/tsc'), '-p', project)).toBe('');
});

test('an application runs on what was installed', () => {
  expect(run(consumer, process.execPath, 'application.mjs')).toBe('');
});

test('the example runs on what was installed and a local validator', () => {
  const said = run(consumer, process.execPath, 'open.mjs', inject('rpcUrl'));
  expect(said).toBe('InvitationAccepted, MemberJoined, MessageBroadcast\nClosing\n');
});

test('the example says what to do where no node is', () => {
  const nowhere = 'http://127.0.0.1:1';
  const { status, stderr } = spawnSync(process.execPath, ['open.mjs', nowhere], { cwd: consumer, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain(`no node answers at ${nowhere}`);
  expect(stderr).toContain('start a node there');
});

test('a bundler finds the module of the cache by itself', async () => {
  const built = await build({
    root: consumer,
    logLevel: 'error',
    build: { write: false, rollupOptions: { input: join(consumer, 'page.js') } },
  });
  const files = 'output' in built ? built.output : [];
  const module = files.find(({ fileName }) => fileName.endsWith('.wasm'));
  if (module?.type !== 'asset') throw new Error(files.map(({ fileName }) => fileName).join());
  const committed = readFileSync(join(PACKAGE, '../wasm/artifact/sessions.wasm'));
  expect(Buffer.from(module.source).equals(committed)).toBe(true);
  const script = files.find(({ fileName }) => fileName.endsWith('.js'));
  expect(script?.type === 'chunk' && script.code.includes(module.fileName)).toBe(true);
});

test('applications do not get what only tests and builds need', () => {
  const installed = readdirSync(join(consumer, 'node_modules/@sessions/client'));
  expect(installed.sort()).toEqual(['README.md', 'dist', 'package.json', 'program']);
  expect(readdirSync(join(consumer, 'node_modules/@sessions/client/program')).sort()).toEqual([
    'sessions.so',
    'sessions.wasm',
  ]);
  const built = readdirSync(join(consumer, 'node_modules/@sessions/client/dist'), {
    recursive: true,
    encoding: 'utf8',
  });
  const nodeOnly = built.filter(
    (path) =>
      path.endsWith('.js') &&
      /from '(node:|litesvm)/.test(readFileSync(join(consumer, 'node_modules/@sessions/client/dist', path), 'utf8')),
  );
  expect(
    nodeOnly.every((path) => path.startsWith('testing')),
    nodeOnly.join(),
  ).toBe(true);
});

test('the README begins with the example as it stands', () => {
  const example = readFileSync(join(PACKAGE, 'examples/open.mjs'), 'utf8').replace(/^(\/\/.*\n)+\n*/, '');
  expect(snippets('js')).toEqual([example]);
  expect(example.split('\n').filter((line) => line !== '')).toHaveLength(20);
});

test('no snippet of the README is in a language that is not compiled', () => {
  const languages = [...README.matchAll(/^```(\S*)\n[\s\S]*?^```$/gm)].map(([, language]) => language);
  expect(new Set(languages)).toEqual(new Set(['js', 'ts', 'sh']));
});

test('all of it has at most 60 KB, minified and compressed, 150 KB with the module, and the README says how much', async () => {
  const { MOST, MOST_WITH_MODULE, sizes } = await import('../../scripts/size.mjs');
  const found = await sizes();
  const own = found['all of it, without kit'];
  const withModule = found['all of it, without kit, and the module of the cache'];
  const withKit = found['all of it, with kit'];
  expect([MOST, MOST_WITH_MODULE]).toEqual([60 * 1_024, 150 * 1_024]);
  expect(own).toBeLessThanOrEqual(MOST);
  expect(withModule).toBeLessThanOrEqual(MOST_WITH_MODULE);
  expect(withKit).toBeGreaterThan(own);
  const said = [...README.matchAll(/([\d.]+) KB (?:minified|with the module|with kit)/g)].map(([, size]) =>
    Number(size),
  );
  expect(said).toHaveLength(3);
  for (const [place, size] of [own, withModule, withKit].entries())
    expect(Math.abs((said[place] ?? 0) - size / 1_024)).toBeLessThan(1);
});
