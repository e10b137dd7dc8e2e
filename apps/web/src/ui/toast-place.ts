/** Where notices stand so that they cover nothing that is needed now (DESIGN §10). Pure; all in CSS px of the window. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where they stand when nothing is in the way: above the status bar (24 px), with 16 px between. */
export const REST_BOTTOM_PX = 40;
/** Between them and what they make room for. */
const GAP_PX = 8;

/**
 * @param toasts their box, wherever it stands now
 * @param keepClear what must be seen; what has no area counts as nothing
 * @param bottomPx where they stand now, from the lower edge of the window: kept while it is free, so that they do not wander
 * @returns from the lower edge of the window: the lowest free place from where they rest upwards. Where there is none they rest
 */
export function toastBottomPx(
  toasts: Pick<Box, "left" | "right"> & { height: number },
  windowHeight: number,
  keepClear: readonly Box[],
  bottomPx: number,
): number {
  const inTheWay = keepClear.filter(
    ({ left, right, top, bottom }) =>
      right > left && bottom > top && left < toasts.right + GAP_PX && right > toasts.left - GAP_PX,
  );
  const isFree = (place: number): boolean => {
    const bottom = windowHeight - place;
    const top = bottom - toasts.height;
    return top >= GAP_PX && inTheWay.every((box) => box.top >= bottom || box.bottom <= top);
  };
  // each free place but the lowest begins right above something
  const places = inTheWay.map(({ top }) => windowHeight - top + GAP_PX).filter((place) => place > REST_BOTTOM_PX);
  const now = bottomPx >= REST_BOTTOM_PX ? [bottomPx] : [];
  return [...now, REST_BOTTOM_PX, ...places.sort((one, other) => one - other)].find(isFree) ?? REST_BOTTOM_PX;
}
