/** What a link to the page says behind its #, which browsers send to no server, and what is said of a node. A node's URL may have a key in it. */

/** Whether a URL has a scheme, a host and a port, and nothing that may be a secret. */
function isBare(text: string): boolean {
  const { username, password, pathname, search, hash } = new URL(text);
  return pathname === '/' && [username, password, search, hash].every((part) => part === '');
}

/** A URL as it may be shown. */
export function shownUrl(text: string): string {
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname.length > 1 || search !== '' ? '/…' : ''}`;
}

/**
 * A link to the page at `page` with an invitation, and whether it names the node; `socket` is empty where the web socket is in its usual place. Neither is
 * named if there may be a secret in it: then whoever is invited has to.
 */
export function linkTo(
  page: string,
  { invite, node, socket }: { readonly invite: string; readonly node: string; readonly socket: string },
): { readonly link: string; readonly isNamed: boolean } {
  const isNamed = isBare(node) && (socket === '' || isBare(socket));
  const url = new URL(page);
  url.hash = new URLSearchParams({ invite, ...(isNamed && { node }), ...(isNamed && socket && { socket }) }).toString();
  return { link: url.href, isNamed };
}
