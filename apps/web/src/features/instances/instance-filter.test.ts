import { expect, test } from "vitest";
import {
  FILTER_LENGTH_MAX,
  FILTER_TOKENS_MAX,
  filterInstances,
  formatCondition,
  isNarrower,
  parseFilter,
} from "./instance-filter.ts";
import { indexOf, listed } from "./testing/listed.ts";

const FLEET = [
  listed("api-10", { tags: { env: "prod", tier: "app" } }),
  listed("api-2", {
    tags: { env: "staging", tier: "app" },
    privateIp: "10.0.7.9",
    publicIp: "203.0.113.9",
    accountName: "Harbor-Shop",
    region: "us-east-1",
  }),
  listed("orders-db", {
    id: "i-0f74",
    tags: { env: "prod", tier: "data" },
    state: "connection-lost",
    platform: "Ubuntu 22.04",
    platformType: "Linux",
  }),
];
const index = indexOf(FLEET);
const names = (text: string, chips = "") =>
  filterInstances(index, parseFilter(chips).conditions, parseFilter(text)).map(({ instance }) => instance.name);

test("names are in natural order, 2 before 10", () => {
  expect(names("")).toEqual(["api-2", "api-10", "orders-db"]);
});

test("every word must match a name, an id, an address, an account or its name, a region or a tag value, whatever the case", () => {
  expect(names("API")).toEqual(["api-2", "api-10"]);
  expect(names("api prod")).toEqual(["api-10"]);
  expect(names("10.0.7")).toEqual(["api-2"]);
  expect(names("203.0.113")).toEqual(["api-2"]);
  expect(names("harbor-s")).toEqual(["api-2"]);
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

test("region:, account: and platform: leave out what does not fit, also half typed", () => {
  expect(names("region:us")).toEqual(["api-2"]);
  expect(names("", "region:us-east-1")).toEqual(["api-2"]);
  expect(names("", "region:us-east-1 region:eu-west-1")).toHaveLength(3);
  expect(names("account:1111")).toHaveLength(3);
  expect(names("account:2222")).toEqual([]);
  expect(names("", "account:harbor-shop")).toEqual(["api-2"]);
  expect(names("platform:UBUNTU")).toEqual(["orders-db"]);
  expect(names("platform:linux")).toEqual(["orders-db"]);
});

test("a state that nobody knows is a word; one that is half typed leaves nothing out, like a name without a value", () => {
  expect(parseFilter("state:sleepy")).toEqual({ words: ["state:sleepy"], conditions: [], unfinished: [] });
  for (const text of ["state:", "state:on", "region:", "account:", "platform:"]) {
    expect(parseFilter(text)).toEqual({ words: [], conditions: [], unfinished: [text] });
    expect(names(text)).toHaveLength(3);
  }
});

test("a filter is narrower when whatever fits it fits the other one", () => {
  const narrower = (narrow: string, wide: string) => isNarrower(parseFilter(narrow), parseFilter(wide));
  expect(narrower("checkout", "check")).toBe(true);
  expect(narrower("check", "checkout")).toBe(false);
  expect(narrower("api prod", "api")).toBe(true);
  expect(narrower("env=prod", "env=p")).toBe(true);
  expect(narrower("env=p", "env=prod")).toBe(false);
  expect(narrower("env=prod", "env")).toBe(false); // the word is looked for in values, not in keys
  expect(narrower("state:lost", "state:online")).toBe(false);
  expect(narrower("anything", "")).toBe(true);
});

test("a condition is written as it is read", () => {
  for (const text of [
    "env=prod",
    "state:lost",
    "state:unmanaged",
    "region:eu-west-1",
    "account:1111",
    "platform:ubuntu",
  ])
    expect(parseFilter(text).conditions.map(formatCondition)).toEqual([text]);
});

test("a filter longer than the bound is cut", () => {
  const words = parseFilter("a ".repeat(FILTER_TOKENS_MAX + 5)).words;
  expect(words).toHaveLength(FILTER_TOKENS_MAX);
  expect(parseFilter("x".repeat(FILTER_LENGTH_MAX + 5)).words[0]).toHaveLength(FILTER_LENGTH_MAX);
});
