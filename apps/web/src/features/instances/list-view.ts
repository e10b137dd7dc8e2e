/** The part of the list that is in view, drawn as somebody scrolls, without React: a frame costs what enters the view. */
import { DrawnRows } from "./drawn-rows.ts";
import type { InstanceGroup } from "./instance-groups.ts";
import type { RowsLook } from "./row-face.ts";
import type { PlacedInstance, PlacedRow, RowLayout } from "./row-layout.ts";
import { RowWindow } from "./row-window.ts";

/**
 * After the last key or the last scrolling, in milliseconds: then what lies beyond the view is drawn as well, and the elements
 * are put into the order that they are read in.
 */
export const REST_MS = 150;

export interface ShownList {
  layout: RowLayout;
  look: RowsLook;
  /** The option that is in the document wherever the view is: the list points to it. */
  activeOption: number | undefined;
}

export interface ListViewTimers {
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

export class ListView {
  readonly #scroller: HTMLElement;
  readonly #rows: DrawnRows;
  readonly #timers: ListViewTimers;
  readonly #window = new RowWindow();
  readonly #observer: ResizeObserver;
  readonly #ended = new AbortController();
  #list: ShownList | undefined;
  /** The window that is drawn. */
  #drawn = "";
  #resting: number | undefined;

  /**
   * @param scroller the element that is scrolled
   * @param body in it, as high as the list is; empty
   */
  constructor(scroller: HTMLElement, body: HTMLElement, timers: ListViewTimers) {
    this.#scroller = scroller;
    this.#rows = new DrawnRows(body);
    this.#timers = timers;
    const { signal } = this.#ended;
    // comes once a frame, before it is drawn
    scroller.addEventListener("scroll", () => this.#handleView(), { passive: true, signal });
    // of a pointer that moves, not of one that rows scroll by
    scroller.addEventListener("pointermove", ({ target }) => this.#meet(target), { passive: true, signal });
    this.#observer = new ResizeObserver(() => this.#handleView());
    this.#observer.observe(scroller);
    this.#window.handleView(scroller.scrollTop, scroller.clientHeight);
  }

  show(list: ShownList): void {
    this.#list = list;
    this.#draw(false);
  }

  /** A key changes the list, which begins at its top: until the keys rest only what is in view is drawn. */
  handleTyped(): void {
    this.#window.handleTyped();
    this.#restLater();
  }

  rowAt(target: Element): PlacedInstance["row"] | undefined {
    return this.#rows.rowAt(target);
  }

  headerAt(target: Element): InstanceGroup | undefined {
    return this.#rows.headerAt(target);
  }

  dispose(): void {
    this.#ended.abort();
    this.#observer.disconnect();
    if (this.#resting !== undefined) this.#timers.clearTimeout(this.#resting);
    this.#rows.clear();
  }

  #handleView(): void {
    this.#window.handleView(this.#scroller.scrollTop, this.#scroller.clientHeight);
    if (this.#drawn === this.#windowText) return;
    this.#draw(true);
    this.#restLater();
  }

  get #windowText(): string {
    return `${this.#window.fromPx} ${this.#window.toPx}`;
  }

  #restLater(): void {
    if (this.#resting !== undefined) this.#timers.clearTimeout(this.#resting);
    this.#resting = this.#timers.setTimeout(() => {
      this.#resting = undefined;
      this.#window.handleRest(this.#scroller.scrollTop, this.#scroller.clientHeight);
      this.#draw(false);
      this.#meet(this.#scroller.querySelector(".it:hover"));
    }, REST_MS);
  }

  #meet(target: EventTarget | null): void {
    if (target instanceof Element) this.#rows.meet(target);
  }

  #draw(isScrolled: boolean): void {
    if (this.#list === undefined) return;
    // an element with the keyboard may become another row's, or be moved: then the keyboard would be nowhere
    const { activeElement } = document;
    if (activeElement !== this.#scroller && this.#scroller.contains(activeElement))
      this.#scroller.focus({ preventScroll: true });
    this.#drawn = this.#windowText;
    this.#rows.show(this.#wanted(this.#list), this.#list.look, isScrolled);
  }

  #wanted({ layout, activeOption }: ShownList): readonly PlacedRow[] {
    const inView = layout.between(this.#window.fromPx, this.#window.toPx);
    const active = activeOption === undefined ? undefined : layout.option(activeOption);
    if (active === undefined || inView.some(({ row }) => row.key === active.row.key)) return inView;
    const after = inView.findIndex(({ topPx }) => topPx > active.topPx);
    return inView.toSpliced(after < 0 ? inView.length : after, 0, active);
  }
}
