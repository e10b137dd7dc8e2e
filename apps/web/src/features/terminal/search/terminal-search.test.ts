import { Terminal } from "@xterm/headless";
import type { IDecorationOptions } from "@xterm/xterm";
import { expect, test } from "vitest";
import type { LineMatcher, MatchAnswer } from "./line-matcher.ts";
import { matchesIn, type SearchQuery } from "./pattern.ts";
import { MATCHES_MAX, type SearchedTerminal, type SearchResult, STEP_ROWS, TerminalSearch } from "./terminal-search.ts";

/** A terminal without a page: marks are what the page would show. */
class ShownTerminal {
  readonly emulator: Terminal;
  readonly marks = new Set<IDecorationOptions>();
  readonly options: SearchedTerminal["options"] = {};
  selected: { column: number; row: number; length: number } | undefined;

  constructor(cols: number, rows: number, scrollback = 10_000) {
    this.emulator = new Terminal({ cols, rows, scrollback, allowProposedApi: true });
  }

  print(text: string): Promise<void> {
    return new Promise((done) => this.emulator.write(text, done));
  }

  /** Where marks of matches stand: row, column, width; without those of the one that one is at. */
  placed(): [row: number, column: number, width: number][] {
    return [...this.marks]
      .filter(({ backgroundColor }) => backgroundColor === "--amber-5")
      .map(({ marker, x = 0, width = 1 }): [number, number, number] => [marker.line, x, width])
      .sort(([a, x], [b, y]) => a - b || x - y);
  }

  asSearched(): SearchedTerminal {
    const { emulator, marks } = this;
    const shown: unknown = {
      buffer: emulator.buffer,
      options: this.options,
      get rows() {
        return emulator.rows;
      },
      get cols() {
        return emulator.cols;
      },
      registerMarker: (offset: number) => emulator.registerMarker(offset),
      registerDecoration: (options: IDecorationOptions) => {
        marks.add(options);
        return { dispose: () => marks.delete(options) };
      },
      select: (column: number, row: number, length: number) => {
        this.selected = { column, row, length };
      },
      clearSelection: () => {
        this.selected = undefined;
      },
      scrollLines: (lines: number) => emulator.scrollLines(lines),
      onWriteParsed: emulator.onWriteParsed,
      onResize: emulator.onResize,
    };
    return shown as SearchedTerminal;
  }
}

