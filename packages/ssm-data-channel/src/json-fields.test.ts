import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JSON_BYTES_MAX, JSON_DEPTH_MAX, JsonFields, parseFields, parseJson } from "./json-fields.ts";

describe("fields are read as Go reads them", () => {
  test("in any case of the key, the Kelvin sign and the long s included", () => {
    for (const key of ["TaskId", "taskid", "TASKID", "tas\u212aId", "TA\u017fKID"])
      expect(parseFields(JSON.stringify({ [key]: "a" }))?.text("TaskId")).toBe("a");
  });

  test("the last spelling wins, and null leaves what was there", () => {
    expect(parseFields('{"Output":"a","output":"b"}')?.text("Output")).toBe("b");
    expect(parseFields('{"Output":"a","output":null}')?.text("Output")).toBe("a");
  });

  test("missing and null ones are zero values", () => {
    for (const source of ["{}", "null", '{"x":null}', '{"y":1}']) {
      const fields = parseFields(source) as JsonFields;
      const zeros = [fields.text("x"), fields.integer("x", 0, 9), fields.boolean("x"), fields.booleanOrText("x")];
      expect(zeros).toEqual(["", 0, false, false]);
      expect([fields.bytes("x"), fields.list("x"), fields.textList("x"), fields.any("x")]).toEqual([
        new Uint8Array(0),
        [],
        [],
        undefined,
      ]);
      expect(fields.object("x").text("z")).toBe("");
      expect(fields.isMistyped).toBe(false);
    }
  });

  test.each<[string, unknown, (fields: JsonFields) => unknown]>([
    ["a number for a text", 5, (fields) => fields.text("x")],
    ["a text for a number", "5", (fields) => fields.integer("x", 0, 9)],
    ["a fraction for an integer", 5.5, (fields) => fields.integer("x", 0, 9)],
    ["an integer out of range", 10, (fields) => fields.integer("x", 0, 9)],
    ["a text for a boolean", "true", (fields) => fields.boolean("x")],
    ["a number for a boolean", 1, (fields) => fields.booleanOrText("x")],
    ["broken base64", "AAA", (fields) => fields.bytes("x")],
    ["a list for an object", [], (fields) => fields.object("x")],
    ["an object for a list", {}, (fields) => fields.list("x")],
    ["a number in a list of texts", ["a", 1], (fields) => fields.textList("x")],
  ])("%s is mistyped, and counts as the zero value", (_, value, read) => {
    const fields = new JsonFields({ x: value });
    expect(read(fields)).toEqual(read(new JsonFields({})));
    expect(fields.isMistyped).toBe(true);
  });

  test("a boolean of a document may be text", () => {
    const read = (value: unknown) => new JsonFields({ x: value }).booleanOrText("x");
    expect([true, "true", "True", false, "false", "yes"].map(read)).toEqual([true, true, true, false, false, false]);
  });
});

describe("hostile JSON", () => {
  test.each(["", " ", "{", "{}}", "undefined", "[1", '{"a":}', "\ufeff{}", "x".repeat(100), "NaN", "1"])(
    "%j has no fields",
    (text) => {
      expect(parseFields(text)).toBeUndefined();
    },
  );

  test("nested as deep as allowed is read, one deeper is not", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(JSON_DEPTH_MAX))).toBeDefined();
    expect(parseJson(nested(JSON_DEPTH_MAX + 1))).toBeUndefined();
    expect(parseJson(nested(400_000))).toBeUndefined();
    expect(parseJson('{"a":'.repeat(100_000))).toBeUndefined();
  });

  test("brackets inside of texts are not depth", () => {
    const value = { ["[".repeat(200)]: '\\"{"'.repeat(200) };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  test("as long as allowed is read, one byte longer is not", () => {
    expect(parseJson(`"${"a".repeat(JSON_BYTES_MAX - 2)}"`)).toHaveLength(JSON_BYTES_MAX - 2);
    expect(parseJson(`"${"a".repeat(JSON_BYTES_MAX - 1)}"`)).toBeUndefined();
    expect(parseJson(Buffer.from(`"${"a".repeat(JSON_BYTES_MAX - 1)}"`))).toBeUndefined();
  });

  test.each([
    '{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}',
    '{"\\u005f_proto__":{"polluted":true},"a":[]}',
  ])("keys named __proto__ are gone before anyone copies the value: %s", (text) => {
    const value = parseJson(text) as Record<string, Record<string, unknown>>;
    expect(Object.keys(value)).toEqual(["a"]);
    expect(Object.assign({}, value, value.a)).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  test("names that objects inherit are no fields", () => {
    const fields = parseFields("{}") as JsonFields;
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      expect(fields.any(name)).toBeUndefined();
  });

  test("never throws, and otherwise gives what the platform gives", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 10 })), (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expected = undefined;
        }
        if (!text.includes("__proto__")) expect(parseJson(text)).toEqual(expected);
        parseFields(text)?.text("a");
      }),
    );
  });
});
