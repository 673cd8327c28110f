/** The parts of the example page that need no browser. */
import { describe, expect, test } from 'vitest';
import { linkTo, shownUrl } from '../../examples/page/link.js';
import { persevere } from '../../examples/page/persevere.js';

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

describe('what fails is tried again', () => {
  /** Takes steps that fail, or say that all is well first, and answers the pauses between them. */
  async function pausesOf(steps: readonly ('fails' | 'well')[]): Promise<readonly number[]> {
    const pauses: number[] = [];
    const told: unknown[] = [];
    let taken = 0;
    const step = async (well: () => void) => {
      const what = steps[taken];
      taken += 1;
      if (what === 'well') well();
      if (what !== undefined) throw new Error(`step ${taken}`);
    };
    await persevere(
      step,
      (thrown) => told.push(thrown),
      async (pause) => void pauses.push(pause),
    );
    expect(told.map(String)).toEqual(steps.map((_, place) => `Error: step ${place + 1}`));
    return pauses;
  }

  test('ever less often, until all is well', async () => {
    expect(await pausesOf(Array.from({ length: 7 }, () => 'fails'))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(await pausesOf(['fails', 'fails', 'well', 'fails'])).toEqual([1_000, 2_000, 1_000, 2_000]);
  });

  test('but for what is of no use to try again', async () => {
    const wait = async () => Promise.reject(new Error('it is tried again'));
    const step = async () => Promise.reject(new Error('refused'));
    const failed = (thrown: unknown) => {
      throw thrown;
    };
    await expect(persevere(step, failed, wait)).rejects.toThrow('refused');
  });
});

test('a URL is shown without what may be a secret', () => {
  expect(shownUrl('ws://127.0.0.1:8900/')).toBe('ws://127.0.0.1:8900');
  expect(shownUrl('wss://ana:s3cret@node.example/v2/s3cret')).toBe('wss://node.example/…');
  expect(shownUrl('wss://node.example/?key=s3cret')).toBe('wss://node.example/…');
});
