import { expect, test } from "vitest";
import { resolveLink } from "./deep-link.ts";
import { indexOf, listed } from "./testing/listed.ts";

const index = indexOf([
  listed("api-1", { id: "i-0a", tags: { role: "leader", env: "prod" } }),
  listed("api-2", { id: "i-0b", tags: { env: "prod" } }),
  listed("twin", { id: "i-0c" }),
  listed("twin", { id: "i-0d" }),
  listed("seen-twice", { id: "i-0e" }),
  listed("seen-twice", { id: "i-0e", key: "second eu-west-1 i-0e" }),
]);
const link = (text: string) => {
  const target = resolveLink(text, index);
  return target.kind === "one" ? target.instance.name : target.kind;
};

test.each([
  ["an id", "i-0b", "api-2"],
  ["a name, whatever its case", "API-1", "api-1"],
  ["a tag that only one has", "role=leader", "api-1"],
  ["a tag that several have", "env=prod", "several"],
  ["a name that several have", "twin", "several"],
  ["a machine that two identities see", "seen-twice", "seen-twice"],
  ["a part of a name", "api", "none"],
  ["something that is gone", "i-0f", "none"],
  ["nothing", "", "none"],
])("a link by %s", (_what, text, expected) => {
  expect(link(text)).toBe(expected);
});
