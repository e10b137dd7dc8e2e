// @vitest-environment happy-dom
import { act, cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { KeyRow } from "./key-row.tsx";
import type { Tab } from "./tab-state.ts";
import { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceTerminal, WorkspaceTerminalStatus } from "./workspace-terminal.ts";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const target = { instanceId: "i-1", instanceName: "api", region: "eu-west-1" };

async function shown({ panes = 1, clipboard }: { panes?: number; clipboard?: () => Promise<string> } = {}) {
  const did: string[] = [];
  const listeners = new Set<() => void>();
  let status: WorkspaceTerminalStatus = { kind: "open", unread: false };
  const terminal: Partial<WorkspaceTerminal> = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getStatus: () => status,
    pressKey: (key) => did.push(key),
    toggleModifier: (modifier) => did.push(`hold ${modifier}`),
    pasteText: (text) => did.push(`paste ${text}`),
  };
  const registry = new TerminalRegistry(async () => () => terminal as WorkspaceTerminal);
  registry.open("p1", target, undefined);
  await vi.waitFor(() => expect(registry.get("p1")).toBeDefined());
  vi.stubGlobal("navigator", { ...navigator, clipboard: clipboard && { readText: clipboard } });
  const keys = Array.from({ length: panes }, (_, index) => `p${index + 1}`);
  const tab = { activePane: "p1", panes: keys.map((key) => ({ key, target })) } as unknown as Tab;
  render(
    <KeyRow
      workspace={{ registry, stepPane: (step) => did.push(`step ${step}`) }}
      tab={tab}
      onPasteRefused={() => did.push("paste refused")}
    />,
  );
  const becomes = (next: WorkspaceTerminalStatus) =>
    act(() => {
      status = next;
      for (const listener of [...listeners]) listener();
    });
  return { did, becomes };
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("each key goes to the terminal by what it is", async () => {
  const { did } = await shown();
  for (const name of ["Esc", "Tab", "Pipe", "Tilde", "Left", "Up", "Down", "Right"]) press(name);
  expect(did).toEqual(["escape", "tab", "pipe", "tilde", "left", "up", "down", "right"]);
});

test("Ctrl and Alt are shown as held for as long as the terminal holds them", async () => {
  const { did, becomes } = await shown();
  const isHeld = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-pressed") === "true";
  press("Ctrl");
  expect(did).toEqual(["hold ctrl"]);
  becomes({ kind: "open", unread: false, held: "ctrl+alt" });
  expect([isHeld("Ctrl"), isHeld("Alt")]).toEqual([true, true]);
  becomes({ kind: "open", unread: false, held: "" });
  expect([isHeld("Ctrl"), isHeld("Alt")]).toEqual([false, false]);
});

test("no key takes the keyboard from the terminal", async () => {
  await shown();
  const button = screen.getByRole("button", { name: "Esc" });
  for (const make of [createEvent.pointerDown, createEvent.mouseDown]) {
    const down = make(button, { bubbles: true, cancelable: true });
    fireEvent(button, down);
    expect(down.defaultPrevented).toBe(true);
  }
});

test("Paste hands over the clipboard, and says where it may not be read", async () => {
  const may = await shown({ clipboard: async () => "uptime" });
  press("Paste");
  await vi.waitFor(() => expect(may.did).toEqual(["paste uptime"]));
  cleanup();
  const refused = await shown({ clipboard: () => Promise.reject(new Error("NotAllowedError")) });
  press("Paste");
  await vi.waitFor(() => expect(refused.did).toEqual(["paste refused"]));
  cleanup();
  const none = await shown();
  press("Paste");
  await vi.waitFor(() => expect(none.did).toEqual(["paste refused"]));
});

test("with several panes the row says which one it is, and goes to the next; with one it does not", async () => {
  const { did } = await shown({ panes: 3 });
  press("1/3, go to the next pane");
  expect(did).toEqual(["step 1"]);
  cleanup();
  await shown();
  expect(screen.queryByRole("button", { name: /next pane/ })).toBeNull();
});
