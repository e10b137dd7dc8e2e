import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { FakeClock } from "../../../test-support/fake-terminal.ts";
import { ANNOUNCED_CHARS_MAX, ANNOUNCED_LINES_MAX, announcedText, withoutEcho } from "./announced-text.ts";
import { ANNOUNCE_REST_MS, OutputAnnouncer } from "./output-announcer.ts";

class Bench {
  readonly terminal = new Terminal({ cols: 40, rows: 6, scrollback: 50, allowProposedApi: true });
  readonly clock = new FakeClock();
  readonly heard: string[] = [];
  isHeard = true;
  readonly announcer = new OutputAnnouncer(this.terminal, {
    clock: this.clock,
    isHeard: () => this.isHeard,
    announce: (text) => this.heard.push(text),
  });

  async print(output: string, isLive = true): Promise<void> {
    await new Promise<void>((done) => this.terminal.write(output, done));
    this.announcer.handleParsed(isLive);
  }

  async rest(): Promise<void> {
    await this.clock.advance(ANNOUNCE_REST_MS);
  }

  /** What was said since asked last. */
  said(): string[] {
    return this.heard.splice(0);
  }
}

/** At a prompt, all of it read out. */
async function atPrompt(): Promise<Bench> {
  const b = new Bench();
  await b.print("$ ");
  await b.rest();
  b.said();
  return b;
}

test("output is read out once it rests, each line once, and the prompt after it", async () => {
  const b = await atPrompt();
  await b.print("ls\r\na\r\n");
  await b.clock.advance(ANNOUNCE_REST_MS / 2);
  await b.print("b\r\n$ ");
  await b.clock.advance(ANNOUNCE_REST_MS / 2);
  expect(b.said()).toEqual([]);
  await b.rest();
  expect(b.said()).toEqual(["ls\na\nb\n$"]);
  await b.rest();
  expect(b.said()).toEqual([]);
  expect(b.clock.pending).toBe(0);
});

test("all that comes in one piece after it was turned on is read out, not its last line only", async () => {
  const b = new Bench();
  await new Promise<void>((done) => b.terminal.write("earlier\r\n$ ", done)); // while it was off
  b.announcer.begin();
  await b.print("ls\r\na\r\n$ ");
  await b.rest();
  expect(b.said()).toEqual(["ls\na\n$"]);
});

test("the echo of one's own keys is not read out, what a shell completes is", async () => {
  const b = await atPrompt();
  b.announcer.handleTyped("l");
  await b.print("l");
  b.announcer.handleTyped("s");
  await b.print("s");
  await b.rest();
  expect(b.said()).toEqual([]);
  b.announcer.handleTyped("\t");
  await b.print("tail");
  await b.rest();
  expect(b.said()).toEqual(["tail"]);
});

test("more than twenty lines are counted, not read", async () => {
  const b = await atPrompt();
  await b.print(Array.from({ length: 48 }, (_, n) => `line ${n}\r\n`).join(""));
  await b.rest();
  const [text = ""] = b.said();
  expect(text.split("\n")).toHaveLength(ANNOUNCED_LINES_MAX + 1);
  expect(text.endsWith("line 19\nand 28 more lines")).toBe(true);
});

test("what was shown before, and what comes while another terminal has the keyboard, is not read out later", async () => {
  const b = new Bench();
  await b.print("replayed\r\n", false);
  await b.rest();
  b.isHeard = false;
  await b.print("elsewhere\r\n");
  await b.rest();
  b.isHeard = true;
  await b.print("now\r\n");
  await b.rest();
  expect(b.said()).toEqual(["now"]);
});

test("a line that is drawn over is read as it is now, and of a full-screen program the cursor's line", async () => {
  const b = await atPrompt();
  await b.print("\r\x1b[K50 %");
  await b.rest();
  expect(b.said()).toEqual(["50 %"]);
  await b.print("\x1b[?1049h\x1b[Htop line\r\nthe menu");
  await b.rest();
  expect(b.said()).toEqual(["the menu"]);
});

test("an output longer than the scrollback, and a terminal that was cleared, go on without fail", async () => {
  const b = await atPrompt();
  await b.print(Array.from({ length: 400 }, (_, n) => `line ${n}\r\n`).join(""));
  await b.rest();
  expect(b.said()[0]).toMatch(/and \d+ more lines$/);
  b.announcer.reset();
  b.terminal.reset();
  await b.print("after\r\n");
  await b.rest();
  expect(b.said()).toEqual([]); // it begins where it stands
  await b.print("next\r\n");
  await b.rest();
  expect(b.said()).toEqual(["next"]);
});

test("a line beyond its bound is cut, blanks say nothing", () => {
  expect(announcedText(["x".repeat(ANNOUNCED_CHARS_MAX + 1)])).toHaveLength(ANNOUNCED_CHARS_MAX);
  expect(announcedText(["", "  "])).toBeUndefined();
  expect(withoutEcho("ls -l", "ls")).toBe(" -l");
  expect(withoutEcho("total", "ls")).toBe("total");
});
