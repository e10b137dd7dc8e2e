// @vitest-environment happy-dom
import type { PointerPlace, PresentPerson } from "@causeway/wire-contract/sharing";
import { POINTERS_EVERY_MS } from "@causeway/wire-contract/sharing";
import { afterEach, expect, test } from "vitest";
import { LABEL_SHOWN_MS, POINTER_SHOWN_MS } from "./presence-overlay.ts";
import { SharingStore } from "./sharing-store.ts";
import { type PresenceGrid, type PresenceMessage, TerminalPresence } from "./terminal-presence.ts";

/** A terminal of 80 × 24 cells, drawn 800 × 480 px large. */
class FakeGrid implements PresenceGrid {
  readonly element = document.createElement("div");
  readonly grid = document.createElement("div");
  readonly cols = 80;
  readonly rows = 24;
  linesAboveEnd = 0;
  at: { col: number; row: number } | undefined = { col: 8, row: 12 };
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.element.append(this.grid);
    this.grid.getBoundingClientRect = () => new DOMRect(0, 0, 800, 480);
  }
  cursor() {
    return this.at;
  }
  scrollTo(linesAboveEnd: number): void {
    this.linesAboveEnd = linesAboveEnd;
    this.draw();
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  draw(): void {
    for (const listener of [...this.#listeners]) listener();
  }
  get listeners(): number {
    return this.#listeners.size;
  }
}

/** Time that a test moves on. */
class Time {
  nowAtMs = 1_000_000;
  #timers: { id: number; atMs: number; run: () => void }[] = [];
  #lastId = 0;
  nowMs = () => this.nowAtMs;
  setTimeout = (run: () => void, ms: number): number => {
    this.#timers.push({ id: ++this.#lastId, atMs: this.nowAtMs + ms, run });
    return this.#lastId;
  };
  clearTimeout = (id: number): void => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };
  pass(ms: number): void {
    this.nowAtMs += ms;
    for (const timer of this.#timers.filter(({ atMs }) => atMs <= this.nowAtMs)) {
      this.clearTimeout(timer.id);
      timer.run();
    }
  }
}

const PERSON = {
  account: "111122223333",
  role: "IAM user",
  proven: true,
  connected: true,
  keyboard: "watching",
} as const;
const DANA: PresentPerson = { ...PERSON, key: "owner", name: "dana", colour: 0 };
const KOFI: PresentPerson = { ...PERSON, key: "k1", name: "kofi", colour: 1, mode: "ask" };
const MIRA: PresentPerson = { ...PERSON, key: "m1", name: "mira", colour: 2, mode: "view" };

const made: TerminalPresence[] = [];
afterEach(() => {
  for (const presence of made.splice(0)) presence.dispose();
});

function at(you: "owner" | "k1") {
  const time = new Time();
  const grid = new FakeGrid();
  const store = new SharingStore(time.nowMs);
  const said: PresenceMessage[] = [];
  const presence = new TerminalPresence({
    ...{ grid, store, clock: time, isOwner: you === "owner" },
    say: (message) => said.push(message),
  });
  made.push(presence);
  const here = (...people: PresentPerson[]) =>
    store.handleMessage({ type: "sharing", nowMs: time.nowAtMs, you, people, ownerAway: false });
  here(DANA, KOFI);
  const pointersMoved = (who: string, place: PointerPlace) =>
    store.handleMessage({ type: "pointers", pointers: [{ who, at: place }] });
  const ownerReads = (lines: number) =>
    store.handleMessage({ type: "pointers", pointers: [], ownerLinesAboveEnd: lines });
  const labels = () =>
    [...grid.grid.querySelectorAll<HTMLElement>(".presence-layer > span")].map(
      ({ className, dataset, style }) => `${dataset.name} ${className} ${style.left} ${style.top}`,
    );
  const byHand = (lines: number) => {
    grid.element.dispatchEvent(new Event("wheel"));
    grid.linesAboveEnd = lines;
    grid.draw();
  };
  const point = (clientX: number, clientY: number) =>
    grid.element.dispatchEvent(Object.assign(new Event("pointermove"), { clientX, clientY }));
  return { time, grid, store, said, presence, here, pointersMoved, ownerReads, labels, byHand, point };
}

test("who types is named at the cursor, goes with it, and is named no more 3 s after the last key", () => {
  const { time, grid, store, labels } = at("k1");
  store.handleMessage({ type: "typing", who: "owner" });
  expect(labels()).toEqual(["dana presence-cursor 10% 50%"]);
  grid.at = { col: 78, row: 0 };
  grid.draw();
  expect(labels()).toEqual(["dana presence-cursor at-right at-top 97.5% 0%"]);
  time.pass(LABEL_SHOWN_MS - 1);
  expect(labels()).toHaveLength(1);
  time.pass(1);
  expect(labels()).toEqual([]);
});

test("a cursor that is scrolled out of view has no label, and nobody is named to somebody who is alone", () => {
  const { grid, store, here, labels } = at("owner");
  store.handleMessage({ type: "typing", who: "k1" });
  grid.at = undefined;
  grid.draw();
  expect(labels()).toEqual([]);
  grid.at = { col: 0, row: 3 };
  here(DANA);
  expect(labels()).toEqual([]);
});

test("pointers of others are shown where they are, for 4 s of rest, and leave with their person", () => {
  const { time, here, labels, pointersMoved } = at("k1");
  here(DANA, KOFI, MIRA);
  pointersMoved("m1", { col: 40, row: 6 });
  pointersMoved("k1", { col: 1, row: 1 }); // one's own is under one's hand
  pointersMoved("nobody", { col: 1, row: 1 });
  expect(labels()).toEqual(["mira presence-pointer 50% 25%"]);
  time.pass(POINTER_SHOWN_MS);
  expect(labels()).toEqual([]);
  pointersMoved("m1", { col: 40, row: 6 });
  pointersMoved("m1", null);
  expect(labels()).toEqual([]);
});

test("a pointer is told only by whose choice it is, at most 15 times a second, the last place always", () => {
  const { time, presence, said, point } = at("k1");
  point(400, 240);
  expect(said).toEqual([]);
  presence.showPointer(true);
  for (let x = 0; x <= 400; x += 10) point(x, 240);
  expect(said).toEqual([{ type: "pointer", at: { col: 0, row: 12 } }]);
  time.pass(POINTERS_EVERY_MS);
  expect(said.slice(1)).toEqual([{ type: "pointer", at: { col: 40, row: 12 } }]);
  for (let n = 0; n < 1_000; n++) {
    point(n % 800, 100);
    time.pass(1);
  }
  expect(said.length).toBeLessThanOrEqual(2 + 16);
  time.pass(POINTERS_EVERY_MS);
  presence.showPointer(false);
  time.pass(POINTERS_EVERY_MS);
  expect(said.at(-1)).toEqual({ type: "pointer", at: null });
});

test("the owner's place is told while somebody watches, and again to who comes later", () => {
  const { time, grid, said, here } = at("owner");
  here(DANA);
  grid.scrollTo(30);
  expect(said).toEqual([]);
  here(DANA, KOFI);
  expect(said).toEqual([{ type: "scroll", linesAboveEnd: 30 }]);
  grid.draw();
  time.pass(POINTERS_EVERY_MS);
  expect(said).toHaveLength(1);
  here(DANA, KOFI, MIRA);
  expect(said.slice(1)).toEqual([{ type: "scroll", linesAboveEnd: 30 }]);
  time.pass(POINTERS_EVERY_MS);
  grid.scrollTo(0);
  expect(said.at(-1)).toEqual({ type: "scroll", linesAboveEnd: 0 });
});

test("a viewer reads where the owner reads, until she scrolls by hand; then she goes back by a button", () => {
  const { grid, presence, ownerReads, byHand } = at("k1");
  ownerReads(12);
  expect(grid.linesAboveEnd).toBe(12);
  byHand(5);
  expect(presence.getChoice().following).toBe(false);
  ownerReads(20);
  expect(grid.linesAboveEnd).toBe(5);
  presence.follow(true);
  expect([grid.linesAboveEnd, presence.getChoice().following]).toEqual([20, true]);
});

test("a wheel that scrolls nothing leaves a viewer with the owner", () => {
  const { presence, byHand } = at("k1");
  byHand(0);
  expect(presence.getChoice().following).toBe(true);
});

test("what is over leaves no listener and nothing on the page", () => {
  const { grid, store, presence } = at("k1");
  store.handleMessage({ type: "typing", who: "owner" });
  presence.dispose();
  expect([grid.listeners, store.listeners, grid.grid.childElementCount]).toEqual([0, 0, 0]);
});
