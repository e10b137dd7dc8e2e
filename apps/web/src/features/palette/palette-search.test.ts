import { expect, test } from "vitest";
import { entriesOf, groupsFor, type PaletteSource } from "./palette-groups.ts";
import { findEntries, type PaletteEntry, searchable, wordsOf } from "./palette-search.ts";

const entry = (label: string, also = ""): PaletteEntry => ({
  id: label,
  label,
  also,
  mark: { icon: "terminal" },
  choose: () => undefined,
});
const machines = ["checkout-api-01", "checkout-api-02", "orders-db", "edge-proxy"].map((name) => entry(name, "prod"));
const labels = (words: string, limit = 10, from = machines) =>
  findEntries(searchable(from), wordsOf(words), limit).entries.map(({ entry: { label } }) => label);

test("every word must fit, in the label or among the rest", () => {
  expect(labels("check api prod")).toEqual(["checkout-api-01", "checkout-api-02"]);
  expect(labels("check dev")).toEqual([]);
});

test("words found whole leave no place for scattered letters; without them the scattered ones are found", () => {
  const from = [entry("promo-data"), entry("prod-db")];
  expect(labels("prod", 1, from)).toEqual(["prod-db"]);
  expect(labels("prdb", 5, from)).toEqual(["prod-db"]);
  expect(labels("ordb")).toEqual(["orders-db"]);
});

test("the letters that fit are marked, once where words overlap", () => {
  const [first] = findEntries(searchable(machines), wordsOf("check checkout 01"), 5).entries;
  expect(first?.ranges).toEqual([
    [0, 8],
    [13, 15],
  ]);
});

test("the better fit comes first, of equal ones the first; the count says how many there are", () => {
  expect(labels("db", 5, [entry("mongodb"), entry("orders-db"), entry("db-main")])).toEqual([
    "db-main",
    "orders-db",
    "mongodb",
  ]);
  expect(findEntries(searchable(machines), wordsOf("prod"), 1).total).toBe(4);
});

test("a query is cut where nobody types it", () => {
  expect(wordsOf("A b  c d e f g h i j k")).toHaveLength(8);
  expect(wordsOf("x".repeat(500))[0]).toHaveLength(100);
});

const source = (heading: string, prefix?: string, aloneOnly?: true): PaletteSource => ({
  heading,
  ...(prefix === undefined ? {} : { prefix }),
  ...(aloneOnly ? { aloneOnly } : {}),
  rows: { among: 1, alone: 3 },
  find: (words, limit) =>
    findEntries(searchable(["one", "two"].map((name) => entry(`${heading} ${name}`))), words, limit),
});
const sources = [source("Instances"), source("Commands", ">"), source("Keys", "?", true)];
const shown = (query: string) => entriesOf(groupsFor(query, sources)).map(({ label }) => label);

test("all kinds are found together, each with its share; a first letter asks for one kind alone", () => {
  expect(shown("")).toEqual(["Instances one", "Commands one"]);
  expect(shown("two")).toEqual(["Instances two", "Commands two"]);
  expect(shown(">")).toEqual(["Commands one", "Commands two"]);
  expect(shown("> two")).toEqual(["Commands two"]);
  expect(shown("?")).toEqual(["Keys one", "Keys two"]);
});

test("a kind in which nothing fits has no heading", () => {
  expect(groupsFor("commands", sources).map(({ heading }) => heading)).toEqual(["Commands"]);
});
