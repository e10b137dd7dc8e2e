/**
 * What people do beside typing at one shared terminal on this page: whose name is over the text, whose pointer, and who reads
 * where. The owner's place is told to viewers, who follow it until they scroll by hand. Framework-free.
 */
import { POINTERS_EVERY_MS, type PointerPlace } from "@causeway/wire-contract/sharing";
import { Paced } from "./paced.ts";
import { type OverlaidGrid, type OverlayClock, PresenceOverlay } from "./presence-overlay.ts";
import type { SharingStore } from "./sharing-store.ts";

/** Parts of the page that follow what is chosen here; more is a leak. */
const LISTENERS_MAX = 8;
const SCROLL_KEYS: ReadonlySet<string> = new Set(["PageUp", "PageDown", "Home", "End"]);

export interface PresenceGrid extends OverlaidGrid {
  readonly element: HTMLElement;
  readonly linesAboveEnd: number;
  scrollTo(linesAboveEnd: number): void;
}

export type PresenceMessage = { type: "pointer"; at: PointerPlace } | { type: "scroll"; linesAboveEnd: number };

export interface PresenceChoice {
  /** A viewer reads where the owner reads. */
  following: boolean;
  /** This person's pointer is shown to the others. */
  pointing: boolean;
}

export interface PresenceParts {
  grid: PresenceGrid;
  store: SharingStore;
  clock: OverlayClock;
  isOwner: boolean;
  say(message: PresenceMessage): void;
}

export class TerminalPresence {
  readonly #parts: PresenceParts;
  readonly #overlay: PresenceOverlay;
  readonly #pointer: Paced<PointerPlace>;
  readonly #scroll: Paced<number>;
  readonly #leave: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  #choice: PresenceChoice = { following: true, pointing: false };
  #toldLines = 0;
  #toldTo = "";
  #isMovedByHand = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    const { clock, grid, isOwner, say, store } = parts;
    this.#overlay = new PresenceOverlay(grid, store, clock);
    this.#pointer = new Paced(POINTERS_EVERY_MS, clock, (at) => say({ type: "pointer", at }));
    this.#scroll = new Paced(POINTERS_EVERY_MS, clock, (linesAboveEnd) => say({ type: "scroll", linesAboveEnd }));
    const { element } = grid;
    this.#listen(element, "pointermove", (event) => this.#pointed(event as PointerEvent));
    this.#listen(element, "pointerleave", () => this.#point(null));
    if (isOwner) {
      this.#leave.push(grid.onChange(() => this.#tellPlace()));
      this.#leave.push(store.subscribe(() => this.#tellPlace()));
      return;
    }
    this.#listen(element, "wheel", () => this.#scrolledByHand());
    this.#listen(element, "keydown", (event) => {
      const { key, shiftKey } = event as KeyboardEvent;
      if (shiftKey && SCROLL_KEYS.has(key)) this.#scrolledByHand();
    });
    this.#listen(element, "pointerdown", ({ target }) => {
      if (target instanceof Element && target.closest(".scrollbar")) this.#scrolledByHand();
    });
    this.#leave.push(store.subscribe(() => this.#follow()));
    this.#leave.push(grid.onChange(() => this.#drawn()));
  }

  readonly getChoice = (): PresenceChoice => this.#choice;

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many listeners of presence: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  follow(following: boolean): void {
    this.#choose({ following });
    this.#follow();
  }

  showPointer(pointing: boolean): void {
    if (!pointing) this.#point(null);
    this.#choose({ pointing });
  }

  dispose(): void {
    for (const leave of this.#leave) leave();
    this.#pointer.stop();
    this.#scroll.stop();
    this.#overlay.dispose();
    this.#listeners.clear();
  }

  #listen(element: HTMLElement, name: string, listener: (event: Event) => void): void {
    const options = { capture: true, passive: true };
    element.addEventListener(name, listener, options);
    this.#leave.push(() => element.removeEventListener(name, listener, options));
  }

  #pointed({ clientX, clientY }: PointerEvent): void {
    if (!this.#choice.pointing) return;
    const { cols, grid, rows } = this.#parts.grid;
    const box = grid?.getBoundingClientRect();
    if (box === undefined || box.width === 0 || box.height === 0) return;
    const col = ((clientX - box.left) / box.width) * cols;
    const row = ((clientY - box.top) / box.height) * rows;
    this.#point(col >= 0 && row >= 0 && col <= cols && row <= rows ? { col, row } : null);
  }

  #point(at: PointerPlace): void {
    if (this.#choice.pointing) this.#pointer.set(at);
  }

  /** Only where somebody watches, and again to everybody when somebody comes. */
  #tellPlace(): void {
    const { grid, store } = this.#parts;
    const { people, you } = store.getView();
    const viewers = people.filter(({ mode }) => mode !== undefined).map(({ key }) => key);
    const to = you === undefined ? "" : viewers.join(" ");
    const lines = grid.linesAboveEnd;
    if (to === "" || (lines === this.#toldLines && (to === this.#toldTo || lines === 0))) {
      this.#toldTo = to;
      return;
    }
    this.#toldLines = lines;
    this.#toldTo = to;
    this.#scroll.set(lines);
  }

  #follow(): void {
    const { grid, store } = this.#parts;
    const { ownerLinesAboveEnd } = store.getView();
    if (this.#choice.following && ownerLinesAboveEnd !== undefined) grid.scrollTo(ownerLinesAboveEnd);
  }

  #scrolledByHand(): void {
    this.#isMovedByHand = true;
  }

  /** A wheel that moved nothing, in a full-screen program or at the end already, is no wish to read elsewhere. */
  #drawn(): void {
    if (!this.#isMovedByHand) return;
    this.#isMovedByHand = false;
    const { grid, store } = this.#parts;
    if (grid.linesAboveEnd !== (store.getView().ownerLinesAboveEnd ?? 0)) this.#choose({ following: false });
  }

  #choose(change: Partial<PresenceChoice>): void {
    const next = { ...this.#choice, ...change };
    if (next.following === this.#choice.following && next.pointing === this.#choice.pointing) return;
    this.#choice = next;
    for (const listener of [...this.#listeners]) listener();
  }
}
