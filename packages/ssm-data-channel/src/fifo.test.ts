import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";

test("items come out in the order they went in, also when both are mixed", () => {
  const queue = new Fifo<number>();
  const out: (number | undefined)[] = [];
  queue.push(1);
  queue.push(2);
  out.push(queue.shift());
  queue.push(3);
  out.push(queue.shift(), queue.shift(), queue.shift());
  queue.push(4);
  out.push(queue.shift());
  expect(out).toEqual([1, 2, 3, undefined, 4]);
});

test("the length counts what is still inside, and clear empties it", () => {
  const queue = new Fifo<string>();
  queue.push("a");
  queue.push("b");
  queue.shift();
  expect(queue.length).toBe(1);
  queue.clear();
  expect(queue.length).toBe(0);
  expect(queue.shift()).toBeUndefined();
});

test("what is not wanted any more is taken out, and the rest keeps its order", () => {
  const queue = new Fifo<number>();
  for (const item of [1, 2, 3, 4]) queue.push(item);
  queue.shift();
  queue.keepOnly((item) => item !== 3);
  expect([queue.length, queue.shift(), queue.shift(), queue.shift()]).toEqual([2, 2, 4, undefined]);
});
