import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrame } from "./frame-reader.ts";
import { type Unstored, UnstoredMessages } from "./unstored-messages.ts";

const message = (): Unstored => ({ acknowledgement: undefined, frame: readFrame(new Uint8Array(0)) });

test("whatever is added and taken in whatever order, it is known by its number like in a map", () => {
  const act = fc.record({ isAdd: fc.boolean(), number: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const messages = new UnstoredMessages();
      const model = new Map<number, Unstored>();
      for (const { isAdd, number } of acts) {
        if (isAdd && !model.has(number)) {
          const added = message();
          model.set(number, added);
          messages.add(number, added);
        } else if (!isAdd) {
          expect(messages.take(number)).toBe(model.get(number));
          model.delete(number);
        }
        expect(messages.size).toBe(model.size);
        expect(messages.has(number)).toBe(model.has(number));
        expect(messages.lowest).toBe(Math.min(Number.POSITIVE_INFINITY, ...model.keys()));
      }
    }),
  );
});

test("numbers may begin anywhere, and jump over what the sender does not have any more", () => {
  const messages = new UnstoredMessages();
  const first = message();
  const behindHole = message();
  messages.add(1_000_000, first);
  messages.add(9_000_000, behindHole);
  expect(messages.take(1_000_000)).toBe(first);
  expect(messages.lowest).toBe(9_000_000);
  expect(messages.take(9_000_000)).toBe(behindHole);
  expect(messages.take(9_000_000)).toBeUndefined();
});
