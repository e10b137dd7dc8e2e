import type { Instance } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { TAG_KEYS_MAX, tagChoices } from "./tag-choices.ts";

test("the tag menu leaves out tags that say the same of all, or something else of each", () => {
  const fleet = ["a", "b", "c"].map(
    (name, index): Instance => ({
      id: `i-${name}`,
      name,
      kind: "ec2",
      state: "online",
      tags: { Name: name, owner: "sre", env: index === 0 ? "prod" : "dev" },
    }),
  );
  expect(tagChoices(fleet)).toEqual([{ key: "env", values: ["dev", "prod"] }]);
});

test("the tag menu is not longer than its bound", () => {
  const tags = (value: string) =>
    Object.fromEntries(Array.from({ length: TAG_KEYS_MAX + 8 }, (_, index) => [`key${index}`, value]));
  const fleet = ["x", "x", "y"].map(
    (value, index): Instance => ({ id: `i-${index}`, name: "n", kind: "ec2", state: "online", tags: tags(value) }),
  );
  expect(tagChoices(fleet)).toHaveLength(TAG_KEYS_MAX);
});
