// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { PasteGuard } from "./paste-guard.tsx";
import { countLines, type PasteReason } from "./paste-rules.ts";

afterEach(cleanup);

const SERVICE = "sudo systemctl stop checkout\nsudo rm -rf /var/lib/checkout/cache\nsudo systemctl start checkout\n";

function show(text = SERVICE, reasons: PasteReason[] = ["lines"]) {
  const onAnswer = vi.fn();
  const ask = { id: 1, text, lines: countLines(text), bytes: text.length, reasons };
  const environment = { word: "prod", colour: "prod" } as const;
  render(
    <PasteGuard
      ask={ask}
      instanceName="checkout-api-04"
      environment={environment}
      onAnswer={onAnswer}
      onClosed={() => undefined}
    />,
  );
  return onAnswer;
}

test("the guard names count, machine and environment, shows the lines numbered, and marks the final line end", () => {
  show();
  const dialog = screen.getByRole("alertdialog", { name: "Paste 3 lines into checkout-api-04?" });
  expect(dialog.textContent).toContain("prod");
  expect(
    screen
      .getAllByRole("listitem")
      .slice(0, 3)
      .map((line) => line.textContent?.trim()),
  ).toEqual(["sudo systemctl stop checkout", "sudo rm -rf /var/lib/checkout/cache", "sudo systemctl start checkout ⏎"]);
  expect(dialog.textContent).toContain("Each line runs at once: this shell did not ask for bracketed paste.");
});

test("Paste has the keyboard, and gives the text as it was", () => {
  const onAnswer = show();
  const paste = screen.getByRole("button", { name: /^Paste/ });
  expect(document.activeElement).toBe(paste);
  fireEvent.click(paste);
  expect(onAnswer.mock.calls).toEqual([[SERVICE]]);
});

test("As one line joins the lines; a single line has no such choice", () => {
  const onAnswer = show("a\nb\n");
  fireEvent.click(screen.getByRole("button", { name: "As one line" }));
  expect(onAnswer.mock.calls).toEqual([["a b"]]);
  cleanup();
  show("a\x07", ["control"]);
  expect(screen.queryByRole("button", { name: "As one line" })).toBeNull();
});

test("Edit lets the person change what is pasted; Cancel pastes nothing", () => {
  const onAnswer = show();
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  fireEvent.change(screen.getByRole("textbox", { name: "Text to paste" }), { target: { value: "true" } });
  fireEvent.click(screen.getByRole("button", { name: /^Paste/ }));
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(onAnswer.mock.calls).toEqual([["true"], [undefined]]);
});

test("of a long text eight lines are shown, and how many more there are", () => {
  show("line\n".repeat(5_000), ["lines", "large"]);
  expect(screen.getByText("and 4,992 more lines")).toBeTruthy();
  expect(screen.getByRole("alertdialog").textContent).toContain("as fast as the instance takes them");
});
