import { expect, test } from "vitest";
import { presenceColour } from "./presence-colour.ts";

test("a name always has the same of eight colours, and people of one team rarely share one", () => {
  const team = ["dana", "kofi", "mira", "sol", "jun", "ines"];
  expect(team.map(presenceColour)).toEqual(team.map((name) => presenceColour(name.toUpperCase())));
  for (const colour of [...team, "", "🙂"].map(presenceColour)) expect(colour).toBeOneOf([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(new Set(team.map(presenceColour)).size).toBeGreaterThanOrEqual(4);
});
