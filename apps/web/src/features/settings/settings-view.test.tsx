// @vitest-environment happy-dom
import { DEFAULT_SETTINGS, type Settings } from "@causeway/wire-contract/preferences";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { GraphicsCard } from "../../lib/graphics-card.ts";
import { type NoticesAllowed, SettingsView } from "./settings-view.tsx";

afterEach(cleanup);

const ALL: Required<Settings> = { ...DEFAULT_SETTINGS, theme: "system" };

function show(
  platform: "mac" | "other" = "other",
  whyNot?: string,
  settings: Required<Settings> = ALL,
  notices: NoticesAllowed = "granted",
  card: GraphicsCard = "card",
) {
  const asked: string[] = [];
  const changes: Settings[] = [];
  const imported: string[] = [];
  render(
    <SettingsView
      settings={settings}
      platform={platform}
      notices={notices}
      card={card}
      onAskNotices={() => asked.push("asked")}
      onChange={(change) => changes.push(change)}
      profile={<span>dana</span>}
      keyboard={<span>every chord</span>}
      fileText={'{\n  "settings": {}\n}\n'}
      onExport={() => undefined}
      onImport={(text) => {
        imported.push(text);
        return whyNot;
      }}
    />,
  );
  return { changes, imported, asked };
}

const importFile = (): void => {
  const file = new File(["{}"], "mine.json", { type: "application/json" });
  fireEvent.change(screen.getByLabelText("File of settings"), { target: { files: [file] } });
};

test("the file that Export saves stands beside the settings, line by line", () => {
  show();
  const document = screen.getByRole("complementary", { name: "Settings as JSON" });
  expect([...document.querySelectorAll("code")].map(({ textContent }) => textContent)).toEqual([
    "{",
    '  "settings": {}',
    "}",
  ]);
});

test("each choice is told as soon as it is made, alone", () => {
  const { changes } = show();
  fireEvent.click(screen.getByRole("switch", { name: "Copy what is selected at once" }));
  fireEvent.click(screen.getByRole("switch", { name: "Ask before a paste that may do harm" }));
  const [, , darkOfTerminal] = screen.getAllByRole("radio", { name: /Dark|As the page/ });
  if (darkOfTerminal) fireEvent.click(darkOfTerminal);
  expect(changes).toEqual([{ copyOnSelect: true }, { pasteGuard: false }, { terminalTheme: "dark" }]);
});

test("a number is taken with Enter or when one leaves it, and only within its bounds", () => {
  const { changes } = show();
  const size = screen.getByLabelText("Font size");
  fireEvent.change(size, { target: { value: "99" } });
  fireEvent.blur(size);
  expect(size.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(/^A whole number, 8 to 32/)).toBeTruthy();
  fireEvent.change(size, { target: { value: "16" } });
  fireEvent.keyDown(size, { key: "Enter" });
  const lines = screen.getByLabelText("Earlier lines kept");
  fireEvent.change(lines, { target: { value: "50000" } });
  fireEvent.blur(lines);
  expect(changes).toEqual([{ fontSizePx: 16 }, { scrollbackLines: 50_000 }]);
});

test("notifications are asked for when they are turned on, and it is said where the browser does not allow them", () => {
  const { changes, asked } = show("other", undefined, ALL, "default");
  expect(screen.queryByText(/browser/)).toBeNull(); // off: nothing to allow
  fireEvent.click(screen.getByRole("switch", { name: /^Notify me/ }));
  expect([changes, asked]).toEqual([[{ notifications: true }], ["asked"]]);
  cleanup();
  const on = { ...ALL, notifications: true };
  const other = show("other", undefined, on, "default");
  fireEvent.click(screen.getByRole("button", { name: "Ask this browser" }));
  expect(other.asked).toEqual(["asked"]);
  fireEvent.click(screen.getByRole("switch", { name: /^Notify me/ }));
  expect(other.asked).toEqual(["asked"]);
  cleanup();
  show("other", undefined, on, "denied");
  expect(screen.getByText(/^This browser does not allow notifications of this site/)).toBeTruthy();
  cleanup();
  show("other", undefined, on, "granted");
  expect(screen.queryByText(/browser/)).toBeNull();
});

test("a keyboard is offered only what it has", () => {
  show("mac");
  expect(screen.getByRole("switch", { name: "Option is the Meta key" })).toBeTruthy();
  expect(screen.queryByRole("switch", { name: "Ctrl+V pastes on Windows" })).toBeNull();
});

test("an imported file is read, and it is said that it is in force", async () => {
  const { imported } = show();
  importFile();
  expect(await screen.findByText("The settings of mine.json are in force.")).toBeTruthy();
  expect(imported).toEqual(["{}"]);
});

test("a file that is not taken says why", async () => {
  show("other", "The file is not JSON.");
  importFile();
  expect(await screen.findByText("mine.json was not taken. The file is not JSON.")).toBeTruthy();
});

test("the places at the left lead to their blocks, and the one that was chosen is marked", () => {
  show();
  const nav = screen.getByRole("navigation", { name: "Settings" });
  const places = [...nav.querySelectorAll("button")];
  expect(places.map(({ textContent }) => textContent)).toEqual(
    screen.getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent),
  );
  const current = () => places.filter((place) => place.getAttribute("aria-current") === "true");
  expect(current().map(({ textContent }) => textContent)).toEqual(["Profile"]);
  expect(places.slice(0, 5).map(({ textContent }) => textContent)).toEqual([
    "Profile",
    "Terminal",
    "Keyboard",
    "Appearance",
    "Notifications",
  ]);
  fireEvent.click(screen.getByRole("button", { name: "Keyboard" }));
  expect(current().map(({ textContent }) => textContent)).toEqual(["Keyboard"]);
  expect(document.activeElement).toBe(screen.getByRole("region", { name: "Keyboard" }));
  expect(screen.getByRole("region", { name: "Keyboard" }).textContent).toContain("every chord");
});

test.each([
  ["automatic", "card", /drawn with the graphics card/],
  ["automatic", "imitated", /only imitates a graphics card/],
  ["automatic", "none", /has none to draw with/],
  ["always", "imitated", /imitation of a graphics card/],
  ["always", "none", /has none to draw with/],
  ["never", "card", /as text of the page/],
  ["always", "card", /drawn with the graphics card/],
] as const)(
  "the page of settings says what draws terminals in this browser, and why: %s, %s",
  (graphicsCard, card, words) => {
    show("other", undefined, { ...ALL, graphicsCard }, "granted", card);
    expect(screen.getByText(words)).toBeTruthy();
  },
);

test("somebody who reads with a screen reader has terminals as text of the page, whatever draws otherwise", () => {
  show("other", undefined, { ...ALL, graphicsCard: "always", screenReader: true });
  expect(screen.getByText(/screen reader mode is on/)).toBeTruthy();
});

test("what draws terminals is chosen with one press", () => {
  const { changes } = show();
  fireEvent.click(screen.getByRole("radio", { name: "Never" }));
  expect(changes).toEqual([{ graphicsCard: "never" }]);
});
