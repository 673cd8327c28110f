/** A local validator for a test, and the two commands that deploy: the `sessions` binary that SESSIONS_BIN names, and the one of this folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { getAddressEncoder, type KeyPairSigner } from '@solana/kit';
import { signer } from './ledger.js';

/** A path of this repository. */
export const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const { SESSIONS_BIN: BINARY = at('target/debug/sessions') } = process.env;

/** The recorded file of a program of this repository. */
export const path = (name: 'sessions' | 'arena' | 'rogue'): string =>
  at(`${name === 'rogue' ? 'tests/programs' : 'programs'}/${name}/artifact/${name}.so`);

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Which command. */
export type Which = 'sessions' | 'npm';

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A local validator, its wallet, and a folder. */
export class Localnet {
  readonly folder: string;
  readonly url: string;
  readonly wallet: KeyPairSigner;
  readonly #child: ChildProcess;

  private constructor(folder: string, url: string, wallet: KeyPairSigner, child: ChildProcess) {
    this.folder = folder;
    this.url = url;
    this.wallet = wallet;
    this.#child = child;
  }

  /** Starts one on free ports, whose wallet follows from the number 2. */
  static async start(): Promise<Localnet> {
    const folder = mkdtempSync(join(tmpdir(), 'sessions-deploy-'));
    const wallet = await signer(2);
    await writeKey(folder, 'wallet', 2);
    const options = [
      '--json',
      '--rpc-port',
      '0',
      '--ws-port',
      '0',
      '--slot-time',
      '100',
      '-k',
      join(folder, 'wallet.json'),
    ];
    const child = spawn(BINARY, ['localnet', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const ready = new Promise<string>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`the local validator ended with ${code}`)));
        createInterface({ input: child.stdout }).once('line', resolve);
      });
      const { rpc } = JSON.parse(await ready) as { readonly rpc: string };
      return new Localnet(folder, rpc, wallet, child);
    } catch (error) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Begins to deploy. Where and as whom are this validator and its wallet, unless the options say otherwise. */
  begin(which: Which, options: readonly string[]): Running {
    const has = (option: string) => options.includes(option);
    const where = has('--url') ? [] : ['--url', this.url];
    const who = has('--keypair') ? [] : ['--keypair', join(this.folder, 'wallet.json')];
    const all = [...where, ...who, ...options];
    return which === 'sessions'
      ? this.#spawn(BINARY, ['deploy', ...all])
      : this.#spawn(process.execPath, [at('migrations/run.mjs'), ...all]);
  }

  /** Deploys with nothing but these options, and these variables of the environment. */
  plain(options: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
    return this.#spawn(process.execPath, [at('migrations/run.mjs'), ...options], environment).ended;
  }

  /** The same by `npm run`, as it is called in the folder of this command. */
  npm(...options: readonly string[]): Promise<Ended> {
    return this.#spawn('npm', ['--prefix', at('migrations'), 'run', '--silent', 'deploy', '--', ...options]).ended;
  }

  /** Deploys from the repository that {@link elsewhere} made, with nothing but these options and these variables of the environment. */
  from(repository: string, options: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
    const all = [join(repository, 'migrations/run.mjs'), ...options];
    return this.#spawn(process.execPath, all, environment).ended;
  }

  /** Another repository with this command and what it runs on, in which a test may leave what it builds. */
  elsewhere(): string {
    const repository = join(this.folder, 'repository');
    cpSync(at('migrations'), join(repository, 'migrations'), { recursive: true });
    mkdirSync(join(repository, 'app'));
    symlinkSync(at('app/ts'), join(repository, 'app/ts'));
    return repository;
  }

  #spawn(command: string, options: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    const env = { ...process.env, ...environment };
    const child = spawn(command, options, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data;
    });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
    return { child, ended };
  }

  /** Deploys, and answers how that ended. */
  deploy(which: Which, ...options: readonly string[]): Promise<Ended> {
    return this.begin(which, options).ended;
  }

  /** Deploys without being asked, and answers what it says in JSON. */
  async told(which: Which, ...options: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await this.deploy(which, '--json', '--yes', ...options);
    if (code !== 0 || err !== '') throw new Error(`${code}: ${out}${err}`);
    return JSON.parse(out) as Record<string, unknown>;
  }

  /** The file of a key that follows from a number. */
  key(name: string, byte: number): Promise<string> {
    return writeKey(this.folder, name, byte);
  }
}

async function writeKey(folder: string, name: string, byte: number): Promise<string> {
  const bytes = [...new Uint8Array(32).fill(byte), ...getAddressEncoder().encode((await signer(byte)).address)];
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(bytes));
  return file;
}
