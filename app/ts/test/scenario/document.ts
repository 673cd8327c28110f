/** A scenario's file: its title, its clock, its actors and its steps with their lines. Every value is the text that stands there. */
import { LineCounter, parseDocument, YAMLSeq } from 'yaml';

/** A value as it stands in the file. */
export type Value = string | readonly Value[] | Mapping;
/** A mapping, in the file's order. */
export interface Mapping {
  readonly [key: string]: Value;
}

/** A step, and where it stands. */
export interface StepNode {
  readonly line: number;
  /** Its number, counted from 1. */
  readonly number: number;
  readonly fields: Mapping;
}

/** A scenario as it is written. */
export interface Document {
  readonly title: string;
  readonly clock: string | undefined;
  readonly actors: Readonly<Record<string, string>>;
  readonly steps: readonly StepNode[];
}

/** Whether a value is a mapping. */
export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && !Array.isArray(value);

/** Reads a scenario's text. Whatever the runner does not know in it is an error here or at its step. */
export function readDocument(text: string): Document {
  const lineCounter = new LineCounter();
  // The failsafe schema makes no numbers and no truths of what is text.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const { scenario, clock, actors, steps, ...more } = document.toJS() as Record<string, unknown>;
  const node = document.get('steps');
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) throw new Error(`the runner does not know the key ${unknown} of a scenario`);
  if (typeof scenario !== 'string' || !Array.isArray(steps) || !(node instanceof YAMLSeq))
    throw new Error('this is no scenario');
  const lines = node.items.map((item) => lineCounter.linePos((item as { range: [number] }).range[0]).line);
  return {
    title: scenario,
    clock: clock as string | undefined,
    actors: actors as Record<string, string>,
    steps: (steps as Mapping[]).map((fields, place) => ({ line: lines[place] ?? 0, number: place + 1, fields })),
  };
}
