import { expect, test } from "vitest";
import {
  FILTER_LENGTH_MAX,
  FILTER_TOKENS_MAX,
  filterInstances,
  formatCondition,
  parseFilter,
} from "./instance-filter.ts";
import { indexOf, listed } from "./testing/listed.ts";

const FLEET = [
  listed("api-10", { tags: { env: "prod", tier: "app" } }),
  listed("api-2", { tags: { env: "staging", tier: "app" }, privateIp: "10.0.7.9", region: "us-east-1" }),
  listed("orders-db", { id: "i-0f74", tags: { env: "prod", tier: "data" }, state: "connection-lost" }),
];
const index = indexOf(FLEET);
const names = (text: string, chips = "") =>
  filterInstances(index, parseFilter(chips).conditions, parseFilter(text)).map(({ instance }) => instance.name);

test("names are in natural order, 2 before 10", () => {
  expect(names("")).toEqual(["api-2", "api-10", "orders-db"]);
});

test("every word must match a name, an id, an address, an account, a region or a tag value, whatever the case", () => {
  expect(names("API")).toEqual(["api-2", "api-10"]);
  expect(names("api prod")).toEqual(["api-10"]);
  expect(names("10.0.7")).toEqual(["api-2"]);
  expect(names("i-0f74")).toEqual(["orders-db"]);
  expect(names("us-east")).toEqual(["api-2"]);
  expect(names("111122223333")).toHaveLength(3);
});

test("words do not match across two fields", () => {
  expect(names("api-10i-0")).toEqual([]);
});

test("key=value that is being typed matches every value that begins so", () => {
  expect(names("env=p")).toEqual(["api-10", "orders-db"]);
  expect(names("env=")).toEqual(["api-2", "api-10", "orders-db"]);
  expect(names("owner=")).toEqual([]);
});

test("a chip matches the whole value; chips of one key are alternatives, of different keys both hold", () => {
  expect(names("", "env=p")).toEqual([]);
  expect(names("", "env=prod")).toEqual(["api-10", "orders-db"]);
  expect(names("", "env=prod env=staging")).toEqual(["api-2", "api-10", "orders-db"]);
  expect(names("", "env=prod tier=app")).toEqual(["api-10"]);
});

test("a tag is matched by its whole key, and a value that holds an equals sign is no other tag", () => {
  expect(names("nv=prod")).toEqual([]);
  expect(names("", "v=prod")).toEqual([]);
});

test("state: takes the words of the list", () => {
  expect(names("state:lost")).toEqual(["orders-db"]);
  expect(names("", "state:online")).toEqual(["api-2", "api-10"]);
});

test("region: and unknown states are told apart", () => {
  expect(parseFilter("region:us-east-1").conditions).toEqual([{ kind: "region", region: "us-east-1" }]);
  expect(parseFilter("state:sleepy")).toEqual({ words: ["state:sleepy"], conditions: [] });
});

test("a condition is written as it is read", () => {
  for (const text of ["env=prod", "state:lost", "state:unmanaged", "region:eu-west-1"])
    expect(parseFilter(text).conditions.map(formatCondition)).toEqual([text]);
});

test("a filter longer than the bound is cut", () => {
  const words = parseFilter("a ".repeat(FILTER_TOKENS_MAX + 5)).words;
  expect(words).toHaveLength(FILTER_TOKENS_MAX);
  expect(parseFilter("x".repeat(FILTER_LENGTH_MAX + 5)).words[0]).toHaveLength(FILTER_LENGTH_MAX);
});
