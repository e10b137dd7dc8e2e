import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64Decode, base64Encode } from "./base64.ts";

describe("base64", () => {
  test("is written as the platform writes it, and read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = base64Encode(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(base64Decode(text)).toEqual(bytes);
      }),
    );
  });

  test("may hold line breaks, as for Go", () => {
    expect(base64Decode("AA\r\nEC\n")).toEqual(Uint8Array.of(0, 1, 2));
  });

  test.each(["A", "AA", "AAA", "AA=", "A===", "AA==AA==", "AA-_", "A A=", "====", "AAAA="])("%j is none", (text) => {
    expect(base64Decode(text)).toBeUndefined();
  });

  test("decoding never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void base64Decode(text)));
  });
});
