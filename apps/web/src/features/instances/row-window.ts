/** The part of the list that rows are drawn for: the view, and some more on both sides. Pure. */

/** Kept beyond the view on each side, both taken together half of it each, in px: eight rows (DESIGN §14). */
export const OVERSCAN_PX: number = 8 * 40;
/** Of both sides' rows so much is kept on the side that one scrolls from. */
const BEHIND_PX = OVERSCAN_PX / 2;

export class RowWindow {
  #fromPx = 0;
  #toPx = OVERSCAN_PX;
  #heightPx = OVERSCAN_PX;
  #topPx = 0;
  /** Another list begins at its top, with every key: until the keys rest only what is in view is drawn. */
  #isTyped = false;

  get fromPx(): number {
    return this.#fromPx;
  }

  get toPx(): number {
    return this.#toPx;
  }

  /** @param topPx the view's, in the list */
  handleView(topPx: number, heightPx: number): void {
    this.#heightPx = heightPx;
    if (this.#isTyped && topPx === 0) return;
    // rows are drawn anew only when the view has left half of what is drawn beyond it
    const isDrawn =
      this.#fromPx <= Math.max(0, topPx - OVERSCAN_PX / 2) &&
      this.#toPx >= topPx + heightPx + OVERSCAN_PX / 2 &&
      this.#toPx - this.#fromPx <= heightPx + 3 * OVERSCAN_PX;
    if (isDrawn) return;
    const isUp = topPx < this.#topPx;
    const abovePx = topPx === this.#topPx ? OVERSCAN_PX : isUp ? 2 * OVERSCAN_PX - BEHIND_PX : BEHIND_PX;
    this.#topPx = topPx;
    this.#fromPx = topPx - abovePx;
    this.#toPx = topPx + heightPx + 2 * OVERSCAN_PX - abovePx;
  }

  /** A key made another list, which begins at its top. The view's height is as it was read last: a key must not lay out the page. */
  handleTyped(): void {
    this.#isTyped = true;
    this.#fromPx = 0;
    this.#toPx = this.#heightPx;
  }

  /** The keys rest: what lies beyond the view is wanted as well. */
  handleRest(topPx: number, heightPx: number): void {
    this.#isTyped = false;
    this.handleView(topPx, heightPx);
  }
}
