import { Terminal } from "@xterm/headless";
import { afterEach, expect, test } from "vitest";
import { OutputWriter } from "./output-writer.ts";
import { type Emitted, ReplyFilter } from "./reply-filter.ts";

/** Queries that the emulator answers without a screen, and its answer. */
const ANSWERED: readonly [name: string, query: string, answer: string][] = [
  ["DA1", "\x1b[c", "\x1b[?1;2c"],
  ["DA2", "\x1b[>c", "\x1b[>0;276;0c"],
  ["DSR", "\x1b[5n", "\x1b[0n"],
  ["CPR", "\x1b[6n", "\x1b[1;1R"],
  ["DECXCPR", "\x1b[?6n", "\x1b[?1;1R"],
  ["DECRQM", "\x1b[4$p", "\x1b[4;2$y"],
  ["DECRQM private", "\x1b[?25$p", "\x1b[?25;1$y"],
  ["DECRQSS", "\x1bP$qm\x1b\\", "\x1bP1$r0m\x1b\\"],
  ["DECRQSS unknown", "\x1bP$qz\x1b\\", "\x1bP0$r\x1b\\"],
];
/** Queries that some emulators answer; whatever this one does with them, it must not pass as typed. */
const OTHERS = [
  "\x1b[=c",
  "\x1b[>q",
  "\x1b[18t",
  "\x1b[14t",
  "\x1b[21t",
  "\x1bZ",
  "\x1b[?u",
  "\x1b[?996n",
  "\x1b[x",
  "\x1bP+q544e\x1b\\",
  "\x1b]4;1;?\x07",
  "\x1b]10;?\x07",
  "\x1b]11;?\x1b\\",
  "\x1b]52;c;?\x07",
  "\x05",
];
/** Keys, as bytes, that look like reports: modified F3, Alt+[ with I, arrows, mouse, focus bytes without the mode. */
const KEYS = ["\x1b[1;2R", "\x1b[1;5R", "\x1bOR", "\x1b[", "I", "\x1b[<0;10;5M", "\x1b[1;1R", "\x1b[?1;2c", "a", "\r"];

let open: Terminal | undefined;
afterEach(() => open?.dispose());

function filtered(headOffset: number) {
  const terminal = new Terminal({ allowProposedApi: true });
  open = terminal;
  const emitted: [Emitted, string][] = [];
  const writer = new OutputWriter(
    {
      write: (bytes, parsed) => terminal.write(bytes, parsed),
      resize: () => undefined,
      reset: () => terminal.reset(),
      restored: () => undefined,
    },
    { acknowledge: () => undefined, acknowledgeCheckpoint: () => undefined },
  );
  const filter = new ReplyFilter(terminal, () => writer.isParsingLive);
  terminal.onData((data) => emitted.push([filter.classify(data), data]));
  writer.handleAttached(0, headOffset, 80, 24);
  const parsed = async (): Promise<void> => {
    while (!writer.isIdle) await new Promise<void>((resolve) => terminal.write("", resolve));
  };
  const feed = async (text: string): Promise<void> => {
    writer.output(new TextEncoder().encode(text));
    await parsed();
  };
  return { terminal, emitted, writer, filter, feed, parsed };
}

test.each(ANSWERED)("%s: the answer to a live query is a reply", async (_name, query, answer) => {
  const { emitted, feed } = filtered(0);
  await feed(query);
  expect(emitted).toEqual([["reply", answer]]);
});

test.each(ANSWERED)("%s: the answer to a replayed query is stale", async (_name, query, answer) => {
  const { emitted, feed } = filtered(query.length);
  await feed(query);
  expect(emitted).toEqual([["stale", answer]]);
});

test("no query of the corpus makes anything that passes as typed", async () => {
  const { emitted, feed } = filtered(0);
  for (const query of [...ANSWERED.map(([, text]) => text), ...OTHERS]) await feed(`text${query}text`);
  expect(emitted.filter(([origin]) => origin === "human")).toEqual([]);
});

test("a query split at any byte is still told apart", async () => {
  for (const [, query, answer] of ANSWERED)
    for (let cut = 1; cut < query.length; cut++) {
      const { emitted, feed, terminal } = filtered(0);
      await feed(query.slice(0, cut));
      await feed(query.slice(cut));
      expect(emitted).toEqual([["reply", answer]]);
      terminal.dispose();
    }
});

test("of one frame that holds both, only the query beyond the head is answered", async () => {
  const { emitted, feed } = filtered("\x1b[c".length);
  await feed("\x1b[c\x1b[6n");
  expect(emitted).toEqual([
    ["stale", "\x1b[?1;2c"],
    ["reply", "\x1b[1;1R"],
  ]);
});

test("keys that look like reports are keys, before, between and after queries", async () => {
  const { terminal, emitted, feed } = filtered(0);
  for (const key of KEYS) {
    await feed("\x1b[6n");
    terminal.input(key, true);
  }
  expect(emitted.filter(([origin]) => origin === "human").map(([, data]) => data)).toEqual(KEYS);
  expect(emitted.filter(([origin]) => origin === "reply")).toHaveLength(KEYS.length);
});

test("a key typed while output waits to be parsed is a key", async () => {
  const { terminal, emitted, writer, parsed } = filtered(0);
  writer.output(new TextEncoder().encode("\x1b[c"));
  terminal.input("x", true);
  await parsed();
  expect(emitted).toEqual([
    ["human", "x"],
    ["reply", "\x1b[?1;2c"],
  ]);
});

test("focus reports are replies, only when asked for live, and only when the focus changed", async () => {
  const { terminal, emitted, feed } = filtered(0);
  terminal.input("\x1b[I", false);
  await feed("\x1b[?1004h");
  for (const report of ["\x1b[I", "\x1b[I", "\x1b[O"]) terminal.input(report, false);
  expect(emitted.map(([origin]) => origin)).toEqual(["human", "reply", "stale", "reply"]);
});

test("focus reports asked for by replayed output are stale until a program asks again", async () => {
  const { terminal, emitted, feed } = filtered("\x1b[?1004h".length);
  await feed("\x1b[?1004h");
  terminal.input("\x1b[I", false);
  expect(emitted).toEqual([["stale", "\x1b[I"]]);
  await feed("\x1b[?1004h");
  terminal.input("\x1b[O", false);
  expect(emitted.at(-1)).toEqual(["reply", "\x1b[O"]);
});

test("dispose takes every hook back", async () => {
  const { filter, emitted, feed } = filtered(0);
  filter.dispose();
  await feed("\x1b[c");
  expect(emitted).toEqual([["human", "\x1b[?1;2c"]]);
});
