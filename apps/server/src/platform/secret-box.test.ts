import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SecretBox, SecretBoxError } from "./secret-box.ts";

const KEY = Buffer.alloc(32, 7);
const box = new SecretBox(KEY, randomBytes);

test("what was sealed opens for the same purpose and row", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, purpose, row) => {
      expect(box.open(purpose, row, box.seal(purpose, row, text))).toBe(text);
    }),
  );
});

test("the same text is sealed differently each time, and is not in what is stored", () => {
  const sealed = [box.seal("p", "r", "wJalrXUtnFEMI"), box.seal("p", "r", "wJalrXUtnFEMI")];
  expect(sealed[0]).not.toBe(sealed[1]);
  expect(sealed.join()).not.toContain("wJalr");
});

test("a sealed value copied to another row or purpose does not open", () => {
  const sealed = box.seal("login credentials", "row-1", "secret");
  expect(() => box.open("login credentials", "row-2", sealed)).toThrow(SecretBoxError);
  expect(() => box.open("another purpose", "row-1", sealed)).toThrow(SecretBoxError);
});

test("any changed character is noticed", () => {
  const sealed = box.seal("p", "r", "secret");
  for (let index = 0; index < sealed.length; index++) {
    const changed = sealed.slice(0, index) + (sealed[index] === "A" ? "B" : "A") + sealed.slice(index + 1);
    expect(() => box.open("p", "r", changed)).toThrow(SecretBoxError);
  }
});

test("another key, a cut value and nonsense are refused", () => {
  const sealed = box.seal("p", "r", "secret");
  const other = new SecretBox(Buffer.alloc(32, 8), randomBytes);
  expect(() => other.open("p", "r", sealed)).toThrow("sealed with another key");
  for (const text of ["", "v1", "v1..", sealed.slice(0, -4), `${sealed}.x`, sealed.slice(0, 30)])
    expect(() => box.open("p", "r", text)).toThrow(SecretBoxError);
});

test("a key of another length is not a key", () => {
  expect(() => new SecretBox(Buffer.alloc(16), randomBytes)).toThrow("32 bytes");
});
