/** How large to draw the characters of a grid whose size is given, so that all of it is seen. Pure; sizes in CSS px. */

/** DESIGN §7: a viewer's grid is drawn at 50 to 125 % of the chosen font, and panned when that is too large. */
export const SCALE_MIN = 0.5;
export const SCALE_MAX = 1.25;
const STEP_PX = 0.25;

interface Box {
  width: number;
  height: number;
}

/**
 * @param chosenPx the font that the person chose
 * @param drawnPx the font that `drawn` was measured with
 * @returns the largest font, in steps, with which the grid should fit; within the limits, fit or not
 */
export function scaledFont(chosenPx: number, drawnPx: number, drawn: Box, room: Box): number {
  if (!(drawn.width > 0 && drawn.height > 0)) return chosenPx;
  const wanted = drawnPx * Math.min(room.width / drawn.width, room.height / drawn.height);
  const clamped = Math.min(chosenPx * SCALE_MAX, Math.max(chosenPx * SCALE_MIN, wanted));
  return Math.floor(clamped / STEP_PX) * STEP_PX || STEP_PX;
}

/** @returns a step less than `drawnPx` while what is drawn does not fit; undefined: it does, or it is the smallest already */
export function smallerFont(chosenPx: number, drawnPx: number, drawn: Box, room: Box): number | undefined {
  const fits = drawn.width <= room.width && drawn.height <= room.height;
  return fits || drawnPx - STEP_PX < chosenPx * SCALE_MIN ? undefined : drawnPx - STEP_PX;
}

/**
 * Along one side: how far to scroll so that a piece of the grid is seen, and no further than needed.
 * @param piece where it begins and ends, with what is to stay free around it
 * @param room of the host
 * @param nowPx scrolled so far
 */
export function panned(piece: { from: number; to: number }, room: number, nowPx: number): number {
  if (piece.to > nowPx + room) return Math.ceil(piece.to - room);
  return piece.from < nowPx ? Math.max(0, Math.floor(piece.from)) : nowPx;
}
