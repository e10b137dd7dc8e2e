/**
 * Names over a terminal's text: at the cursor of who types, and at the pointers of who shows them. Drawn beside the emulator, in
 * boxes that take no clicks; where they stand is told in parts of the grid, so that nothing has to be measured.
 */
import type { PresentPerson } from "@causeway/wire-contract/sharing";
import type { SharingStore } from "./sharing-store.ts";

/** After the last key the label goes, in milliseconds (DESIGN §7). */
export const LABEL_SHOWN_MS = 3_000;
/** After so long without a move a pointer goes, in milliseconds (DESIGN §7). */
export const POINTER_SHOWN_MS = 4_000;
/** Colours of the tokens, `--presence-1` to this one. */
const COLOURS = 8;

/** The part of a terminal that this draws over. */
export interface OverlaidGrid {
  readonly cols: number;
  readonly rows: number;
  /** undefined until the terminal was drawn once. */
  readonly grid: HTMLElement | undefined;
  cursor(): { col: number; row: number } | undefined;
  onChange(listener: () => void): () => void;
}

export interface OverlayClock {
  nowMs(): number;
  setTimeout(callback: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

export class PresenceOverlay {
  readonly #grid: OverlaidGrid;
  readonly #store: SharingStore;
  readonly #clock: OverlayClock;
  readonly #layer = document.createElement("div");
  /** By person, and "cursor". */
  readonly #labels = new Map<string, HTMLElement>();
  readonly #leave: (() => void)[];
  #timer: number | undefined;

  constructor(grid: OverlaidGrid, store: SharingStore, clock: OverlayClock) {
    this.#grid = grid;
    this.#store = store;
    this.#clock = clock;
    this.#layer.className = "presence-layer";
    this.#layer.ariaHidden = "true"; // who types is told beside the terminal, in words
    this.#leave = [store.subscribe(() => this.#draw()), grid.onChange(() => this.#draw())];
    this.#draw();
  }

  dispose(): void {
    for (const leave of this.#leave) leave();
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#layer.remove();
  }

  #draw(): void {
    const wanted = new Set<string>();
    const nextMs = [this.#drawCursor(wanted), ...this.#drawPointers(wanted)].filter((ms) => ms !== undefined);
    for (const [key, label] of this.#labels) {
      if (wanted.has(key)) continue;
      label.remove();
      this.#labels.delete(key);
    }
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (nextMs.length > 0) this.#timer = this.#clock.setTimeout(() => this.#draw(), Math.min(...nextMs));
  }

  /** @returns when it goes, from now */
  #drawCursor(wanted: Set<string>): number | undefined {
    const { people, typist, you } = this.#store.getView();
    const person = people.find(({ key }) => key === typist?.who);
    const leftMs = (typist?.atMs ?? 0) + LABEL_SHOWN_MS - this.#clock.nowMs();
    const cursor = this.#grid.cursor();
    // a label for oneself alone tells nothing
    if (you === undefined || person === undefined || leftMs <= 0 || people.length < 2) return undefined;
    if (cursor !== undefined) {
      wanted.add("cursor");
      this.#place("cursor", person, cursor, "presence-cursor");
    }
    return leftMs;
  }

  #drawPointers(wanted: Set<string>): (number | undefined)[] {
    const { people, pointers, you } = this.#store.getView();
    return [...pointers].map(([who, { at, atMs }]) => {
      const person = people.find(({ key }) => key === who);
      const leftMs = atMs + POINTER_SHOWN_MS - this.#clock.nowMs();
      if (person === undefined || leftMs <= 0 || who === you) return undefined;
      wanted.add(who);
      this.#place(who, person, at, "presence-pointer");
      return leftMs;
    });
  }

  #place(key: string, person: PresentPerson, at: { col: number; row: number }, className: string): void {
    const { grid, cols, rows } = this.#grid;
    if (grid === undefined) return;
    if (this.#layer.parentElement !== grid) grid.append(this.#layer);
    const label = this.#labels.get(key) ?? document.createElement("span");
    if (!this.#labels.has(key)) {
      this.#labels.set(key, label);
      this.#layer.append(label);
    }
    // near an edge it stands on the other side
    const isRight = at.col + person.name.length + 2 > cols;
    const isTop = at.row < 1;
    label.className = [className, isRight ? "at-right" : "", isTop ? "at-top" : ""].filter(Boolean).join(" ");
    label.dataset.name = person.name;
    label.style.setProperty("--presence", `var(--presence-${1 + (person.colour % COLOURS)})`);
    label.style.left = `${(100 * Math.min(at.col, cols)) / cols}%`;
    label.style.top = `${(100 * Math.min(at.row, rows)) / rows}%`;
  }
}
