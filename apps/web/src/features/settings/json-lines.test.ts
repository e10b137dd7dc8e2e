import { expect, test } from "vitest";
import { jsonLines } from "./json-lines.ts";

const content = {
  theme: "dark",
  fontSizePx: 13.5,
  bell: true,
  none: null,
  'a "quoted" key: 1': 'a \\ back, "true": 5',
  chords: { close: ["Ctrl+Shift+X", -1e-7] },
};

test("lines of JSON are cut into keys, strings, words and the rest, and nothing of them is lost", () => {
  const text = JSON.stringify(content, undefined, 2);
  const lines = jsonLines(`${text}\n`);
  expect(lines.map((pieces) => pieces.map((piece) => piece.text).join("")).join("\n")).toBe(text);
  const textsOf = (kind: string) =>
    lines.flatMap((pieces) => pieces.filter((piece) => piece.kind === kind).map((piece) => piece.text));
  expect(textsOf("key").map((key) => JSON.parse(key))).toEqual([...Object.keys(content), "close"]);
  expect(textsOf("string").map((each) => JSON.parse(each))).toEqual(["dark", 'a \\ back, "true": 5', "Ctrl+Shift+X"]);
  expect(textsOf("word")).toEqual(["13.5", "true", "null", "-1e-7"]);
});
