/** Every example through this client on a ledger in this process, against what the command says of it: the same lines (see `comparable`). */
import { describe, expect, test } from 'vitest';
import { EmbeddedChain } from './chain.js';
import { commandLines, comparable, EXAMPLES, textOf } from './command.js';
import { readDocument } from './document.js';
import { playStory } from './story.js';

describe('on the embedded ledger', () => {
  test.each(EXAMPLES)('%s is told as by the command', async (file) => {
    const begin = (...how: ConstructorParameters<typeof EmbeddedChain>) => new EmbeddedChain(...how);
    const lines = await playStory(file, readDocument(textOf(file)), begin);
    expect(lines.map(comparable)).toEqual(commandLines(file).map(comparable));
  });
});
