import { expect, test } from "vitest";
import { ReadTurns } from "./read-turns.ts";

function turns() {
  const queue: (() => void)[] = [];
  return { reads: new ReadTurns((run) => queue.push(run)), next: () => queue.shift()?.(), pending: () => queue.length };
}

test("of several hot channels one goes on per turn, each in its turn", () => {
  const { reads, next } = turns();
  const order: string[] = [];
  const channel = (name: string) => {
    const goOn = () => {
      order.push(name);
      reads.wait(goOn); // it floods on
    };
    return goOn;
  };
  for (const name of ["a", "b", "c"]) reads.wait(channel(name));
  for (let turn = 0; turn < 6; turn++) next();
  expect(order).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("a channel that closes while it waits is not called", () => {
  const { reads, next } = turns();
  let called = false;
  const goOn = () => {
    called = true;
  };
  reads.wait(goOn);
  reads.cancel(goOn);
  next();
  expect(called).toBe(false);
});

test("with nobody waiting nothing is scheduled", () => {
  const { reads, next, pending } = turns();
  reads.wait(() => {});
  next();
  expect(pending()).toBe(0);
});
