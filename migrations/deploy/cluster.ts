/** Which cluster, and with which wallet: by the options, the configuration of the Solana command line, or for lack of both the local one. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failed } from './failed.js';

/** Where to go, and as whom. */
export interface Settings {
  /** The URL of the cluster's JSON-RPC. */
  readonly url: string;
  /** The wallet's key file. */
  readonly keypair: string;
}

/** The names of the clusters, which all have a first letter of their own. */
const CLUSTERS: Readonly<Record<string, string>> = {
  'mainnet-beta': 'https://api.mainnet-beta.solana.com',
  testnet: 'https://api.testnet.solana.com',
  devnet: 'https://api.devnet.solana.com',
  localhost: 'http://localhost:8899',
};

/**
 * What the options say, and the configuration in the folder `config` where they say nothing.
 *
 * @throws Failed: ConfigInvalid, WrongUrl.
 */
export function settings(
  given: { readonly url?: string | undefined; readonly keypair?: string | undefined },
  config: string,
): Settings {
  const path = join(config, 'cli/config.yml');
  const configured = existsSync(path) ? readConfig(path) : new Map<string, string>();
  return {
    url: urlOf(given.url ?? (configured.get('json_rpc_url') || 'localhost')),
    keypair: given.keypair ?? (configured.get('keypair_path') || join(dirname(dirname(path)), 'id.json')),
  };
}

/** The lines of a configuration at its outermost level: a word, a colon, and text, in quotes perhaps. */
function readConfig(path: string): ReadonlyMap<string, string> {
  const invalid = (what: string) =>
    new Failed(
      'ConfigInvalid',
      `the configuration ${path} cannot be read: ${what}`,
      '`solana config get` shows a sound one; or name the cluster with --url and the wallet with --keypair',
    );
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid((error as NodeJS.ErrnoException).code ?? String(error));
  }
  const found = new Map<string, string>();
  for (const [place, line] of text.split(/\r?\n/).entries()) {
    if (/^(\s|#|---|$)/.test(line)) continue;
    const [, name, plain] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || plain === undefined) throw invalid(`line ${place + 1} is no setting`);
    const value = /^(["'])(.*)\1$/.exec(plain)?.[2] ?? plain;
    const isNoText = value === plain && /^[[{"']/.test(plain) && name !== 'address_labels';
    if (isNoText) throw invalid(`line ${place + 1} is no text`);
    found.set(name, value);
  }
  return found;
}

/** The URL that a text is, or the one of the cluster that it names. Whether a URL is one is for the ledger to say. */
function urlOf(text: string): string {
  const named = Object.entries(CLUSTERS).find(([name]) => name === text || name.slice(0, 1) === text);
  if (named !== undefined) return named[1];
  if (text.includes('://')) return text;
  throw new Failed(
    'WrongUrl',
    `${JSON.stringify(text)} is neither a cluster nor a URL`,
    'write mainnet-beta, devnet, testnet, localhost, or a URL that begins with http:// or https://',
  );
}

/** Whether a cluster is on this machine, where a public key does no harm. */
export const isLocal = (url: string): boolean =>
  ['localhost', '127.', '[::1]'].some((local) => new URL(url).host.startsWith(local));

/** What a cluster is called: its URL without what may be a secret. */
export function nameOf(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname.length > 1 || search !== '' ? '/…' : ''}`;
}
