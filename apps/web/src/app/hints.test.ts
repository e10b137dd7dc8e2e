import type { PreferenceParts } from "@causeway/wire-contract/preferences";
import { expect, test } from "vitest";
import type { WorkspaceTerminalStatus } from "../features/workspace/workspace-terminal.ts";
import { Toasts } from "../ui/toasts.ts";
import { HINT_MS, Hints } from "./hints.ts";
import { InstallOffer, STAYED_AFTER_MS } from "./install-offer.ts";

class FakePreferences {
  parts: PreferenceParts = {};
  known = true;
  readonly listeners = new Set<() => void>();
  getParts = () => this.parts;
  isKnown = () => this.known;
  changeParts = async (apply: (before: PreferenceParts) => PreferenceParts): Promise<void> => {
    this.parts = apply(this.parts);
    this.tell();
  };
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** A page with one terminal that is not open yet; timers run when they are told to. */
function newcomer({ parts = {}, known = true, wide = true } = {}) {
  const preferences = new FakePreferences();
  preferences.parts = parts;
  preferences.known = known;
  const timers = new Map<number, { run: () => void; ms: number }>();
  let ids = 0;
  const clock = {
    nowMs: () => 0,
    setTimeout: (run: () => void, ms: number) => {
      timers.set(++ids, { run, ms });
      return ids;
    },
    clearTimeout: (id: number) => void timers.delete(id),
  };
  const toasts = new Toasts(clock);
  const caps = (id: string) => (id === "split-down" ? [] : [`<${id}>`]);
  const hints = new Hints({ preferences, toasts, keymap: () => ({ caps }), isWide: () => wide });
  let kind: WorkspaceTerminalStatus["kind"] = "connecting";
  const listeners = new Set<() => void>();
  const stop = hints.follow({
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    all: () => [{ getStatus: () => ({ kind, unread: false }) }],
  });
  const becomes = (next: typeof kind) => {
    kind = next;
    for (const listener of [...listeners]) listener();
  };
  const runTimers = () => {
    for (const [id, { run }] of [...timers]) {
      timers.delete(id);
      run();
    }
  };
  const titles = () => toasts.getSnapshot().map(({ title }) => title);
  const dismiss = () => toasts.dismiss(toasts.getSnapshot()[0]?.id ?? 0);
  const shown = () => preferences.parts.hints?.shown ?? [];
  return { preferences, hints, toasts, clock, timers, becomes, runTimers, titles, dismiss, shown, stop, listeners };
}

test("the first shell of a newcomer brings the hint of splitting, and then the one of the palette", () => {
  const { becomes, titles, dismiss, toasts, timers, shown } = newcomer();
  expect(titles()).toEqual([]);
  becomes("open");
  becomes("open");
  expect(titles()).toEqual(["Split this terminal"]);
  expect([...timers.values()].map(({ ms }) => ms)).toEqual([HINT_MS]);
  expect(toasts.getSnapshot()[0]?.keys).toEqual([{ caps: ["<split-right>"], words: "beside" }]);
  dismiss();
  expect(titles()).toEqual(["Go anywhere by typing"]);
  dismiss();
  expect(titles()).toEqual([]);
  expect(shown()).toEqual(["split", "palette"]);
});

test("each hint is shown once: who had one gets the other, who had both gets none", () => {
  const one = newcomer({ parts: { hints: { shown: ["split"] } } });
  one.becomes("open");
  expect(one.titles()).toEqual(["Go anywhere by typing"]);
  const both = newcomer({ parts: { hints: { shown: ["palette", "split"] } } });
  both.becomes("open");
  expect(both.titles()).toEqual([]);
});

test("no hint before it is known which ones were shown", () => {
  const { preferences, becomes, titles } = newcomer({ known: false });
  becomes("open");
  expect(titles()).toEqual([]);
  preferences.known = true;
  preferences.tell();
  expect(titles()).toEqual(["Split this terminal"]);
});

test("who found it herself is not told, or not any longer", () => {
  const { hints, becomes, titles, shown } = newcomer();
  hints.learned("palette");
  becomes("open");
  expect(titles()).toEqual(["Split this terminal"]);
  hints.learned("split");
  expect(titles()).toEqual([]);
  expect(shown()).toEqual(["palette", "split"]);
});

test("a narrow window has no hints of keys, and they are not counted as shown", () => {
  const { becomes, titles, shown } = newcomer({ wide: false });
  becomes("open");
  expect(titles()).toEqual([]);
  expect(shown()).toEqual([]);
});

test("what followed the terminals lets go of them", () => {
  const { stop, listeners, preferences } = newcomer();
  stop();
  expect(listeners.size + preferences.listeners.size).toBe(0);
});

/** A page that a browser would install. */
function installable() {
  const parts = newcomer({ parts: { hints: { shown: ["split", "palette"] } } });
  const page = new EventTarget();
  const offer = new InstallOffer({ page, clock: parts.clock, hints: parts.hints });
  const prompted: string[] = [];
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
    prompt: async () => void prompted.push("prompt"),
  });
  const leave = (blocked: boolean) => {
    const unload = new Event("beforeunload", { cancelable: true });
    if (blocked) unload.preventDefault();
    page.dispatchEvent(unload);
  };
  return { ...parts, page, offer, event, prompted, leave };
}

test("whoever was asked before closing and stayed is offered the app window, once", async () => {
  const { page, event, leave, runTimers, titles, toasts, prompted, shown, timers } = installable();
  page.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  leave(true);
  expect([...timers.values()].map(({ ms }) => ms)).toEqual([STAYED_AFTER_MS]);
  runTimers();
  expect(titles()).toEqual(["Keep Ctrl+W for the shell"]);
  toasts.act(toasts.getSnapshot()[0]?.id ?? 0);
  expect(prompted).toEqual(["prompt"]);
  expect(shown()).toContain("install");
  leave(true);
  runTimers();
  expect(titles()).toEqual([]);
});

test("nothing is offered where the browser installs nothing, where nobody was asked, or when the page goes", () => {
  const { page, event, leave, runTimers, titles, offer } = installable();
  leave(true);
  runTimers();
  expect(titles()).toEqual([]);
  page.dispatchEvent(event);
  leave(false);
  runTimers();
  leave(true);
  page.dispatchEvent(new Event("pagehide"));
  runTimers();
  expect(titles()).toEqual([]);
  offer.dispose();
  leave(true);
  runTimers();
  expect(titles()).toEqual([]);
});
