// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ChooseDialog } from "./broadcast-bar.tsx";
import type { Pane } from "./tab-state.ts";

afterEach(cleanup);

const PANES: Pane[] = ["a", "b", "c"].map((key) => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: `name-${key}`, region: "eu-west-1" },
  environment: key === "a" ? { word: "prod", colour: "prod" } : undefined,
}));

function show(canTake: (key: string) => boolean = () => true) {
  const answers: (readonly string[] | undefined)[] = [];
  render(
    <ChooseDialog panes={PANES} canTake={canTake} onAnswer={(keys) => answers.push(keys)} onClosed={() => undefined} />,
  );
  return answers;
}

test("the button says to how many panes; those that are unticked get nothing", () => {
  const answers = show();
  fireEvent.click(screen.getByRole("checkbox", { name: "Pane 2: name-b" }));
  fireEvent.click(screen.getByRole("button", { name: "Broadcast to 2 panes" }));
  expect(answers[0]).toEqual(["a", "c"]);
  expect(screen.getByText("prod")).toBeTruthy();
});

test("a pane that cannot be typed into cannot be ticked, and one pane alone is no broadcast", () => {
  show((key) => key !== "b");
  const lost = screen.getByRole("checkbox", { name: /Pane 2: name-b/ });
  expect([lost.hasAttribute("disabled"), (lost as HTMLInputElement).checked]).toEqual([true, false]);
  fireEvent.click(screen.getByRole("checkbox", { name: "Pane 3: name-c" }));
  expect(screen.getByRole("button", { name: "Broadcast to 1 pane" }).hasAttribute("disabled")).toBe(true);
});

test("cancelling broadcasts nothing", () => {
  const answers = show();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(answers).toEqual([undefined]);
});
