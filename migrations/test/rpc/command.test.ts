/** The command, as a user calls it, on a local validator over JSON-RPC, and beside `sessions deploy`. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { file, signer } from '../help/ledger.js';
import { at, Localnet, path, type Running, type Which } from '../help/localnet.js';

let net: Localnet;
beforeAll(async () => {
  net = await Localnet.start();
});
afterAll(() => net.stop());

/** What both commands say in JSON without doing anything, which is to be the same. */
async function bothTell(...options: readonly string[]): Promise<Record<string, unknown>> {
  const told = await net.told('npm', '--dry-run', ...options);
  expect(told).toEqual(await net.told('sessions', '--dry-run', ...options));
  expect(told.done).toBeNull();
  return told;
}

describe('both commands', () => {
  test('find the session program there already', async () => {
    const why = 'the cluster has no Program Metadata program';
    expect(await bothTell()).toMatchObject({ plan: 'nothing', transactions: 0, idl: { plan: 'skip', why } });
    expect(await bothTell('--no-idl')).toMatchObject({ plan: 'nothing', idl: null });
    for (const options of [[], ['--no-idl']]) {
      const ours = await net.deploy('npm', '--dry-run', ...options);
      expect(ours).toEqual(await net.deploy('sessions', '--dry-run', ...options));
      expect(ours.code).toBe(0);
    }
  });

  test('deploy, upgrade and give up the same program for the same price', async () => {
    const key = await net.key('program', 3);
    const { address } = await signer(3);
    const first = ['--program', path('arena'), '--program-id', key];
    const { spends_lamports: price, ...rest } = await bothTell(...first);
    expect(rest).toMatchObject({ plan: 'deploy', program: address, missing_chunks: null });
    expect(await net.told('npm', ...first)).toMatchObject({
      plan: 'deploy',
      spends_lamports: price,
      done: { written_chunks: 36, authority: net.wallet.address },
    });
    expect(await bothTell(...first)).toMatchObject({ plan: 'nothing' });

    const second = ['--program', path('rogue'), '--program-id', address];
    expect(await bothTell(...second)).toMatchObject({ plan: 'upgrade', transactions: 65 });
    const { code, out, err } = await net.deploy('npm', ...second, '--yes');
    expect([code, err.split('\n').filter((line) => line.startsWith('uploaded ')).length <= 10]).toEqual([0, true]);
    expect(err).toContain('upgrading the program\n');
    expect(out).toContain(`upgraded ${address} in slot `);
    expect(await bothTell(...second, '--final')).toMatchObject({ plan: 'finalize' });
    expect(await net.told('npm', ...second, '--final')).toMatchObject({ plan: 'finalize', done: { authority: null } });
    expect(await bothTell(...second, '--final')).toMatchObject({ plan: 'nothing' });
    const refused = await net.deploy('npm', ...first, '--yes');
    expect(refused).toEqual(await net.deploy('sessions', ...first, '--yes'));
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('error: Final: ')]);
  });
});

/** Waits until so much of the upload is told, and kills the command. */
async function killed({ child, ended }: Running): Promise<void> {
  if (child.stderr === null) throw new Error('nothing is told');
  for await (const line of createInterface({ input: child.stderr })) if (line.startsWith('uploaded ')) break;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const { code, err } = await ended;
  expect(code, `it was not done before: ${err}`).toBeNull();
}

/** What is missing once nothing more is on its way. */
async function missing(options: readonly string[]): Promise<number> {
  for (let before: unknown; ; ) {
    const { missing_chunks: now } = await net.told('npm', '--dry-run', ...options);
    if (now === before) break;
    before = now;
  }
  const { missing_chunks: left, plan } = await bothTell(...options);
  expect(plan).toBe('deploy');
  return left as number;
}

test.each([
  ['npm', 'sessions', 4],
  ['sessions', 'npm', 5],
] as const)('an upload that was killed in one goes on in the other: %s, %s', async (one: Which, other: Which, byte) => {
  const key = await net.key(`killed${byte}`, byte);
  const options = ['--program', path('sessions'), '--program-id', key];
  const { transactions } = await bothTell(...options);
  await killed(net.begin(one, [...options, '--yes']));
  const left = await missing(options);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan((transactions as number) - 2);
  expect(await net.told(other, ...options)).toMatchObject({
    plan: 'deploy',
    missing_chunks: left,
    done: { written_chunks: left, authority: net.wallet.address },
  });
  expect(await bothTell(...options)).toMatchObject({ plan: 'nothing' });
});

test('an upload that is stopped says so, and its buffer can be closed', async () => {
  const options = ['--program', path('sessions'), '--program-id', await net.key('stopped', 6)];
  const { child, ended } = net.begin('npm', [...options, '--yes']);
  if (child.stderr === null) throw new Error('nothing is told');
  for await (const line of createInterface({ input: child.stderr })) if (line.startsWith('uploaded ')) break;
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect([code, err]).toEqual([1, expect.stringMatching(/error: Interrupted: .*\n hint: run this again, .*\n$/)]);
  expect(await missing(options)).toBeGreaterThan(0);
  const { left_over_lamports: held } = await bothTell(...options);
  const closing = ['--close-buffer', '--program-id', (await signer(6)).address];
  expect(await net.told('npm', ...closing)).toMatchObject({ type: 'close_buffer', lamports: held });
  expect(await net.told('npm', ...closing)).toEqual(await net.told('sessions', ...closing));
});

