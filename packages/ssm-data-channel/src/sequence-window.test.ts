import fc from "fast-check";
import { expect, test } from "vitest";
import { SequenceWindow } from "./sequence-window.ts";

test("items get consecutive numbers and are found under them until taken", () => {
  const window = new SequenceWindow<string>(7);
  window.push("a");
  window.push("b");
  expect([window.get(6), window.get(7), window.get(8), window.get(9)]).toEqual([undefined, "a", "b", undefined]);
  expect(window.take(7)).toBe("a");
  expect(window.take(7)).toBeUndefined();
  expect([window.oldest, window.oldestNumber, window.size, window.nextNumber]).toEqual(["b", 8, 1, 9]);
});

test("a number used up without an item is a gap, and never the oldest", () => {
  const window = new SequenceWindow<string>();
  window.skip();
  expect([window.size, window.nextNumber, window.oldestNumber]).toEqual([0, 1, 1]);
  window.push("b");
  window.skip();
  window.push("d");
  expect([...window]).toEqual([
    [1, "b"],
    [3, "d"],
  ]);
  window.take(1);
  expect(window.oldestNumber).toBe(3);
});

test("it behaves like a map from number to item, in any order of removals", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(6_000), { nil: undefined }), { maxLength: 3_000 }), (steps) => {
      const window = new SequenceWindow<number>();
      const model = new Map<number, number>();
      for (const step of steps) {
        if (step === undefined || step > 3_000) {
          model.set(window.nextNumber, window.nextNumber);
          window.push(window.nextNumber);
        } else {
          expect(window.take(step)).toBe(model.get(step));
          model.delete(step);
        }
      }
      expect([...window]).toEqual([...model]);
      expect(window.size).toBe(model.size);
      expect(window.oldest).toBe([...model.values()][0]);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test("ten thousand items taken from the front leave nothing behind", () => {
  const window = new SequenceWindow<number>();
  for (let item = 0; item < 10_000; item += 1) window.push(item);
  for (let item = 0; item < 10_000; item += 1) expect(window.take(item)).toBe(item);
  expect([window.size, window.oldest, window.nextNumber]).toEqual([0, undefined, 10_000]);
});

test("numbers from one on are given out again, with what was taken before them still gone", () => {
  const window = new SequenceWindow<string>(5);
  for (const item of ["a", "b", "c", "d"]) window.push(item);
  window.take(5);
  window.take(7);
  window.cutFrom(7);
  expect([window.size, window.nextNumber, window.oldestNumber, [...window]]).toEqual([1, 7, 6, [[6, "b"]]]);
  window.cutFrom(6);
  expect([window.size, window.nextNumber, window.oldestNumber, window.oldest]).toEqual([0, 6, 6, undefined]);
  window.push("again");
  expect(window.get(6)).toBe("again");
});
