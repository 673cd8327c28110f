/** Pauses that grow, with jitter from a seed, and that can be broken off. */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number that a text stands for: those that were begun together with one seed do not ask together. */
export function mix(seed: number, text: string): number {
  let state = seed >>> 0;
  for (let place = 0; place < text.length; place += 1)
    state = Math.imul(state ^ text.charCodeAt(place), 0x01000193) >>> 0;
  return state;
}

/** Pauses in milliseconds, from `first` on half as long again each time, up to `most`; each with up to as much again as jitter. */
export function* pauses(first: number, most: number, seed: number): Generator<number, never> {
  const next = random(seed);
  for (let pause = first; ; pause = Math.min(pause * 1.5, most)) yield pause * (1 + next());
}

/**
 * Waits so many milliseconds.
 *
 * @throws the signal's reason as soon as it is aborted.
 */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
