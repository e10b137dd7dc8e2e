import type { PreferenceParts } from "@causeway/wire-contract/preferences";
import { expect, test } from "vitest";
import type { ThemeChoice } from "../lib/theme.ts";
import { SettingsKeeper } from "./settings-keeper.ts";

class FakePreferences {
  parts: PreferenceParts = {};
  changes = 0;
  #listener: () => void = () => undefined;
  getParts = (): PreferenceParts => this.parts;
  subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener;
    return () => undefined;
  };
  async changeParts(apply: (before: PreferenceParts) => PreferenceParts): Promise<void> {
    this.changes++;
    this.arrive(apply(this.parts));
  }
  arrive(parts: PreferenceParts): void {
    this.parts = parts;
    this.#listener();
  }
}

class FakeTheme {
  choice: ThemeChoice = "system";
  #listener: () => void = () => undefined;
  getChoice = (): ThemeChoice => this.choice;
  subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener;
    return () => undefined;
  };
  choose(choice: ThemeChoice): void {
    this.choice = choice;
    this.#listener();
  }
}

function begin(isSomebodyHere = true) {
  const preferences = new FakePreferences();
  const theme = new FakeTheme();
  let looks = 0;
  const keeper = new SettingsKeeper({
    preferences,
    theme,
    isSomebodyHere: () => isSomebodyHere,
    onLookChanged: () => looks++,
  });
  return { preferences, theme, keeper, looks: () => looks };
}

test("what was chosen on another device is in force when it arrives, theme and all; the rest is as usual", () => {
  const { preferences, theme, keeper, looks } = begin();
  preferences.arrive({ settings: { theme: "light", fontSizePx: 16 } });
  expect(theme.choice).toBe("light");
  expect(keeper.all()).toMatchObject({ theme: "light", fontSizePx: 16, pasteGuard: true, askBeforeClosing: true });
  expect(looks()).toBeGreaterThan(0);
  expect(preferences.changes).toBe(0);
});

test("a theme chosen elsewhere on the page is stored with the other settings", () => {
  const { preferences, theme, keeper } = begin();
  preferences.arrive({ settings: { bell: false } });
  theme.choose("dark");
  expect(preferences.parts.settings).toEqual({ bell: false, theme: "dark" });
  expect(preferences.changes).toBe(1);
  expect(keeper.all()).toMatchObject({ theme: "dark", bell: false });
});

test("before anybody signed in a theme is the browser's alone, and a person without one keeps the browser's", () => {
  const { preferences, theme, keeper } = begin(false);
  theme.choose("dark");
  expect(preferences.changes).toBe(0);
  preferences.arrive({ settings: { fontSizePx: 12 } });
  expect(keeper.all().theme).toBe("dark");
});

test("a change of anything else draws no terminal anew, and what was chosen is the same object until it changes", () => {
  const { preferences, keeper, looks } = begin();
  preferences.arrive({ settings: { fontSizePx: 12 } });
  const [before, count] = [keeper.all(), looks()];
  preferences.arrive({ settings: { fontSizePx: 12 }, palette: { recent: ["find"] } });
  expect(keeper.all()).toBe(before);
  expect(looks()).toBe(count);
});
