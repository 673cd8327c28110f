/** Stories that go otherwise: what failed is told as by the command, and what the runner does not know is never skipped. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EmbeddedChain } from './chain.js';
import { commandLines, comparable } from './command.js';
import { readDocument } from './document.js';
import { playStory } from './story.js';

const story = (...steps: readonly string[]) =>
  ['scenario: x', 'actors: { gm: 1 SOL, ben: 1 SOL, poor: 0 }', 'steps:', ...steps.map((step) => `  - ${step}`)].join(
    '\n',
  );

const OPEN = '{ as: gm, do: open_session, with: { id: x, settings: [INVITE_ONLY] }, save: x }';

const play = (text: string) => playStory('x.yaml', readDocument(text), (...how) => new EmbeddedChain(...how));

function command(text: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-scenario-'));
  try {
    writeFileSync(join(folder, 'x.yaml'), text);
    return commandLines('x.yaml', folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a story that goes otherwise', () => {
  test.each<[string, readonly string[]]>([
    ['a step that is refused', [OPEN, '{ as: ben, do: pause_session, with: { session: x } }', '{ wait: 1s }']],
    [
      'a refusal that does not come',
      [OPEN, '{ as: gm, do: pause_session, with: { session: x }, expect: SessionExpired }'],
    ],
    ['another refusal', [OPEN, '{ as: ben, do: pause_session, with: { session: x }, expect: SessionExpired }']],
    [
      'a refusal behind what goes with it',
      [
        OPEN,
        '{ as: gm, do: pause_session, with: { session: x } }',
        '{ as: ben, do: resume_session, with: { session: x }, together: true, expect: PermissionDenied }',
        '{ as: gm, do: resume_session, with: { session: x }, together: true }',
      ],
    ],
    [
      'a field that is another',
      [OPEN, 'check: { session: x, status: Paused, members: 1, absent: false, balance: [ben, 2 SOL] }'],
    ],
    ['an account that is not there', [OPEN, 'check: { member: [x, ben], status: Active }']],
    ['an answer that did not come', [OPEN, 'check: { returned: hi, standing: { units_left: 7 }, events: [] }']],
    ['a field that is out of its range', ['{ as: gm, do: open_session, with: { id: x, max_members: 0 }, save: x }']],
    ['a payer without funds', ['{ as: poor, do: open_session, with: { id: x }, save: x }']],
    [
      'a missing account',
      [OPEN, '{ as: ben, do: accept_invitation, with: { session: x }, expect: InvitationNotFound }'],
    ],
    [
      'another program',
      [
        OPEN,
        '{ as: gm, do: open_board, with: { session: x } }',
        '{ as: gm, do: make_move, with: { session: x, tile: 64 } }',
      ],
    ],
    [
      'a program that another calls',
      [
        OPEN,
        '{ as: gm, do: open_board, with: { session: x } }',
        '{ as: ben, do: make_move, with: { session: x, tile: 1 } }',
      ],
    ],
    ['too much at once', [OPEN, `{ as: gm, do: broadcast_message, with: { session: x, data: ${'x'.repeat(1_000)} } }`]],
  ])('is told as by the command: %s', async (_, steps) => {
    const lines = await play(story(...steps));
    expect(lines.map(comparable)).toEqual(command(story(...steps)).map(comparable));
  });

  test.each<[string, string, readonly string[]]>([
    ['a step', 'what the step on line 5 is', [OPEN, '{ as: gm, dance: true }']],
    [
      'a key of a step',
      'why of the step on line 5',
      [OPEN, '{ as: gm, do: pause_session, with: { session: x }, why: so }'],
    ],
    ['an instruction', 'the instruction dance', [OPEN, '{ as: gm, do: dance, with: { session: x } }']],
    ['an argument', 'how of pause_session', [OPEN, '{ as: gm, do: pause_session, with: { session: x, how: so } }']],
    ['what is checked', 'mood of a check', [OPEN, 'check: { session: x, mood: Active }']],
    ['a part of an answer', 'mood of standing', [OPEN, 'check: { standing: { mood: 7 } }']],
    ['an event', 'no event Danced', [OPEN, 'check: { events: [Danced] }']],
  ])('is not played if the runner does not know %s', async (_, said, steps) => {
    await expect(play(story(...steps))).rejects.toThrow(said);
  });
});
