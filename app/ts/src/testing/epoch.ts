/** The epoch that a slot is in. */
import type { EpochSchedule } from 'litesvm';

/** How many slots the first epoch has where epochs grow at the beginning. */
const FIRST_SLOTS = 32n;

const log2 = (value: bigint): number => value.toString(2).length - 1;

/** The epoch that a slot is in, by this schedule. */
export function epochAt(
  schedule: Pick<EpochSchedule, 'slotsPerEpoch' | 'firstNormalEpoch' | 'firstNormalSlot'>,
  slot: bigint,
): bigint {
  const { slotsPerEpoch, firstNormalEpoch, firstNormalSlot } = schedule;
  if (slot >= firstNormalSlot) return firstNormalEpoch + (slot - firstNormalSlot) / slotsPerEpoch;
  // Each epoch has twice as many slots as the one before it.
  return BigInt(log2(slot + FIRST_SLOTS) - log2(FIRST_SLOTS));
}
