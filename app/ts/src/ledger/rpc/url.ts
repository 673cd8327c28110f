/** Where a node is. */
import { LedgerError } from '../error.js';
import { short } from './said.js';

/**
 * A URL without what may be a secret: user and password, the path and the query are left out. What is no URL is shown by the same rule, since it may be
 * one with a mistake in it.
 */
export function shown(url: string): string {
  const [, scheme = '', host = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  return `${scheme}${short(host)}${rest.length > 1 ? '/…' : ''}`;
}

function parse(url: string, schemes: readonly [string, string]): URL {
  const wrong = (reason: string) => new LedgerError('WrongUrl', { url: shown(url), reason });
  if (!URL.canParse(url)) throw wrong('it cannot be read');
  const parsed = new URL(url);
  if (!schemes.includes(parsed.protocol)) throw wrong(`it must begin with ${schemes[0]}// or ${schemes[1]}//`);
  if (parsed.hostname === '') throw wrong('it names no host');
  return parsed;
}

/**
 * A node's JSON-RPC.
 *
 * @throws LedgerError: `WrongUrl`.
 */
export const httpUrl = (url: string): URL => parse(url, ['http:', 'https:']);

/**
 * A node's web socket.
 *
 * @throws LedgerError: `WrongUrl`.
 */
export const webSocketUrl = (url: string): URL => parse(url, ['ws:', 'wss:']);

/**
 * The web socket of the node at `http`, by Solana's convention: ws for http, wss for https, and the port after the one that is named, if one is.
 *
 * @throws LedgerError: `WrongUrl` if there is no port after it.
 */
export function webSocketOf(http: URL): URL {
  const url = new URL(http);
  url.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';
  if (http.port !== '') {
    const next = Number(http.port) + 1;
    const reason = "no port comes after its own, for the web socket; give the web socket's URL too";
    if (next > 65_535) throw new LedgerError('WrongUrl', { url: shown(http.href), reason });
    url.port = String(next);
  }
  return url;
}
