import { getBase64Decoder } from '@solana/kit';
import { describe, expect, test } from 'vitest';
import { getSessionPausedEventEncoder } from '../../src/generated/types/index.js';
import { eventsFromLogs, isTruncated, PROGRAM } from '../../src/index.js';

const OTHER = 'Program Vote111111111111111111111111111111111111111';
const header = { sessionId: new Uint8Array(32).fill(1), address: PROGRAM, revision: 7n, previous: 6n, time: 5n };
const data = `Program data: ${getBase64Decoder().decode(getSessionPausedEventEncoder().encode({ header }))}`;
const paused = [{ name: 'SessionPaused', header }];
const [invoke, success] = [`Program ${PROGRAM} invoke [1]`, `Program ${PROGRAM} success`];

describe('events from logs', () => {
  test("an event counts inside the program's own invocation", () => {
    expect(eventsFromLogs([invoke, data, success])).toEqual(paused);
    expect(
      eventsFromLogs([`${OTHER} invoke [1]`, `Program ${PROGRAM} invoke [2]`, data, success, `${OTHER} success`]),
    ).toEqual(paused);
  });

  test('the same bytes printed by another program are no event', () => {
    expect(eventsFromLogs([invoke, `${OTHER} invoke [2]`, data, `${OTHER} success`])).toEqual([]);
    expect(eventsFromLogs([`${OTHER} invoke [1]`, data, `${OTHER} success`])).toEqual([]);
    expect(eventsFromLogs([data])).toEqual([]);
  });

  test('a log message can neither begin nor end an invocation', () => {
    for (const message of [invoke, 'success', 'invoke [1]', `Program ${PROGRAM} invoke [1]`]) {
      expect(eventsFromLogs([`${OTHER} invoke [1]`, `Program log: ${message}`, data])).toEqual([]);
    }
    const hidden = [invoke, `${OTHER} invoke [2]`, 'Program log: invoke [3]', `${OTHER} success`, data];
    expect(eventsFromLogs(hidden)).toEqual(paused);
  });

  test('damaged lines are left out', () => {
    const short = data.slice(0, -8);
    expect(eventsFromLogs([invoke, short, 'Program data: !!!', 'Program data: ', `${data}AAAA`])).toEqual([]);
  });

  test('a log that was cut says so', () => {
    expect(isTruncated(['Program data: aaaa', 'Log truncated'])).toBe(true);
    expect(isTruncated(['Program log: Log truncated'])).toBe(false);
  });
});
