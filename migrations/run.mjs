/**
 * Runs deploy.ts on Node, which cannot run TypeScript by itself everywhere: with what the TypeScript client of this repository has installed, it is put
 * into one file beside that, and called.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const client = join(repository, 'app/ts');

/**
 * The command, from TypeScript; `undefined` if what it takes is not installed.
 *
 * @returns {Promise<typeof import('./deploy.js') | undefined>}
 */
async function load() {
  const modules = join(client, 'node_modules');
  if (!existsSync(join(modules, 'esbuild'))) return undefined;
  const { build } = createRequire(join(client, 'package.json'))('esbuild');
  const folder = join(modules, '.cache/sessions');
  const outfile = join(folder, `deploy-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    await build({
      entryPoints: [join(repository, 'migrations/deploy.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      alias: {
        '@sessions/client/testing': join(client, 'src/testing/index.ts'),
        '@sessions/client': join(client, 'src/index.ts'),
      },
      // What is installed is taken as it is, from beside the file.
      tsconfigRaw: {},
      logLevel: 'silent',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/**
 * Asks a question on the terminal; its answer is a line, and nothing if there comes none.
 *
 * @param {string} question
 * @returns {Promise<string>}
 */
function ask(question) {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((answered) => {
    let answer = '';
    lines.once('close', () => {
      if (answer === '') process.stderr.write('\n');
      answered(answer);
    });
    lines.once('SIGINT', () => lines.close());
    lines.question(question, (line) => {
      answer = line === '' ? ' ' : line;
      lines.close();
    });
  });
}

/**
 * How `make` ended. What it says goes beside the result.
 *
 * @param {string} target
 * @returns {Promise<number | string>}
 */
const make = (target) =>
  new Promise((done) => {
    const child = spawn('make', [target], { cwd: repository, stdio: ['ignore', 2, 2] });
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(code ?? String(signal)));
  });

/**
 * Says why the command could not be called.
 *
 * @param {string} what
 * @param {string} hint
 */
function notStarted(what, hint) {
  process.stderr.write(`error: NotStarted: ${what}\n hint: ${hint}\n`);
  process.exitCode = 2;
}

// Where nobody reads, that is no reason to fail in another way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  const command = await load();
  if (command === undefined) {
    notStarted('the packages that this runs on are not there', 'run `npm ci` in app/ts, and this again');
  } else {
    // npm calls a script in the folder of its package, and says from where it was called itself.
    const { npm_lifecycle_event: script, INIT_CWD } = process.env;
    const from = script === 'deploy' && INIT_CWD !== undefined ? INIT_CWD : process.cwd();
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    process.exitCode = await command.main({
      args: process.argv.slice(2),
      repository,
      config: join(homedir(), '.config/solana'),
      resolve: (path) => resolve(from, path),
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      watched: process.stderr.isTTY === true,
      colours: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
      ask: process.stdin.isTTY === true ? ask : null,
      make,
      signal: stop.signal,
    });
  }
} catch (error) {
  const [what] = String(error).split('\n');
  notStarted(String(what), 'run `npm ci` in app/ts, where this user may write, and this again');
}
