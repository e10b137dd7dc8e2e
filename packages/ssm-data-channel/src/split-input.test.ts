import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, splitInput, splitOutput } from "./split-input.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
/** Pads so that `text` begins `before` bytes in front of the first cut. */
const acrossTheCut = (text: string, before: number) =>
  utf8("x".repeat(CHUNK_BYTES_MAX - before) + text + "y".repeat(50));
const lengths = (chunks: Uint8Array[]) => chunks.map((chunk) => chunk.length);

test("1024 bytes are one message, 1025 are two, none are none", () => {
  expect(lengths(splitInput(new Uint8Array(1_024)))).toEqual([1_024]);
  expect(lengths(splitInput(new Uint8Array(1_025)))).toEqual([1_024, 1]);
  expect(splitInput(new Uint8Array(0))).toEqual([]);
});

test.each(["é", "漢", "🎉"])("the character %s is never cut", (character) => {
  const size = utf8(character).length;
  for (let before = 1; before < size; before += 1) {
    for (const split of [splitInput, splitOutput]) {
      expect(lengths(split(acrossTheCut(character, before)))[0]).toBe(CHUNK_BYTES_MAX - before);
    }
  }
});

test("a character that ends exactly at the cut stays in the first message", () => {
  expect(lengths(splitInput(acrossTheCut("🎉", 4)))[0]).toBe(CHUNK_BYTES_MAX);
});

test("continuation bytes without a beginning are cut at the limit", () => {
  expect(lengths(splitInput(new Uint8Array(2_000).fill(0x80)))).toEqual([1_024, 976]);
});

test.each([
  ["an arrow key", "\x1b[A"],
  ["an application arrow key", "\x1bOA"],
  ["a function key", "\x1b[15~"],
  ["the begin of a paste", "\x1b[200~"],
  ["a mouse report", "\x1b[<64;120;33M"],
  ["an old mouse report", "\x1b[M !!"],
  ["Alt with a letter", "\x1bb"],
  ["Alt with an arrow key", "\x1b\x1b[A"],
  ["a cursor report", "\x1b[12;80R"],
  ["a colour report", "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\"],
  ["a colour report ended by BEL", "\x1b]10;rgb:ffff/ffff/ffff\x07"],
])("%s is never cut", (_name, sequence) => {
  for (let before = 1; before < sequence.length; before += 1) {
    expect(lengths(splitInput(acrossTheCut(sequence, before)))[0]).toBe(CHUNK_BYTES_MAX - before);
  }
  expect(lengths(splitInput(acrossTheCut(sequence, sequence.length)))[0]).toBe(CHUNK_BYTES_MAX);
});

test("a sequence of more than 64 bytes is cut at the limit, as it takes several messages anyway", () => {
  expect(lengths(splitInput(acrossTheCut(`\x1b]52;c;${"A".repeat(3_000)}\x07`, 10)))[0]).toBe(CHUNK_BYTES_MAX);
});

test("whatever the bytes, the chunks put together are the bytes, and none but the last is short", () => {
  const interesting = fc.oneof(
    fc.constantFrom(0x1b, 0x5b, 0x5d, 0x4f, 0x80, 0xe6, 0xf0, 0x41),
    fc.integer({ min: 0, max: 255 }),
  );
  fc.assert(
    fc.property(fc.array(interesting, { minLength: 900, maxLength: 4_000 }), (values) => {
      const bytes = Uint8Array.from(values);
      for (const chunks of [splitInput(bytes), splitOutput(bytes)]) {
        expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
        const sizes = lengths(chunks);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
        expect(Math.min(CHUNK_BYTES_MAX, ...sizes.slice(0, -1))).toBeGreaterThanOrEqual(CHUNK_BYTES_MIN);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});
