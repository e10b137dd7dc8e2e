import type { Instance } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { groupInstances, listRows, RECENT_MAX } from "./instance-groups.ts";

const instance = (name: string, service?: string, part: Partial<Instance> = {}): Instance => ({
  id: `i-${name}`,
  name,
  kind: "ec2",
  state: "online",
  tags: service === undefined ? {} : { service },
  ...part,
});

test("groups go by the tag service, those without it come last", () => {
  const groups = groupInstances([instance("a", "orders"), instance("b"), instance("c", "checkout")], []);
  expect(groups.map(({ title }) => title)).toEqual(["checkout", "orders", "none"]);
});

test("where nobody uses the tag, groups go by kind", () => {
  const groups = groupInstances([instance("a"), instance("m", undefined, { kind: "hybrid" })], []);
  expect(groups.map(({ title }) => title)).toEqual(["EC2 instances", "Hybrid nodes"]);
});

test("a group says how many of it are online", () => {
  const [group] = groupInstances([instance("a", "x"), instance("b", "x", { state: "stopped" })], []);
  expect(group?.summary).toBe("1 of 2 online");
});

test("recent ones stand first, newest first, at most five, and keep their place in their group", () => {
  const all = Array.from({ length: 8 }, (_, index) => instance(`n${index}`, "x"));
  const groups = groupInstances(all, [...all.map(({ id }) => id).reverse(), "i-gone"]);
  expect(groups[0]?.instances.map(({ name }) => name)).toEqual(["n7", "n6", "n5", "n4", "n3"]);
  expect(groups[0]?.instances).toHaveLength(RECENT_MAX);
  expect(groups[1]?.instances).toHaveLength(8);
});

test("an instance with two rows has two keys", () => {
  const rows = listRows(groupInstances([instance("a", "x")], ["i-a"]));
  expect(rows.map(({ key }) => key)).toEqual(["recent", "recent i-a", "tag=x", "i-a"]);
});
