import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { RandomOutput, randomNumbers } from "../test/random-output.ts";
import { ParserWatch } from "./parser-watch.ts";
import { internalsOf } from "./terminal-internals.ts";
import { wholeUtf8Length } from "./whole-utf8.ts";

const encoder = new TextEncoder();

test("it says after every byte of random output what xterm's own parser says", () => {
  const output = new RandomOutput(randomNumbers(7));
  const terminal = new headless.Terminal({ allowProposedApi: true, cols: 40, rows: 10, logLevel: "off" });
  const internals = internalsOf(terminal);
  const watch = new ParserWatch();
  let held: number[] = [];
  for (let index = 0; index < 2_000; index++) {
    const entry = output.entry();
    if (!("bytes" in entry)) continue;
    for (const byte of entry.bytes) {
      watch.push(Uint8Array.of(byte));
      held.push(byte);
      const whole = wholeUtf8Length(Uint8Array.from(held));
      internals._inputHandler.parse(Uint8Array.from(held.slice(0, whole)));
      held = held.slice(whole);
      const isGround = held.length === 0 && internals._inputHandler._parser.currentState === 0;
      expect(watch.isGround, `byte ${watch.bytes}`).toBe(isGround);
    }
  }
  terminal.dispose();
});

test.each([
  ["an OSC ended by BEL", "\x1b]0;title\x07", true],
  ["an OSC ended by ST", "\x1b]0;title\x1b\\", true],
  ["an OSC that has its escape only", "\x1b]0;title\x1b", false],
  ["a sequence cancelled by CAN", "\x1b[1;2\x18", true],
  ["a sequence cancelled by SUB", "\x1bP1;2\x1a", true],
  ["a DCS in which BEL is text", "\x1bPq\x07", false],
  ["a one-character CSI of C1", "\u009b1", false],
  ["an APC that a character beyond ASCII ends", "\x1b_apcé", true],
])("after %s: %j: is nothing open? %s", (_, output, isGround) => {
  const watch = new ParserWatch();
  watch.push(encoder.encode(output));
  expect(watch.isGround).toBe(isGround);
});

test("half a character is open, and whole with its last byte", () => {
  const watch = new ParserWatch();
  watch.push(Uint8Array.of(0x61, 0xe2, 0x80));
  expect([watch.isGround, watch.groundAt]).toEqual([false, 1]);
  watch.push(Uint8Array.of(0x94));
  expect([watch.isGround, watch.groundAt]).toEqual([true, 4]);
});
