import { expect, test } from "vitest";
import { FocusMode, type FullScreenHost } from "./focus-mode.ts";

class Screen implements FullScreenHost {
  full = false;
  locked = false;
  refuses = false;
  refusesLock = false;
  #listeners = new Set<() => void>();

  isFullScreen = () => this.full;
  async enter() {
    if (this.refuses) throw new Error("not allowed");
    this.change(true);
  }
  async leave() {
    this.change(false);
  }
  onChange(listener: () => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  lockKeyboard = async () => {
    if (this.refusesLock) throw new Error("not allowed");
    this.locked = true;
  };
  unlockKeyboard() {
    this.locked = false;
  }
  change(full: boolean) {
    this.full = full;
    for (const listener of this.#listeners) listener();
  }
}

test("it takes the whole screen and the browser's own keys, and gives both back", async () => {
  const screen = new Screen();
  const mode = new FocusMode(screen);
  const seen: string[] = [];
  mode.subscribe(() => seen.push(mode.getState()));
  expect(await mode.toggle()).toBe("on-with-all-keys");
  expect([screen.full, screen.locked]).toEqual([true, true]);
  expect(await mode.toggle()).toBe("off");
  expect([screen.full, screen.locked]).toEqual([false, false]);
  expect(seen).toEqual(["on-with-all-keys", "off"]);
});

test("without Keyboard Lock, or where that is refused, the browser keeps its keys and it is on all the same", async () => {
  const without = new Screen();
  without.refusesLock = true;
  expect(await new FocusMode(without).toggle()).toBe("on");
  const {
    lockKeyboard: _lock,
    unlockKeyboard: _unlock,
    ...old
  } = {
    isFullScreen: () => true,
    enter: async () => undefined,
    leave: async () => undefined,
    onChange: () => () => undefined,
    lockKeyboard: undefined,
    unlockKeyboard: undefined,
  };
  expect(await new FocusMode(old).toggle()).toBe("on");
});

test("when the browser leaves full screen by itself it is off, and the keyboard unlocked", async () => {
  const screen = new Screen();
  const mode = new FocusMode(screen);
  await mode.toggle();
  screen.change(false);
  expect([mode.getState(), screen.locked]).toEqual(["off", false]);
});

test("a browser that does not allow it leaves it off", async () => {
  const screen = new Screen();
  screen.refuses = true;
  expect(await new FocusMode(screen).toggle()).toBe("off");
});
