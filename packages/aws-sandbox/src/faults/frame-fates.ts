/** What happens to the n-th frame of a direction. Pure: the whole schedule of a session follows from plan and seed. */
import type { DirectionFaults } from "./fault-plan.ts";
import type { Draws } from "./seeded-draws.ts";

export interface FrameFate {
  isLost: boolean;
  isDuplicated: boolean;
  /** It waits until so many later frames have passed. */
  heldForFrames: number;
  delayMs: number;
}

const UNTOUCHED: FrameFate = { isLost: false, isDuplicated: false, heldForFrames: 0, delayMs: 0 };

/** Each kind of fault draws at its own places: more loss does not change which frames come twice. */
const DRAWS_PER_FRAME = 4;

/** @param index of the frame, from 0 */
export function frameFate(faults: DirectionFaults, draws: Draws, index: number): FrameFate {
  if (faults.frames !== undefined && index >= faults.frames) return UNTOUCHED;
  const { loss = 0, duplicate = 0, reorder, delay } = faults;
  const draw = (kind: number): number => draws(index * DRAWS_PER_FRAME + kind);
  return {
    isLost: draw(0) < loss,
    isDuplicated: draw(1) < duplicate,
    heldForFrames: reorder !== undefined && draw(2) < reorder.probability ? reorder.frames : 0,
    delayMs: delay === undefined ? 0 : delay.ms + Math.floor(draw(3) * (delay.jitterMs + 1)),
  };
}
