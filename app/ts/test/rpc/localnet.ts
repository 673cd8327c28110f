/**
 * A local validator with the session program for the tests over JSON-RPC: the `sessions` binary that SESSIONS_BIN names, as `localnet` on free ports; or the
 * cluster that SESSIONS_RPC_URL and SESSIONS_WS_URL name, which has to give airdrops.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    rpcUrl: string;
    webSocketUrl: string;
  }
}

const BINARY = fileURLToPath(new URL('../../../../target/debug/sessions', import.meta.url));

/** How long the validator has to answer, in milliseconds. */
const PATIENCE = 60_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getHealth' });
  try {
    return (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).ok;
  } catch {
    return false;
  }
}

/** Waits until the validator answers; what it said before it ended is in the error otherwise. */
async function ready(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    if (failed !== undefined)
      throw new Error(
        'there is no local validator; build it with `cargo build -p sessions-cli`, or name it in SESSIONS_BIN',
        { cause: failed },
      );
    if (child.exitCode !== null) throw new Error(`the local validator ended: ${said}`);
    if (await answers(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the local validator does not answer at ${url}: ${said}`);
}

/** A local validator that runs. */
export interface Localnet {
  readonly url: string;
  readonly webSocket: string;
  stop(): Promise<void>;
}

/** Starts a validator of its own with these options, and waits until it answers. */
export async function startLocalnet(options: readonly string[]): Promise<Localnet> {
  const { SESSIONS_BIN = BINARY } = process.env;
  const [rpc, webSocket] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'sessions-localnet-'));
  const keypair = join(folder, 'wallet.json');
  // Any key that is one: the validator wants a wallet that it can fund.
  const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign']);
  const secret = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).subarray(-32);
  const both = [...secret, ...Buffer.from(await crypto.subtle.exportKey('raw', publicKey))];
  writeFileSync(keypair, JSON.stringify(both));
  const ports = ['--rpc-port', String(rpc), '--ws-port', String(webSocket), '-k', keypair];
  const child = spawn(SESSIONS_BIN, ['localnet', ...ports, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = `http://127.0.0.1:${rpc}`;
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child, url);
  } catch (error) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { url, webSocket: `ws://127.0.0.1:${webSocket}`, stop };
}

/** Starts the validator, tells the tests where it is, and answers how it is stopped. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { SESSIONS_RPC_URL, SESSIONS_WS_URL } = process.env;
  if (SESSIONS_RPC_URL !== undefined) {
    project.provide('rpcUrl', SESSIONS_RPC_URL);
    project.provide('webSocketUrl', SESSIONS_WS_URL ?? '');
    return undefined;
  }
  const { url, webSocket, stop } = await startLocalnet(['--slot-time', '50']);
  project.provide('rpcUrl', url);
  project.provide('webSocketUrl', webSocket);
  return stop;
}
