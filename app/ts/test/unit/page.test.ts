/** The parts of the example page that need no browser. */
import { describe, expect, test } from 'vitest';
import { linkTo, shownUrl } from '../../examples/page/link.js';

describe('a link to the page', () => {
  const page = 'https://page.example/sessions/?lang=en#invite=old';
  const of = (node: string, socket = '') => {
    const { link, isNamed } = linkTo(page, { invite: 'sessions:join/x#y', node, socket });
    const url = new URL(link);
    expect(`${url.origin}${url.pathname}${url.search}`).toBe('https://page.example/sessions/?lang=en');
    const said = Object.fromEntries(new URLSearchParams(url.hash.slice(1)));
    expect(said.invite).toBe('sessions:join/x#y');
    return [isNamed, said.node, said.socket];
  };

  test('names the node, and its web socket if it is somewhere else', () => {
    const [node, socket] = ['http://127.0.0.1:8899/', 'ws://127.0.0.1:9000'];
    expect(of(node)).toEqual([true, node, undefined]);
    expect(of(node, socket)).toEqual([true, node, socket]);
  });

  test.each([
    'https://ana@node.example/',
    'https://ana:s3cret@node.example/',
    'https://node.example/v2/s3cret',
    'https://node.example/?api-key=s3cret',
    'https://node.example/#s3cret',
  ])('names no node that may have a secret in its URL: %s', (node) => {
    expect(of(node)).toEqual([false, undefined, undefined]);
    expect(of(node, 'wss://node.example')).toEqual([false, undefined, undefined]);
    expect(of('https://node.example/', node.replace('https', 'wss'))).toEqual([false, undefined, undefined]);
  });
});

test('a URL is shown without what may be a secret', () => {
  expect(shownUrl('ws://127.0.0.1:8900/')).toBe('ws://127.0.0.1:8900');
  expect(shownUrl('wss://ana:s3cret@node.example/v2/s3cret')).toBe('wss://node.example/…');
  expect(shownUrl('wss://node.example/?key=s3cret')).toBe('wss://node.example/…');
});
