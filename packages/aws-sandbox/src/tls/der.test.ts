import { expect, test } from "vitest";
import { bits, implicit, integer, objectId, octets, sequence, TRUE, utcTime, utf8Text } from "./der.ts";

const hex = (der: Uint8Array): string => Buffer.from(der).toString("hex");

// Values: X.690 §8 and the identifiers that RFC 5758 and RFC 5280 print.
test("a number is never negative, and has no byte more than it needs", () => {
  expect(hex(integer(Buffer.of(0x7f)))).toBe("02017f");
  expect(hex(integer(Buffer.of(0x80)))).toBe("02020080");
  expect(hex(integer(Buffer.of(0, 0, 1)))).toBe("020101");
  expect(hex(integer(Buffer.of(0)))).toBe("020100");
});

test("identifiers are packed seven bits a byte", () => {
  expect(hex(objectId("1.2.840.10045.4.3.2"))).toBe("06082a8648ce3d040302");
  expect(hex(objectId("2.5.29.17"))).toBe("0603551d11");
});

test("a content of 128 bytes and more tells the length of its length", () => {
  expect(hex(octets(new Uint8Array(127))).slice(0, 4)).toBe("047f");
  expect(hex(octets(new Uint8Array(128))).slice(0, 6)).toBe("048180");
  expect(hex(octets(new Uint8Array(256))).slice(0, 8)).toBe("04820100");
});

test("structures, texts, flags, bits and times are as X.690 has them", () => {
  expect(hex(sequence(TRUE, utf8Text("é")))).toBe("30070101ff0c02c3a9");
  expect(hex(bits(Buffer.of(0b0000_0110), 1))).toBe("03020106");
  expect(hex(implicit(2, Buffer.from("a")))).toBe("820161");
  expect(Buffer.from(utcTime(Date.UTC(2026, 10, 23, 4, 5, 6, 789))).toString("latin1")).toContain("261123040506Z");
});
