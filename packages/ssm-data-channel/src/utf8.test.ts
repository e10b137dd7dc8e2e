import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8Decode, utf8Encode } from "./utf8.ts";

const platformDecode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
/** Bytes that begin, continue and break characters of every length, more often than chance would have them. */
const trickyBytes = fc
  .array(
    fc.constantFrom(
      0x41,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    ),
    { maxLength: 40 },
  )
  .map((bytes) => Uint8Array.from(bytes));

describe("UTF-8 is the platform's, byte for byte", () => {
  test("encoding any text, lone surrogates included", () => {
    const unit = fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd700, max: 0xe100 }), fc.nat({ max: 0x90 }));
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = String.fromCharCode(...units);
        expect(utf8Encode(text)).toEqual(new Uint8Array(new TextEncoder().encode(text)));
      }),
      { numRuns: 1000 },
    );
  });

  test("decoding any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectPlatformText));
  });

  test("decoding broken characters: each broken run becomes one U+FFFD", () => {
    fc.assert(fc.property(trickyBytes, expectPlatformText), { numRuns: 3000 });
  });

  test("decoding texts longer than one chunk, with a pair of surrogates on every possible side of its end", () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = "a".repeat(shift) + "é漢🎉".repeat(20_000);
      expect(utf8Decode(utf8Encode(text))).toBe(text);
    }
  });

  test("a byte order mark is kept", () => {
    expect(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe("\ufeffA");
  });
});

function expectPlatformText(bytes: Uint8Array): void {
  expect(utf8Decode(bytes)).toBe(platformDecode(bytes));
}
