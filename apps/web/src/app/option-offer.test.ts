// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import type { ToastSpec } from "../ui/toasts.ts";
import { offerOptionAsMeta } from "./option-offer.ts";

let leave: () => void = () => undefined;
afterEach(() => leave());

function setUp() {
  const page = new EventTarget();
  const offered: ToastSpec[] = [];
  const state = { meta: false, inTerminal: true };
  leave = offerOptionAsMeta({
    page,
    hints: {
      offer: (_id, spec) => {
        offered.push(spec);
        return true;
      },
    },
    isMeta: () => state.meta,
    makeMeta: () => {
      state.meta = true;
    },
    isTerminal: () => state.inTerminal,
  });
  const press = (key: string, held: KeyboardEventInit = { altKey: true }) =>
    page.dispatchEvent(new KeyboardEvent("keydown", { key, ...held }));
  return { offered, state, press };
}

test("the first character of its own that Option types into a terminal offers Option as Meta, which is then chosen", () => {
  const b = setUp();
  b.press("∫");
  expect(b.offered.map(({ title }) => title)).toEqual(["Option typed “∫”"]);
  b.offered[0]?.action?.run();
  expect(b.state.meta).toBe(true);
  b.press("ƒ");
  expect(b.offered).toHaveLength(1);
});

test("what is typed without Option, with other keys held, as ASCII, or elsewhere than in a terminal offers nothing", () => {
  const b = setUp();
  b.press("é", {});
  b.press("∫", { altKey: true, ctrlKey: true });
  b.press("∫", { altKey: true, metaKey: true });
  b.press("∫", { altKey: true, isComposing: true });
  b.press("b");
  b.press("ArrowLeft");
  b.state.inTerminal = false;
  b.press("∫");
  expect(b.offered).toEqual([]);
});

test("nothing listens any more once it was taken back", () => {
  const b = setUp();
  leave();
  b.press("∫");
  expect(b.offered).toEqual([]);
});
