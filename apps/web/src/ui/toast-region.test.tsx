// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ToastRegion } from "./toast-region.tsx";
import { Toasts } from "./toasts.ts";

afterEach(cleanup);

function show() {
  const started: (() => void)[] = [];
  const toasts = new Toasts({
    nowMs: () => 0,
    setTimeout: (fn) => started.push(fn),
    clearTimeout: () => undefined,
  });
  let left = 0;
  render(<ToastRegion toasts={toasts} onLeft={() => left++} />);
  return { toasts, started, left: () => left };
}

test("a notice that is dismissed gives the keyboard back, and lets the time of the others go on", () => {
  const { toasts, started, left } = show();
  act(() => {
    toasts.show({ title: "one" });
    toasts.show({ title: "two" });
  });
  const [dismiss] = screen.getAllByRole("button", { name: "Dismiss" });
  act(() => dismiss?.focus());
  const before = started.length;
  act(() => {
    fireEvent.click(dismiss as HTMLElement);
  });
  expect(screen.queryByText("one")).toBeNull();
  expect(left()).toBe(1);
  expect(started.length).toBe(before + 1);
});

test("an action says its keys", () => {
  const { toasts } = show();
  act(
    () =>
      void toasts.show({ title: "Closed a.", action: { label: "Undo", keys: ["Ctrl", "Z"], run: () => undefined } }),
  );
  expect(screen.getByRole("button", { name: "Undo Ctrl Z" })).toBeTruthy();
});
