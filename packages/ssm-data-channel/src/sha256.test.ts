import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexOf } from "../test/vectors/vectors.ts";
import { sha256, sha256Continue, sha256Midstate } from "./sha256.ts";

const native = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe("SHA-256 in JavaScript", () => {
  test("gives the digests printed in the standard", () => {
    const digestOf = (text: string) => hexOf(sha256(Uint8Array.from(Buffer.from(text))));
    expect(digestOf("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(digestOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(digestOf("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("agrees with the native one at every length around the block boundaries", () => {
    for (let length = 0; length <= 260; length++) {
      const data = new Uint8Array(length).map((_, index) => (index * 7 + length) % 256);
      expect(hexOf(sha256(data))).toBe(native(data));
    }
  });

  test("agrees with the native one on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (data) => {
        expect(hexOf(sha256(data))).toBe(native(data));
      }),
    );
  });

  test("agrees with the native one on a view into a larger buffer", () => {
    const data = new Uint8Array(1000).fill(9).subarray(13, 713);
    expect(hexOf(sha256(data))).toBe(native(data));
  });

  test("counts the length in 64 bits", () => {
    // 2^32 bits and 8 more, without hashing them: only the length in the padding differs from that of one byte.
    const lengthOf = (prefixBytes: number) => {
      const target = new Uint8Array(32);
      sha256Continue({ ...sha256Midstate(new Uint8Array(0)), prefixBytes }, Uint8Array.of(1), 0, target, 0);
      return hexOf(target);
    };
    expect(lengthOf(2 ** 29)).not.toBe(lengthOf(0));
    expect(lengthOf(2 ** 29)).not.toBe(lengthOf(2 ** 30));
  });
});

describe("a kept midstate", () => {
  test("gives the digest of prefix and rest, at any offset, into any place", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 4 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: 20 }),
        (blocks, rest, skipped) => {
          const prefix = new Uint8Array(64 * blocks).map((_, index) => index);
          const target = new Uint8Array(40);
          const data = new Uint8Array(skipped + rest.length);
          data.set(rest, skipped);
          sha256Continue(sha256Midstate(prefix), data, skipped, target, 5);
          expect(hexOf(target)).toBe(`${"00".repeat(5)}${native(Buffer.concat([prefix, rest]))}000000`);
        },
      ),
    );
  });

  test("can be taken further, block by block, and stays as it was", () => {
    const first = sha256Midstate(new Uint8Array(64).fill(1));
    const second = sha256Midstate(new Uint8Array(128).fill(2), first);
    const digests = [first, second, first].map((midstate) => {
      const target = new Uint8Array(32);
      sha256Continue(midstate, Uint8Array.of(3), 0, target, 0);
      return hexOf(target);
    });
    const one = native(Buffer.concat([Buffer.alloc(64, 1), Buffer.of(3)]));
    expect(digests).toEqual([
      one,
      native(Buffer.concat([Buffer.alloc(64, 1), Buffer.alloc(128, 2), Buffer.of(3)])),
      one,
    ]);
  });

  test("exists after whole blocks only", () => {
    expect(() => sha256Midstate(new Uint8Array(63))).toThrow(RangeError);
  });
});
