// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useMedia } from "./use-media.ts";

class MediaList extends EventTarget {
  matches = false;
  turn(matches: boolean): void {
    this.matches = matches;
    this.dispatchEvent(new Event("change"));
  }
}

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("the browser is asked once, however often something is drawn, and what it tells later is drawn", () => {
  const list = new MediaList();
  const asked = vi.spyOn(globalThis, "matchMedia").mockReturnValue(list as unknown as MediaQueryList);
  const { result, rerender } = renderHook(() => useMedia("(pointer: coarse)"));
  rerender();
  expect([result.current, asked.mock.calls.length]).toEqual([false, 1]);
  act(() => list.turn(true));
  rerender();
  expect([result.current, asked.mock.calls.length]).toEqual([true, 1]);
});
