/** A mapping that is read key by key. What nobody asked for is refused: a step is never played without something that it says. */
import { isMapping, type Mapping, type Value } from './document.js';

/** A mapping that is being read. */
export class Fields {
  readonly #owner: string;
  readonly #mapping: Mapping;
  readonly #known = new Set<string>();

  constructor(owner: string, value: Value | undefined) {
    if (!isMapping(value)) throw new Error(`${owner} is no mapping`);
    this.#owner = owner;
    this.#mapping = value;
  }

  /** The value under a key. */
  get(key: string): Value | undefined {
    this.#known.add(key);
    return this.#mapping[key];
  }

  /** The text under a key, read by `read`. */
  value<T>(key: string, read: (text: string) => T): T | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : read(textOf(key, value));
  }

  /** The text under a key that must be there, read by `read`. */
  needed<T>(key: string, read: (text: string) => T): T {
    const value = this.get(key);
    if (value === undefined) throw new Error(`${this.#owner} needs the key ${key}`);
    return read(textOf(key, value));
  }

  /** The text under a key. */
  text(key: string): string {
    return this.needed(key, (text) => text);
  }

  /** The first of these keys that is there. */
  first(keys: readonly string[]): string | undefined {
    return keys.find((key) => this.#mapping[key] !== undefined);
  }

  /** Refuses the keys that were not asked for. */
  finish(): void {
    const unknown = Object.keys(this.#mapping).filter((key) => !this.#known.has(key));
    if (unknown.length > 0) throw new Error(`the runner does not know ${unknown.join(', ')} of ${this.#owner}`);
  }
}

/** A value that has to be text. */
export function textOf(key: string, value: Value | undefined): string {
  if (typeof value !== 'string') throw new Error(`${key} is no single value`);
  return value;
}

/** A value that has to be a list. */
export function listOf(key: string, value: Value | undefined): readonly Value[] {
  if (!Array.isArray(value)) throw new Error(`${key} is no list`);
  return value;
}
