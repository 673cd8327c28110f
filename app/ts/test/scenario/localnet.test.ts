/**
 * Every example through this client over JSON-RPC on `sessions localnet`, against what the command says of it: the same lines (see `comparable`). Only the
 * epoch of a session, which is the number of the slot that it was made in, is the validator's own, and stands for the slot of the story here.
 */
import { describe, expect, test } from 'vitest';
import { commandLines, comparable, EXAMPLES, textOf } from './command.js';
import { readDocument } from './document.js';
import { LocalnetChain, storySlot } from './localnet.js';
import { playStory } from './story.js';

const inStory = (line: string): string =>
  line.replace(/"epoch":(\d+)/g, (_, epoch: string) => `"epoch":${storySlot(BigInt(epoch))}`);

describe('over JSON-RPC', () => {
  test.each(EXAMPLES)('%s is told as by the command', { timeout: 300_000 }, async (file) => {
    let chain: LocalnetChain | undefined;
    const begin = async (...how: Parameters<typeof LocalnetChain.start>) => {
      chain = await LocalnetChain.start(...how);
      return chain;
    };
    try {
      const lines = await playStory(file, readDocument(textOf(file)), begin);
      expect(lines.map(inStory).map(comparable)).toEqual(commandLines(file).map(comparable));
    } finally {
      await chain?.stop();
    }
  });
});
