// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_FILTER } from "./instance-filter.ts";
import { groupIndex } from "./instance-groups.ts";
import { ListFilter } from "./list-filter.ts";
import { ListView, REST_MS } from "./list-view.ts";
import { RowLayout } from "./row-layout.ts";
import { indexOf, listed } from "./testing/listed.ts";

const VIEW_PX = 600;
const FLEET = Array.from({ length: 300 }, (_, n) => listed(`n-${n}`));
const layout = new RowLayout(new ListFilter(groupIndex(indexOf(FLEET), "none")).show([], NO_FILTER).groups, {
  header: 26,
  full: 40,
  compact: 28,
});
const LOOK = {
  listId: "list",
  optionMax: 300,
  severalPlaces: false,
  identityWords: new Map(),
  openCounts: new Map(),
  favourites: new Set<string>(),
  words: [],
  nowMs: 0,
  markedKey: undefined,
  activeKey: undefined,
};

/** One timer at a time, as the view needs. */
class Timers {
  pending: { run(): void; ms: number } | undefined;
  #last = 0;
  setTimeout(run: () => void, ms: number): number {
    this.pending = { run, ms };
    return ++this.#last;
  }
  clearTimeout(id: number): void {
    if (id === this.#last) this.pending = undefined;
  }
  elapse(): void {
    const { pending } = this;
    this.pending = undefined;
    pending?.run();
  }
}

// happy-dom lays nothing out
beforeEach(() => void vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(VIEW_PX));
afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

function begin() {
  const [scroller, body] = [document.createElement("div"), document.createElement("div")];
  scroller.tabIndex = 0;
  scroller.append(body);
  document.body.append(scroller);
  const timers = new Timers();
  const view = new ListView(scroller, body, timers);
  const show = (activeOption = 0) => view.show({ layout, look: LOOK, activeOption });
  const scrollTo = (topPx: number): void => {
    scroller.scrollTop = topPx;
    scroller.dispatchEvent(new Event("scroll"));
  };
  const options = () => [...body.querySelectorAll("[role=option]")];
  const numbers = () => options().map((row) => Number(row.getAttribute("aria-posinset")) - 1);
  show();
  return { view, scroller, body, timers, show, scrollTo, options, numbers };
}

test("a key draws what is in view; 150 ms after the last one the rest is drawn", () => {
  const { view, timers, show, numbers } = begin();
  view.handleTyped();
  show();
  const inView = Math.ceil((VIEW_PX - 26) / 40);
  expect(numbers()).toHaveLength(inView);
  expect(timers.pending?.ms).toBe(REST_MS);
  const first = timers.pending;
  view.handleTyped();
  show();
  expect(timers.pending).not.toBe(first);
  expect(numbers()).toHaveLength(inView);
  timers.elapse();
  expect(numbers()).toHaveLength(inView + 8);
  expect(timers.pending).toBeUndefined();
});

test("scrolling draws in the same frame, without the page's frame being told", () => {
  const { scrollTo, numbers, timers } = begin();
  scrollTo(4_000);
  expect(numbers()).toContain(100);
  expect(numbers().toSorted((a, b) => a - b)).not.toEqual(numbers());
  timers.elapse();
  expect(numbers().toSorted((a, b) => a - b)).toEqual(numbers());
});

test("who scrolls back to the top before the keys rest sees the list there", () => {
  const { view, scrollTo, numbers, show } = begin();
  scrollTo(8_000);
  view.handleTyped();
  show();
  scrollTo(0);
  expect(numbers()).toContain(0);
  expect(numbers()).toContain(13);
});

test("the option that the list points to is in the document wherever the view is", () => {
  const { show, scrollTo, numbers } = begin();
  show(250);
  expect(numbers().at(-1)).toBe(250);
  scrollTo(6_000);
  show(2);
  expect(numbers()[0]).toBe(2);
});

test("the keyboard does not stay on a row that becomes another one", () => {
  const { scroller, options, scrollTo } = begin();
  const [first] = options();
  if (first instanceof HTMLElement) first.focus();
  expect(document.activeElement).toBe(first);
  scrollTo(4_000);
  expect(document.activeElement).toBe(scroller);
});

test("a view that has ended has no timer, no row, and follows nothing", () => {
  const { view, body, timers, scrollTo } = begin();
  scrollTo(4_000);
  view.dispose();
  expect(timers.pending).toBeUndefined();
  expect(body.childElementCount).toBe(0);
  scrollTo(0);
  expect(body.childElementCount).toBe(0);
});
