import { describe, expect, test } from 'vitest';
import { Bells } from '../../src/cache/bells.js';

describe('who waits for a bell', () => {
  test('is told once, and not remembered', async () => {
    const bells = new Bells<string>();
    for (let time = 0; time < 3; time += 1) {
      const [rung, other] = [bells.next('door'), bells.next('door')];
      expect(bells.has('door')).toBe(true);
      bells.ring('door');
      expect(bells.has('door'), 'nobody waits any more').toBe(false);
      await Promise.all([rung, other]);
    }
    expect([...bells.keys()]).toEqual([]);
  });

  test('is told by no other bell', async () => {
    const bells = new Bells<string>();
    let told = 0;
    const leave = bells.on('door', () => {
      told += 1;
    });
    const rung = bells.next('gate').then(() => told);
    bells.ring('door');
    expect([told, bells.has('gate')]).toEqual([1, true]);
    leave();
    bells.ringAll();
    expect(await rung, 'who has left is told nothing').toBe(1);
  });
});
