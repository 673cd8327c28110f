/** Who is to be told of what, by its name. */

/** Callbacks by what they are about. */
export class Bells<Key> {
  readonly #heard = new Map<Key, Set<() => void>>();

  /** Has `told` called whenever it rings for `key`; answers how to end that. */
  on(key: Key, told: () => void): () => void {
    const all = this.#heard.get(key) ?? new Set();
    this.#heard.set(key, all.add(told));
    return () => {
      all.delete(told);
      if (all.size === 0 && this.#heard.get(key) === all) this.#heard.delete(key);
    };
  }

  /** A promise that is fulfilled when it rings for `key` the next time. */
  next(key: Key): Promise<void> {
    return new Promise((resolve) => {
      const leave = this.on(key, () => {
        leave();
        resolve();
      });
    });
  }

  /** Tells those who are to be told of `key`. */
  ring(key: Key): void {
    for (const told of [...(this.#heard.get(key) ?? [])]) told();
  }

  /** Tells everybody. */
  ringAll(): void {
    for (const key of [...this.#heard.keys()]) this.ring(key);
  }

  /** Whether anybody is to be told of `key`. */
  has(key: Key): boolean {
    return this.#heard.has(key);
  }

  /** What somebody is to be told of. */
  keys(): Iterable<Key> {
    return this.#heard.keys();
  }
}
