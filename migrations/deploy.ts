/** Deploys or upgrades the session program, or does nothing: `npm run deploy -- --help`. The rules stand in docs/deployment.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LandOptions, PROGRAM, Rpc } from '@sessions/client';
import { Embedded } from '@sessions/client/testing';
import { HELP, type Options, parse } from './deploy/arguments.js';
import { settings } from './deploy/cluster.js';
import * as deployment from './deploy/deployment.js';
import { BROKEN, Failed, failedOf, interrupted } from './deploy/failed.js';
import type { Host } from './deploy/host.js';
import { type IdlFile, readIdl } from './deploy/idl.js';
import { readKeys } from './deploy/keys.js';
import type { Wanted } from './deploy/plan.js';
import { SILENT, shown } from './deploy/progress.js';
import { closedText, type Found, line, preview, told } from './deploy/report.js';
import { carryOut, findOut, writesIdl } from './deploy/together.js';
import type { Tools } from './deploy/upload.js';

const ARTIFACT = 'programs/sessions/artifact/sessions.so';
const BUILT = 'target/deploy/sessions.so';
const IDL = 'idl/sessions.json';

/** Does what the command line says; answers the exit code: 0 done, 1 broken on the way, 2 not possible, and nothing was sent. */
export async function main(host: Host): Promise<number> {
  const json = host.args.includes('--json');
  try {
    const options = parse(host.args);
    if (options.help) host.out(HELP);
    else await run(host, options);
    return 0;
  } catch (thrown) {
    const failed = host.signal.aborted ? interrupted() : failedOf(thrown);
    if (json) host.out(failed.json);
    else host.err(failed.text);
    return failed.code;
  }
}

async function run(host: Host, options: Options): Promise<void> {
  const { url, keypair } = settings(options, host.config);
  const ledger = Rpc.connect(url);
  const { keys, address } = await readKeys(host, {
    payer: keypair,
    authority: options.upgradeAuthority,
    program: options.programId,
    own: PROGRAM,
  });
  const landing: LandOptions = { signal: host.signal };
  if (options.closeBuffer) {
    const closed = await deployment.closeBuffer({ ledger, keys, progress: SILENT, landing }, address);
    host.out(closedText(options.json, address, closed));
    return;
  }
  const file = await programFile(host, options, address);
  const idl = options.noIdl ? null : idlFile(host, options, address);
  const wanted: Wanted = {
    program: address,
    key: keys.program !== null,
    authority: keys.authority.address,
    payer: keys.payer.address,
    file,
    maxLen: options.maxLen,
    last: options.last,
  };
  const found = { url, wanted, ...(await findOut(ledger, keys, wanted, idl, landing)) };
  if (!options.json) show(host, found);
  const done = options.dryRun ? null : await perform(host, options, { ledger, keys, landing }, found);
  if (options.json) host.out(line(found, done));
  else if (done !== null) for (const text of told(found, done)) host.out(`${text}\n`);
}

/** Shows what there is to do. */
function show(host: Host, found: Found): void {
  const [dim, plain] = host.colours ? ['\x1b[2m', '\x1b[0m'] : ['', ''];
  for (const [word, what] of preview(found)) host.out(`  ${dim}${word.padEnd(9)}${plain}  ${what}\n`);
}

/** Asks, if it is to, and does it. */
async function perform(
  host: Host,
  options: Options,
  tools: Omit<Tools, 'progress'>,
  { wanted, ...todo }: Found,
): Promise<deployment.Done> {
  if ((todo.survey.plan.what !== 'nothing' || writesIdl(todo.idl)) && !options.yes) await ask(host);
  const progress = options.json ? SILENT : shown(host);
  try {
    return await carryOut({ ...tools, progress }, wanted, todo);
  } finally {
    progress.end();
  }
}

async function ask(host: Host): Promise<void> {
  if (host.ask === null) {
    throw new Failed('Unasked', 'there is no terminal to ask on', 'add --yes to do it, or --dry-run to only see it');
  }
  const answer = (await host.ask('Go on? [y/N] ')).trim().toLowerCase();
  if (answer === 'y' || answer === 'yes') return;
  throw new Failed('Declined', 'nothing was sent', 'add --yes to go on without the question', BROKEN);
}

/** The program's file, loaded once on a ledger in this process: a damaged one is to cost nothing. */
async function programFile(host: Host, { program, build }: Options, address: string): Promise<Uint8Array> {
  if (build) await buildProgram(host);
  else if (program === undefined && address !== PROGRAM) {
    throw new Failed(
      'WrongAddress',
      `the built-in program works at its declared address ${PROGRAM} only, not at ${address}`,
      'declare that address, build the program, and name its file with --program (docs/deployment.md says how)',
    );
  }
  const path = program ?? join(host.repository, build ? BUILT : ARTIFACT);
  let file: Uint8Array;
  try {
    file = new Uint8Array(readFileSync(host.resolve(path)));
  } catch (error) {
    throw new Failed(
      'ProgramUnreadable',
      `the program file ${path} cannot be read (${reason(error)})`,
      'name one that is there, or leave --program out for the built-in one',
    );
  }
  try {
    new Embedded(file);
  } catch (error) {
    throw new Failed(
      'ProgramDamaged',
      `the program file ${path} is damaged or no Solana program (${error instanceof Error ? error.message : error})`,
      'build it again with `make program`',
    );
  }
  return file;
}

async function buildProgram(host: Host): Promise<void> {
  const ended = await host.make('program');
  if (ended === 0) return;
  const hint =
    'see above what it says; README.md says what building takes, and without --build the committed file is deployed';
  throw new Failed('BuildFailed', `\`make program\` failed (${ended})`, hint);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
};

function reason(error: unknown): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** The IDL, which has to be of this program if it is named. */
function idlFile(host: Host, { idl }: Options, address: string): IdlFile {
  if (idl === undefined) return { ...readIdl(host, join(host.repository, IDL)), path: 'the built-in IDL' };
  const file = readIdl(host, idl);
  if (file.program === address) return file;
  const hint = 'name the IDL of this program, made with its declared address, or leave it out with --no-idl';
  throw new Failed('IdlOfAnother', `${idl} is the IDL of ${file.program}, not of ${address}`, hint);
}
