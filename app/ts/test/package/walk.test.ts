/** The commands of the README, as a newcomer types them, in a copy of this folder in which nothing is installed or built yet. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const REPOSITORY = join(PACKAGE, '../..');
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const { scripts, peerDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

/** What is made here, and not found in a repository that was just cloned. */
const MADE = new Set(['node_modules', 'dist', 'docs', 'program']);

/** A command, and what it says by the README; nothing if that is not shown. */
interface Command {
  readonly line: string;
  readonly says: string;
}

const commands = (block: string): readonly Command[] =>
  block
    .split(/^(?!#)/m)
    .map((text) => text.split('\n'))
    .map(([line = '', ...says]) => ({ line, says: says.map((text) => text.replace(/^# ?/, '')).join('\n') }))
    .filter(({ line }) => line !== '');

const blocks = [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => commands(block));
const linesOf = (block: readonly Command[] | undefined) => block?.map(({ line }) => line);

const EXAMPLE = 'node examples/open.mjs';
const SAID = 'InvitationAccepted, MemberJoined, MessageBroadcast\nClosing\n';

let folder = '';
let copy = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sessions-walk-'));
  copy = join(folder, basename(REPOSITORY), 'app/ts');
  const isMade = (path: string) => dirname(path) === PACKAGE.replace(/\/$/, '') && MADE.has(basename(path));
  cpSync(PACKAGE, copy, { recursive: true, filter: (path) => !isMade(path) && !path.endsWith('.tgz') });
  symlinkSync(join(REPOSITORY, 'programs'), join(copy, '../../programs'));
  symlinkSync(join(REPOSITORY, 'app/wasm'), join(copy, '../wasm'));
  mkdirSync(join(folder, 'my-project'));
  writeFileSync(join(folder, 'my-project/package.json'), '{ "private": true }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const type = (line: string, cwd = copy): string => {
  const npm = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  return execFileSync('sh', ['-c', line], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...npm },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

test('the walk of the README comes to where it says', () => {
  expect(linesOf(blocks[0])).toEqual(['cargo run --locked --ignore-rust-version -p sessions-cli -- localnet']);
  expect(linesOf(blocks[1])).toEqual(['npm ci', 'npm run build', EXAMPLE]);
  expect(linesOf(blocks[2])).toEqual([
    'npm pack',
    expect.stringMatching(/^npm --prefix \.\.\/\.\.\/\.\.\/my-project /),
  ]);
  // The tests started the validator, on a port of its own.
  const here = (line: string) => (line === EXAMPLE ? `${line} ${inject('rpcUrl')}` : line);
  for (const { line, says } of [...(blocks[1] ?? []), ...(blocks[2] ?? [])]) {
    const said = type(here(line));
    if (line === EXAMPLE) expect([says, said]).toEqual([SAID, SAID]);
    else expect(says.trim(), `${line} is shown without what it says`).toBe('');
  }
  const project = join(folder, 'my-project');
  const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(Object.keys(dependencies).sort()).toEqual(['@sessions/client', '@solana/kit']);
  const kit = join(project, 'node_modules/@solana/kit/package.json');
  expect(JSON.parse(readFileSync(kit, 'utf8'))).toMatchObject({ version: peerDependencies['@solana/kit'] });
  cpSync(join(PACKAGE, 'examples/open.mjs'), join(project, 'open.mjs'));
  expect(type(`node open.mjs ${inject('rpcUrl')}`, project)).toBe(SAID);
});

test('the page is shown by a script that serves the folder with the page', () => {
  expect(linesOf(blocks[3])).toEqual(['npm ci', 'npm run example']);
  expect(blocks).toHaveLength(4);
  for (const name of ['example', 'example:build']) {
    const [, config = ''] = /^vite (?:build )?--config (\S+)$/.exec(scripts[name] ?? '') ?? [];
    expect(existsSync(join(PACKAGE, config)), `${name}: ${scripts[name]}`).toBe(true);
  }
});

test('every script that the README names is there, and every script that is there is named, or part of another', () => {
  const named = new Set(
    [...README.matchAll(/npm (?:run )?((?:test|[a-z]+)(?::[a-z]+)?)/g)].map(([, name = '']) => name),
  );
  const npm = new Set(['ci', 'pack', 'install']);
  const unknown = [...named].filter((name) => !npm.has(name) && scripts[name] === undefined);
  expect(unknown).toEqual([]);
  const parts = Object.values(scripts).join('\n');
  const untold = Object.keys(scripts).filter((name) => !named.has(name) && !parts.includes(name) && name !== 'prepack');
  expect(untold).toEqual([]);
  expect(scripts.prepack, 'what is packed is what was built').toBe('npm run build');
});
