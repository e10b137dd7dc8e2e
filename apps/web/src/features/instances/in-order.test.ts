// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { longestRise, putInOrder } from "./in-order.ts";

const places = (numbers: readonly number[]) => [...longestRise(numbers)].sort((a, b) => a - b);

test("what stands in order already stays: of a list that was scrolled by three rows three are moved", () => {
  expect(places([3, 4, 5, 6, 0, 1, 2])).toEqual([0, 1, 2, 3]);
  expect(places([2, 0, 1])).toEqual([1, 2]);
  expect(places([2, 1, 0])).toHaveLength(1);
  expect(places([])).toEqual([]);
});

test("whatever the order was, it is the wanted one afterwards", () => {
  const parent = document.createElement("div");
  const children = Array.from({ length: 5 }, () => document.createElement("p"));
  const wanted = (order: readonly number[]) => order.map((number) => children[number] as Element);
  for (const order of [
    [0, 1, 2, 3, 4],
    [3, 4, 0, 1, 2],
    [4, 3, 2, 1, 0],
    [1, 0, 3, 2, 4],
    [2, 4, 1, 3, 0],
  ]) {
    parent.append(...children);
    putInOrder(parent, wanted(order));
    expect([...parent.children]).toEqual(wanted(order));
  }
});