describe('what cannot be used', () => {
  const cases: readonly (readonly [number, string, () => Promise<readonly string[]>])[] = [
    [2, 'ProgramUnreadable: ', async () => ['--program', 'no-such.so']],
    [2, 'InvalidArgument: "no-such.json" is neither', async () => ['--program-id', 'no-such.json']],
    [2, 'KeyFileNotFound: ', async () => ['--upgrade-authority', 'no-such.json']],
    [2, 'KeyFileNotFound: ', async () => ['--keypair', 'no-such.json']],
    [2, 'KeyFileInvalid: ', async () => ['--keypair', path('arena').replace('arena.so', 'manifest.json')]],
    [2, 'KeySourceUnsupported: ', async () => ['--keypair', 'usb://ledger']],
    [2, 'WrongAddress: ', async () => ['--program-id', await net.key('other', 7)]],
    [2, 'KeyMissing: ', async () => ['--program', path('arena'), '--program-id', (await signer(8)).address]],
    [
      2,
      'NotAProgram: ',
      async () => ['--program', path('arena'), '--program-id', 'SysvarC1ock11111111111111111111111111111111'],
    ],
    [
      2,
      'Length: a program can have from 35464',
      async () => ['--program', path('arena'), '--program-id', await net.key('short', 9), '--max-len', '1'],
    ],
    [
      2,
      'Funds: this takes ',
      async () => [
        '--program',
        path('arena'),
        '--program-id',
        await net.key('dear', 10),
        '--keypair',
        await net.key('poor', 11),
      ],
    ],
    [2, 'NotYours: ', async () => ['--program', path('rogue'), '--upgrade-authority', await net.key('stranger', 12)]],
    [2, 'WrongUrl: "devnt" is neither', async () => ['--url', 'devnt']],
    [2, 'Unasked: ', async () => ['--program', path('rogue'), '--no-idl']],
  ];

  test.each(cases)('%i %s', async (code, what, options) => {
    const given = await options();
    const ours = await net.deploy('npm', ...given);
    const lines = ours.err.split('\n');
    expect([ours.code, lines.length, lines[2], lines[0]], ours.err).toEqual([
      code,
      3,
      '',
      expect.stringContaining(what),
    ]);
    expect(lines[1]).toMatch(/^ hint: ./);
    const theirs = await net.deploy('sessions', ...given);
    expect(ours.code).toBe(theirs.code);
    // These two say more, or the same by another name.
    if (!/^(WrongUrl|ProgramUnreadable)/.test(what)) expect(ours.err).toBe(theirs.err);
  });

  test('a damaged program file, which costs nothing', async () => {
    const half = join(net.folder, 'half.so');
    writeFileSync(half, file('arena').subarray(0, 9_000));
    const { code, out, err } = await net.deploy('npm', '--program', half, '--program-id', await net.key('half', 13));
    expect([code, out, err.split('\n').length]).toEqual([2, '', 3]);
    expect(err).toContain('is damaged or no Solana program');
  });

  test('a cluster that is not there', async () => {
    const { code, out, err } = await net.deploy('npm', '--url', 'http://127.0.0.1:1');
    expect([code, out, err.split('\n').length]).toEqual([1, '', 3]);
    expect(err).toMatch(
      /^error: Unreachable: the cluster cannot be reached \(.*\)\n hint: check --url and the network, /,
    );
  });

  test('a program that cannot be built', async () => {
    const bin = join(net.folder, 'bin');
    mkdirSync(bin);
    const make = (path: string) =>
      net.plain(['--build', '--dry-run', '--url', net.url, '--keypair', wallet], { PATH: path });
    const wallet = join(net.folder, 'wallet.json');
    expect(await make(bin)).toMatchObject({
      code: 2,
      err: expect.stringContaining('error: BuildFailed: `make program` failed (spawn make ENOENT)\n hint: '),
    });
    writeFileSync(join(bin, 'make'), '#!/bin/sh\necho "building the $1"\nexit 3\n', { mode: 0o755 });
    expect(await make(`${bin}:${process.env.PATH}`)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^building the program\nerror: BuildFailed: `make program` failed \(3\)\n hint: /),
    });
  });

  test('options that do not go together, are not there, or say nothing', async () => {
    for (const options of [
      ['--close-buffer', '--dry-run'],
      ['--build', '--program', 'x.so'],
      ['--no-idl', '--idl', 'x.json'],
      ['--colour'],
      ['deploy'],
      ['--max-len', '-1'],
      ['--max-len'],
      ['--url'],
    ]) {
      const { code, out, err } = await net.deploy('npm', ...options);
      expect([code, out, err.split('\n').length], options.join(' ')).toEqual([2, '', 3]);
      expect(err).toMatch(/^error: InvalidArgument: ./);
    }
  });

  test('an IDL of another program, of none, or that is not there', async () => {
    const [none, other] = [join(net.folder, 'none.json'), join(net.folder, 'idl.json')];
    writeFileSync(none, '{}');
    writeFileSync(other, JSON.stringify({ address: net.wallet.address }));
    for (const [name, idl] of [
      ['IdlInvalid', none],
      ['IdlOfAnother', other],
      ['IdlUnreadable', 'no-such.json'],
    ] as const) {
      const { code, err } = await net.deploy('npm', '--idl', idl);
      expect([code, err]).toEqual([2, expect.stringContaining(`error: ${name}: `)]);
      const theirs = await net.deploy('sessions', '--idl', idl);
      expect(theirs.code).toBe(2);
      // The system's reason is worded by each in its own way.
      if (name !== 'IdlUnreadable') expect(err).toBe(theirs.err);
    }
  });

  test('is one line of JSON if JSON is asked for', async () => {
    const options = ['--json', '--program-id', 'no-such.json'];
    const { code, out, err } = await net.deploy('npm', ...options);
    const theirs = await net.deploy('sessions', ...options);
    expect([code, err, JSON.parse(out)]).toEqual([theirs.code, theirs.err, JSON.parse(theirs.out)]);
  });
});

