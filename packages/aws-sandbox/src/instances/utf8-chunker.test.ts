import fc from "fast-check";
import { expect, test } from "vitest";
import { CHUNK_BYTES_MAX, Utf8Chunker } from "./utf8-chunker.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const allOf = (chunker: Utf8Chunker): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let chunk = chunker.take(); chunk; chunk = chunker.take()) chunks.push(chunk);
  return chunks;
};

test("a character cut in two by the pty goes out whole, once its rest has come", () => {
  const chunker = new Utf8Chunker();
  const [a, b, c] = bytes("漢");
  chunker.push(Uint8Array.of(a as number, b as number));
  expect(chunker.take()).toBeUndefined();
  expect(chunker.holdsOnlyTail).toBe(true);
  chunker.push(Uint8Array.of(c as number));
  expect(allOf(chunker)).toEqual([bytes("漢")]);
});

test("an unfinished character that nothing follows can be taken as it is", () => {
  const chunker = new Utf8Chunker();
  chunker.push(Uint8Array.of(0x61, 0xf0, 0x9f));
  expect(chunker.take()).toEqual(Uint8Array.of(0x61));
  expect(chunker.takeRest()).toEqual(Uint8Array.of(0xf0, 0x9f));
  expect(chunker.byteCount).toBe(0);
});

test("many small reads become few messages", () => {
  const chunker = new Utf8Chunker();
  for (let index = 0; index < 2_000; index++) chunker.push(bytes("x"));
  expect(allOf(chunker).map((chunk) => chunk.length)).toEqual([CHUNK_BYTES_MAX, 2_000 - CHUNK_BYTES_MAX]);
});

test("any text in any pieces comes out in chunks that are text by themselves", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 3_000 }), fc.array(fc.nat(700)), (text, cuts) => {
      const chunker = new Utf8Chunker();
      const chunks: Uint8Array[] = [];
      let rest = bytes(text);
      for (const cut of [...cuts, rest.length]) {
        chunker.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
        chunks.push(...allOf(chunker));
      }
      chunker.push(rest);
      chunks.push(...allOf(chunker));
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      expect(chunks.map((chunk) => decoder.decode(chunk)).join("")).toBe(text);
      expect(Math.max(0, ...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
    }),
  );
});

test("bytes that are no text pass unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (raw) => {
      const chunker = new Utf8Chunker();
      chunker.push(raw);
      const chunks = allOf(chunker);
      for (let rest = chunker.takeRest(); rest; rest = chunker.takeRest()) chunks.push(rest);
      expect(Buffer.concat(chunks).equals(Buffer.from(raw))).toBe(true);
    }),
  );
});
