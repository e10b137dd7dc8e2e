import { expect, test } from "vitest";
import { environmentOf } from "./environment.ts";

test.each([
  ["prod", "prod"],
  ["Production", "prod"],
  ["staging", "staging"],
  ["stg-2", "staging"],
  ["development", "dev"],
  ["producer-demo", "none"],
  ["blue", "none"],
])("an env tag %s has the colour %s and keeps its own word", (word, colour) => {
  expect(environmentOf({ env: word })).toEqual({ word, colour });
});

test("without an env tag nothing is claimed", () => {
  expect(environmentOf({ team: "prod" })).toBeUndefined();
});
