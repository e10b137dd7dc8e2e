import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonBody } from "./json-input.ts";

const input = (value: unknown) => parseJsonBody(Buffer.from(JSON.stringify(value)));

test("every violation is named in one refusal, in AWS's words", () => {
  const read = input({ MaxResults: 4, Reason: "" });
  read.requiredText("Target", { charsMin: 1, charsMax: 400 });
  read.text("Reason", { charsMin: 1 });
  read.integer("MaxResults", { min: 5, max: 50 });
  expect(() => read.check()).toThrow(
    "3 validation errors detected: Value null at 'target' failed to satisfy constraint: Member must not be null; " +
      "Value '' at 'reason' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      "Value '4' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 5",
  );
});

test("a value of the wrong type cannot be read at all", () => {
  expect(() => input({ Target: 7 }).text("Target")).toThrow("NUMBER_VALUE can not be converted to STRING_VALUE");
  expect(() => input({ Max: "7" }).integer("Max", { min: 0, max: 9 })).toThrow("STRING_VALUE can not be converted");
  expect(() => input({ Filters: {} }).objects("Filters", { min: 0, max: 1 })).toThrow("STRUCTURE_VALUE");
  expect(() => parseJsonBody(Buffer.from("[]"))).toThrow("Start of structure or map expected");
  expect(() => parseJsonBody(Buffer.from("{"))).toThrow("Could not parse");
});

test("null is absent, unknown members are ignored, an empty body is an empty request", () => {
  const read = input({ Target: null, Other: { deep: [1] } });
  expect(read.text("Target")).toBeUndefined();
  expect(read.has("Target")).toBe(false);
  read.check();
  parseJsonBody(new Uint8Array(0)).check();
});

test("members of Object.prototype are no members of a request, and a map takes any name", () => {
  const read = parseJsonBody(Buffer.from('{"Parameters":{"__proto__":["x"],"constructor":["y"]}}'));
  expect(read.text("constructor")).toBeUndefined();
  expect(read.text("toString")).toBeUndefined();
  const parameters = read.textLists("Parameters", 10);
  expect(Object.keys(parameters)).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(parameters)).toBeNull();
});

test("what is wrong in a list is named by its place", () => {
  const read = input({ Filters: [{ Key: "a", Values: ["b"] }, { Values: [""] }] });
  for (const filter of read.objects("Filters", { min: 0, max: 5 })) {
    filter.requiredText("Key");
    filter.texts("Values", { min: 1, max: 2 }, { charsMin: 1 });
  }
  expect(() => read.check()).toThrow(
    "2 validation errors detected: Value null at 'filters.2.member.key' failed to satisfy constraint: Member must not be null; " +
      "Value '' at 'filters.2.member.values.1.member' failed",
  );
});

test("a refusal repeats at most 512 characters of the caller's text", () => {
  const read = input({ Name: "x".repeat(100_000) });
  read.text("Name", { charsMax: 10 });
  expect(() => read.check()).toThrow(/^.{500,700}$/);
});

test("no body, however deep or broken, does anything but parse or refuse", () => {
  const deep = `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`;
  expect(() => parseJsonBody(Buffer.from(deep)).check()).not.toThrow(TypeError);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        parseJsonBody(bytes).check();
      } catch (error) {
        expect((error as { code: string }).code).toBe("SerializationException");
      }
    }),
  );
});
