import { expect, test } from "vitest";
import { groupIndex, instancesByRef, pickedGroup, RECENT_MAX } from "./instance-groups.ts";
import { instanceRef } from "./instance-ref.ts";
import { indexOf, listed } from "./testing/listed.ts";

const tagged = (name: string, service: string) => listed(name, { tags: { service } });
const groups = (instances: Parameters<typeof indexOf>[0], groupBy?: string) =>
  groupIndex(indexOf(instances), groupBy).groups.map(({ head }) => [head.label, head.title].join(" ").trim());

test("groups go by the tag service, in natural order, those without it come last", () => {
  expect(groups([tagged("a", "orders-10"), listed("b"), tagged("c", "orders-2")])).toEqual([
    "service orders-2",
    "service orders-10",
    "service none",
  ]);
});

test("where nobody uses the tag, groups go by kind", () => {
  expect(groups([listed("a"), listed("m", { kind: "hybrid" })])).toEqual(["EC2 instances", "Hybrid nodes"]);
});

test("groups go by another tag, by account, by region, or there is one of all", () => {
  const fleet = [listed("a", { tags: { env: "prod" }, region: "us-east-1" }), listed("b", { account: "999988887777" })];
  expect(groups(fleet, "tag:env")).toEqual(["env prod", "env none"]);
  expect(groups(fleet, "account")).toEqual(["account 111122223333", "account 999988887777"]);
  expect(groups(fleet, "region")).toEqual(["region eu-west-1", "region us-east-1"]);
  expect(groups(fleet, "none")).toEqual(["Instances"]);
  expect(groups(fleet, "tag:constructor")).toEqual(["constructor none"]);
});

test("groups stand one after the other, and instances keep their order inside", () => {
  const { entries, groups } = groupIndex(indexOf([tagged("a", "y"), tagged("b", "x"), tagged("c", "y")]), undefined);
  expect(entries.map(({ instance }) => instance.name)).toEqual(["b", "a", "c"]);
  expect(groups.map(({ head, start, end }) => [head.title, start, end])).toEqual([
    ["x", 0, 1],
    ["y", 1, 3],
  ]);
});

test("without instances there is no group", () => {
  for (const groupBy of [undefined, "none", "account"]) expect(groupIndex([], groupBy).groups).toEqual([]);
});

test("of the recent ones those that are listed stand first, in the order they are given, up to the bound", () => {
  const all = Array.from({ length: 8 }, (_, n) => listed(`n${n}`));
  const byRef = instancesByRef(indexOf(all), new Set(all.map(instanceRef)));
  const recent = ["gone", ...all.map(instanceRef).reverse()];
  const [group] = pickedGroup("recent", recent, byRef, RECENT_MAX);
  expect(Array.from({ length: group?.count ?? 0 }, (_, number) => group?.at(number)?.name)).toEqual([
    "n7",
    "n6",
    "n5",
    "n4",
    "n3",
  ]);
  expect(pickedGroup("favourites", ["gone"], byRef, 1)).toEqual([]);
});
