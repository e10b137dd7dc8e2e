// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { CloseDialog } from "./close-dialog.tsx";
import type { Asking } from "./pane-closing.ts";

afterEach(cleanup);

const IDLE: Asking = {
  what: { tabKey: "t" },
  name: "checkout-api-04",
  fullScreen: [],
  running: [],
  watchers: [],
  shells: 1,
};

function words(asking: Partial<Asking>): string {
  cleanup();
  render(<CloseDialog asking={{ ...IDLE, ...asking }} onAnswer={() => undefined} onClosed={() => undefined} />);
  return screen.getByRole("alertdialog").querySelector("p")?.textContent ?? "";
}

test("what a close would interrupt is named: programs, commands, and who watches", () => {
  expect(words({ fullScreen: ["api-04"] })).toBe("A full-screen program is open on api-04. The shell ends with it.");
  expect(words({ running: ["api-04"], shells: 3 })).toBe("A command runs on api-04. All 3 shells of the tab end.");
  expect(words({ running: ["a"], fullScreen: ["b"], shells: 2 })).toBe(
    "Programs are open in 2 panes. All 2 shells of the tab end.",
  );
  expect(words({ watchers: ["kofi"] })).toBe("kofi watches it. The shell ends with it.");
  expect(words({ watchers: ["kofi", "mira", "noor", "ola", "per"] })).toBe(
    "kofi, mira, noor and 2 more watch it. The shell ends with it.",
  );
});

test("the button says what is closed, and is the answer", () => {
  const answers: boolean[] = [];
  render(
    <CloseDialog
      asking={{ ...IDLE, what: { paneKey: "p" }, watchers: ["kofi"] }}
      onAnswer={(close) => answers.push(close)}
      onClosed={() => undefined}
    />,
  );
  fireEvent.click(screen.getByRole("button", { name: "Close pane" }));
  expect(answers).toEqual([true]);
});
