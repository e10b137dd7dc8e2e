// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { listenAt } from "./surface-pointer.ts";

function bench() {
  const element = document.createElement("div");
  const done: string[] = [];
  const stop = listenAt(element, {
    selection: () => "",
    onSelected: () => done.push("selected"),
    onWheelStep: (step) => done.push(step === 1 ? "larger" : "smaller"),
    onPaste: (text) => done.push(`paste ${text}`),
  });
  const turn = (deltaY: number, held: object = { ctrlKey: true }): boolean =>
    // the test's document knows no modifiers of a wheel
    element.dispatchEvent(
      Object.assign(new Event("wheel", { cancelable: true }), {
        deltaY,
        deltaMode: WheelEvent.DOM_DELTA_PIXEL,
        ...held,
      }),
    );
  return { element, done, stop, turn };
}

test("a notch of the wheel with Ctrl or ⌘ is one step, and the browser does not zoom the page", () => {
  const { done, turn } = bench();
  expect(turn(-120)).toBe(false);
  expect(turn(120, { metaKey: true })).toBe(false);
  expect(done).toEqual(["larger", "smaller"]);
});

test("a pinch is made of many small turns: they add up, and a turn back begins anew", () => {
  const { done, turn } = bench();
  turn(-12);
  turn(-12);
  expect(done).toEqual([]);
  turn(12);
  turn(-20);
  turn(-12);
  expect(done).toEqual(["larger"]);
});

test("the wheel alone scrolls, and a terminal that is gone hears nothing", () => {
  const { done, turn, stop } = bench();
  expect(turn(-120, {})).toBe(true);
  stop();
  expect(turn(-120)).toBe(true);
  expect(done).toEqual([]);
});