test('a program that was built is the one that is deployed', async () => {
  const repository = net.elsewhere();
  const [bin, folder] = [join(net.folder, 'builds'), join(repository, 'target/deploy')];
  mkdirSync(bin);
  mkdirSync(folder, { recursive: true });
  // What was built before is not what is built now.
  copyFileSync(path('rogue'), join(folder, 'sessions.so'));
  const script = `#!/bin/sh\necho "building the $1"\ncp '${path('arena')}' target/deploy/sessions.so\n`;
  writeFileSync(join(bin, 'make'), script, { mode: 0o755 });
  const key = await net.key('built', 14);
  const { address } = await signer(14);
  const build = async (...options: readonly string[]) => {
    const where = ['--url', net.url, '--keypair', join(net.folder, 'wallet.json'), '--program-id', key];
    const all = ['--build', '--no-idl', '--json', ...options, ...where];
    const { code, out, err } = await net.from(repository, all, { PATH: `${bin}:${process.env.PATH}` });
    expect([code, err]).toEqual([0, 'building the program\n']);
    return JSON.parse(out) as Record<string, unknown>;
  };
  const sha256 = createHash('sha256').update(file('arena')).digest('hex');
  const told = { program: address, bytes: file('arena').length, sha256 };
  expect(await build('--dry-run')).toMatchObject({ plan: 'deploy', done: null, ...told });
  expect(await build('--yes')).toMatchObject({ plan: 'deploy', done: { authority: net.wallet.address }, ...told });
  expect(await bothTell('--program', path('arena'), '--program-id', address)).toMatchObject({ plan: 'nothing' });
});

test('README.md shows what the command says', async () => {
  const readme = readFileSync(at('migrations/README.md'), 'utf8');
  const [, console = ''] = /^```console\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const [install, dryRun, help, ...more] = console.split(/^\$ /m).slice(1);
  expect([install?.split(/ *#/)[0], help, more]).toEqual([
    'npm --prefix ../app/ts ci',
    'npm run --silent deploy -- --help\n',
    [],
  ]);
  const [command = '', ...lines] = dryRun?.split('\n') ?? [];
  const [, options = ''] = /^npm run --silent deploy -- (.*)$/.exec(command) ?? [];
  expect(options).toBe('--url localhost --dry-run');
  const keypair = ['--keypair', join(net.folder, 'wallet.json')];
  const here = options.replace('localhost', net.url).split(' ');
  const { code, out, err } = await net.npm(...here, ...keypair);
  // The node's port is the one thing that differs; what is behind the file's name changes with every program that is recorded.
  expect([code, err, out.replace(net.url.replace(/\/$/, ''), 'http://localhost:8899')]).toEqual([
    0,
    '',
    lines.join('\n'),
  ]);
  expect(await net.npm('--help')).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--dry-run') });
});

test('the configuration of the Solana command line says where and as whom', async () => {
  const home = join(net.folder, 'home');
  mkdirSync(join(home, '.config/solana/cli'), { recursive: true });
  const configure = (text: string) => writeFileSync(join(home, '.config/solana/cli/config.yml'), text);
  const ask = () => net.plain(['--dry-run', '--no-idl'], { HOME: home });
  configure(
    `---\njson_rpc_url: ${net.url}\nwebsocket_url: ''\nkeypair_path: ${net.folder}/wallet.json\naddress_labels:\n  "11111111111111111111111111111111": System\ncommitment: confirmed\n`,
  );
  const { code, out, err } = await ask();
  expect([code, err, out.split('\n')[0]]).toEqual([0, '', `  cluster    ${net.url}`]);
  configure('json_rpc_url: [');
  expect(await ask()).toMatchObject({ code: 2, err: expect.stringContaining('error: ConfigInvalid: ') });
});
