import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexOf } from "../test/vectors/vectors.ts";
import { ChannelError } from "./channel-error.ts";
import {
  copyUuidText,
  isUuid,
  readUuid,
  UUID_BYTES,
  UUID_POOL_BYTES,
  UUID_POOL_BYTES_FIRST,
  UuidSource,
  writeUuid,
} from "./uuid.ts";

const ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

describe("a message id on the wire", () => {
  test("has its halves swapped", () => {
    const wire = new Uint8Array(16);
    writeUuid(ID, wire, 0);
    expect(hexOf(wire)).toBe("a5670e02b2c3d479f47ac10b58cc4372");
  });

  test("is read back as lower-case text, at any offset, also when it was written in upper case", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat({ max: 50 }), fc.boolean(), (id, offset, upper) => {
        const frame = new Uint8Array(offset + 16);
        writeUuid(upper ? id.toUpperCase() : id, frame, offset);
        const text = new Uint8Array(40);
        copyUuidText(frame, offset, text, 2);
        expect(readUuid(frame, offset)).toBe(id);
        expect(Buffer.from(text).toString("latin1", 2, 38)).toBe(id);
      }),
    );
  });

  test.each(["", "f47ac10b", `${ID}0`, `{${ID}}`, ` ${ID}`, ID.replace("f", "g"), ID.replaceAll("-", ""), `${ID}\n`])(
    "is not made of %j",
    (text) => {
      expect(isUuid(text)).toBe(false);
      expect(() => writeUuid(text, new Uint8Array(16), 0)).toThrow(ChannelError);
    },
  );
});

describe("a source of fresh ids", () => {
  test("makes version 4 UUIDs, none twice, also beyond the end of its pool", () => {
    const source = new UuidSource((length) => randomBytes(length));
    const ids = Array.from({ length: 600 }, () => source.next());
    expect(new Set(ids).size).toBe(600);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("asks the host for little randomness at first, and for twice as much each time up to 256 ids", () => {
    const asked: number[] = [];
    const source = new UuidSource((length) => {
      asked.push(length);
      return randomBytes(length);
    });
    for (let index = 0; index < UUID_POOL_BYTES_FIRST / UUID_BYTES; index++) source.next();
    expect(asked).toEqual([UUID_POOL_BYTES_FIRST]);
    for (let index = 0; index < 1_000; index++) source.next();
    expect(asked.slice(0, 6)).toEqual([256, 512, 1_024, 2_048, UUID_POOL_BYTES, UUID_POOL_BYTES]);
    expect(Math.max(...asked)).toBe(UUID_POOL_BYTES);
  });

  test("keeps its own copy: what the host later puts into the same buffer never goes out as an id", () => {
    const shared = randomBytes(UUID_POOL_BYTES_FIRST);
    const source = new UuidSource(() => shared);
    source.next();
    shared.fill(0xee);
    expect(source.next()).not.toContain("eeee");
  });

  test("refuses a host that gives less randomness than asked for", () => {
    expect(() => new UuidSource(() => new Uint8Array(8)).next()).toThrow(ChannelError);
  });
});