/** In this thread; answers when let go, if it is held. */
class FakeMatcher implements LineMatcher {
  answer: MatchAnswer | undefined;
  isDisposed = false;
  readonly asked: number[] = [];
  readonly #held: (() => void)[] = [];
  isHeld = false;
  async match(pattern: RegExp, lines: readonly string[], most: number): Promise<MatchAnswer> {
    this.asked.push(lines.length);
    if (this.isHeld) await new Promise<void>((go) => this.#held.push(go));
    return this.answer ?? { kind: "matched", matches: matchesIn(lines, pattern, most) };
  }
  letGo(): void {
    this.isHeld = false;
    for (const go of this.#held.splice(0)) go();
  }
  dispose(): void {
    this.isDisposed = true;
  }
}

class FakeTimers {
  callback: (() => void) | undefined;
  setTimeout(callback: () => void): number {
    this.callback = callback;
    return 1;
  }
  clearTimeout(): void {
    this.callback = undefined;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const regex = (text: string): SearchQuery => ({ text, isRegex: true, isCaseSensitive: false });
const plain = (text: string): SearchQuery => ({ text, isRegex: false, isCaseSensitive: false });

async function begin(output: string, cols = 20, rows = 5, scrollback?: number) {
  const terminal = new ShownTerminal(cols, rows, scrollback);
  await terminal.print(output);
  const matcher = new FakeMatcher();
  const timers = new FakeTimers();
  const results: SearchResult[] = [];
  const search = new TerminalSearch(
    terminal.asSearched(),
    (name) => name,
    () => matcher,
    timers,
  );
  const end = search.begin((result) => results.push(result));
  const find = async (query: SearchQuery, step: "as-typed" | "older" | "newer" = "as-typed") => {
    search.find(query, step);
    await settled();
    return results.at(-1);
  };
  const rest = async () => {
    timers.callback?.();
    await settled();
    return results.at(-1);
  };
  return { terminal, matcher, timers, results, search, end, find, rest };
}

const lines = (count: number, word = "Found"): string =>
  Array.from({ length: count }, (_, n) => `line-${n + 1} ${word}\r\n`).join("");

test("the ruler beside the text is there once somebody searches, and no earlier", async () => {
  const terminal = new ShownTerminal(20, 5);
  const search = new TerminalSearch(
    terminal.asSearched(),
    (name) => name,
    () => new FakeMatcher(),
    new FakeTimers(),
  );
  expect(terminal.options.overviewRuler).toBeUndefined();
  search.begin(() => undefined)();
  expect(terminal.options.overviewRuler).toEqual({ width: 14 });
});

test("the same text is looked for anew when it becomes a pattern, and when case begins to count", async () => {
  const { find } = await begin(lines(300));
  expect(await find(plain("^line-\\d0 found$"))).toEqual({ kind: "none" });
  expect(await find(regex("^line-\\d0 found$"))).toEqual({ kind: "found", index: 8, count: 9, hasMore: false });
  expect(await find({ ...regex("^line-\\d0 found$"), isCaseSensitive: true })).toEqual({ kind: "none" });
});

test("one goes to older and newer matches and around, and the screen goes along", async () => {
  const { terminal, find } = await begin(lines(300));
  const query = regex("^line-\\d0 found$");
  await find(query);
  expect(terminal.selected).toEqual({ column: 0, row: 89, length: 13 });
  expect(await find(query, "older")).toMatchObject({ index: 7 });
  expect(terminal.selected).toMatchObject({ row: 79 });
  const top = terminal.emulator.buffer.active.viewportY;
  expect(top <= 79 && 79 < top + 5).toBe(true);
  await find(query, "newer");
  expect(await find(query, "newer")).toMatchObject({ index: 0 });
  expect(await find(query, "older")).toMatchObject({ index: 8 });
});

test("what is typed on stays at the match that still fits", async () => {
  const { terminal, find } = await begin("ab\r\nabc\r\nab\r\n");
  await find(plain("a"));
  await find(plain("a"), "older");
  expect(terminal.selected).toMatchObject({ row: 1 });
  await find(plain("ab"));
  expect(terminal.selected).toMatchObject({ row: 1, length: 2 });
});

test("a match in a wrapped line is one match, marked on each row, and anchors hold for the whole line", async () => {
  const { terminal, find } = await begin("0123456789abcdefghijklmnop tail\r\n", 10, 6);
  expect(await find(regex("^0.*tail$"))).toMatchObject({ count: 1 });
  expect(terminal.placed()).toEqual([
    [0, 0, 10],
    [1, 0, 10],
    [2, 0, 10],
    [3, 0, 1],
  ]);
  expect(terminal.selected).toEqual({ column: 0, row: 0, length: 31 });
  expect(await find(regex("^a"))).toEqual({ kind: "none" });
});

test("wide and combined characters are marked where they stand", async () => {
  const { terminal, find } = await begin("漢字 e\u0301x 世\r\n", 20, 4);
  await find(plain("e\u0301x"));
  expect(terminal.placed()).toEqual([[0, 5, 2]]);
  await find(plain("世"));
  expect(terminal.placed()).toEqual([[0, 8, 2]]);
});

test("a wide character that did not fit at the end of a row leaves no blank in the line", async () => {
  const { find } = await begin("abcd漢e\r\n", 5, 4);
  expect(await find(plain("d漢e"))).toMatchObject({ count: 1 });
});

test("a large scrollback is looked through in steps, and the newest matches are counted up to the bound", async () => {
  const { terminal, matcher, find } = await begin(lines(STEP_ROWS * 2 + 10), 20, 5);
  expect(await find(plain("line-1 "))).toMatchObject({ count: 1, hasMore: false });
  expect(matcher.asked).toHaveLength(3);
  expect(await find(plain("found"))).toEqual({
    kind: "found",
    index: MATCHES_MAX - 1,
    count: MATCHES_MAX,
    hasMore: true,
  });
  expect(terminal.placed()).toHaveLength(MATCHES_MAX);
});

test("what cannot be read, takes too long or cannot be loaded is said, and no mark stays", async () => {
  const { terminal, matcher, find } = await begin("aaa\r\n");
  await find(plain("a"));
  expect(await find(regex("("))).toEqual({ kind: "invalid" });
  expect(terminal.marks.size).toBe(0);
  for (const kind of ["slow", "unavailable"] as const) {
    matcher.answer = { kind };
    expect(await find(regex(`a${kind.length}`))).toEqual({ kind });
  }
  expect(terminal.selected).toBeUndefined();
});

test("new output is counted once it rests, and neither selection nor screen moves for it", async () => {
  const { terminal, find, rest } = await begin(lines(30));
  await find(plain("line-3 "));
  await find(plain("found"));
  const before = terminal.emulator.buffer.active.viewportY;
  const { selected } = terminal;
  await terminal.print("Found again\r\n");
  terminal.emulator.scrollToLine(before);
  expect(await rest()).toMatchObject({ count: 31 });
  expect(terminal.emulator.buffer.active.viewportY).toBe(before);
  expect(terminal.selected).toEqual(selected);
});

test("lines that are dropped while it is looked for take their matches along, and move the others", async () => {
  const { terminal, matcher, search, results } = await begin(lines(15), 20, 5, 10);
  const first = terminal.emulator.buffer.active.getLine(0)?.translateToString(true);
  expect(first).toBe("line-2 Found");
  matcher.isHeld = true;
  search.find(plain("found"), "as-typed");
  await terminal.print("x\r\nx\r\nx\r\n");
  matcher.letGo();
  await settled();
  expect(terminal.placed().map(([row]) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(results.at(-1)).toMatchObject({ count: 11 });
});

test("steps asked for while it is looked for are taken when it is found", async () => {
  const { matcher, search, results } = await begin(lines(9));
  matcher.isHeld = true;
  search.find(plain("found"), "as-typed");
  search.find(plain("found"), "older");
  search.find(plain("found"), "older");
  matcher.letGo();
  await settled();
  expect(results.at(-1)).toMatchObject({ index: 6, count: 9 });
});

test("a search that was typed over says nothing any more", async () => {
  const { terminal, matcher, search, results } = await begin(lines(9));
  matcher.isHeld = true;
  search.find(plain("found"), "as-typed");
  search.find(plain("line-4"), "as-typed");
  matcher.letGo();
  await settled();
  expect(results).toEqual([{ kind: "found", index: 0, count: 1, hasMore: false }]);
  expect(terminal.placed()).toEqual([[3, 0, 6]]);
});

test("who leaves off takes marks, selection, timer and worker along", async () => {
  const { terminal, matcher, timers, end, find, results } = await begin(lines(9));
  await find(plain("found"));
  await terminal.print("Found\r\n");
  end();
  expect(terminal.marks.size).toBe(0);
  expect(terminal.selected).toBeUndefined();
  expect(timers.callback).toBeUndefined();
  expect(matcher.isDisposed).toBe(true);
  const told = results.length;
  await find(plain("found"));
  expect(results).toHaveLength(told);
});
