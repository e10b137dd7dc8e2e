import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainMessageType } from "../test/vectors/plain-decoder.ts";
import { MESSAGE_TYPE, messageTypeField, readMessageType } from "./message-type.ts";

describe("the name of a message", () => {
  test.each(Object.values(MESSAGE_TYPE))("%s is written left-aligned, padded with spaces, and read back", (name) => {
    const field = messageTypeField(name) as Uint8Array;
    expect(Buffer.from(field).toString()).toBe(name.padEnd(32));
    expect(readMessageType(frameWith(field))).toBe(name);
  });

  test("may be 32 bytes long, not 33, counted in UTF-8", () => {
    expect(messageTypeField("m".repeat(32))).toHaveLength(32);
    expect(messageTypeField("m".repeat(33))).toBeUndefined();
    expect(messageTypeField(`${"é".repeat(15)}mm`)).toHaveLength(32);
    expect(messageTypeField(`${"é".repeat(16)}m`)).toBeUndefined();
  });

  test("loses NULs and then white space at both ends, as Go trims them", () => {
    const pads = fc.array(
      fc.constantFrom("\0", " ", "\t", "\u0085", "\u00a0", "\u2003", "\u3000", "\ufeff", "\u200b"),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(pads, pads, fc.constantFrom("acknowledge", "x", ""), (before, after, name) => {
        const field = new Uint8Array(32).fill(0x20);
        field.set(Buffer.from(before.join("") + name + after.join("")).subarray(0, 32));
        const frame = frameWith(field);
        expect(readMessageType(frame)).toBe(plainMessageType(frame));
      }),
      { numRuns: 1000 },
    );
  });

  test("is trimmed of white space as Go has it, not as JavaScript has it", () => {
    const read = (text: string) =>
      readMessageType(frameWith(Buffer.from(text.padEnd(32 - Buffer.byteLength(text) + text.length))));
    expect(read("\u0085acknowledge\u0085")).toBe("acknowledge");
    expect(read("\ufeffacknowledge")).toBe("\ufeffacknowledge");
  });

  test("is read from any 32 bytes without throwing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (field) => {
        expect(readMessageType(frameWith(field))).toBe(plainMessageType(frameWith(field)));
      }),
    );
  });
});

function frameWith(field: Uint8Array): Uint8Array {
  const frame = new Uint8Array(116);
  frame.set(field, 4);
  return frame;
}
