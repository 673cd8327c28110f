/** Trying again what failed, ever less often: a node that is busy is not helped by being asked at once. */

/** The pause before something is tried again, at first and at most, in milliseconds. */
const [FIRST, LONGEST] = [1_000, 30_000];

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Takes a step until it does not fail. `failed` is told of each failure, and throws what is of no use to try again. Each pause is twice as long as the one
 * before; the step says when all is well, and then the next failure is the first again.
 */
export async function persevere(
  step: (well: () => void) => Promise<void>,
  failed: (thrown: unknown) => void,
  wait: (milliseconds: number) => Promise<void> = sleep,
): Promise<void> {
  let pause = FIRST;
  const well = () => {
    pause = FIRST;
  };
  for (;;) {
    try {
      return await step(well);
    } catch (thrown) {
      failed(thrown);
    }
    const now = pause;
    pause = Math.min(pause * 2, LONGEST);
    await wait(now);
  }
}
