import { expect, test, vi } from "vitest";
import { TerminalRegistry } from "./terminal-registry.ts";
import type { TerminalFactory, WorkspaceTerminal } from "./workspace-terminal.ts";

const target = { instanceId: "i-1", instanceName: "a", region: "eu-west-1" };
const status = { kind: "open", unread: false } as const;
const factory: TerminalFactory<WorkspaceTerminal> = () => ({
  sessionId: "s",
  subscribe: () => () => undefined,
  getStatus: () => status,
  focus: () => undefined,
  sendKey: () => undefined,
  pressKey: () => undefined,
  toggleModifier: () => undefined,
  pasteText: () => undefined,
  isFullScreen: () => false,
  isCommandRunning: () => false,
  takesTyping: () => true,
  isShown: () => true,
  scrolledUpBy: () => 0,
  cellSize: () => undefined,
  toggleTabKey: () => undefined,
  retryNow: () => undefined,
  end: async () => undefined,
  dispose: () => undefined,
  applyLook: () => undefined,
});

test("a tab opened before the terminal code is there gets its terminal when it comes", async () => {
  const registry = new TerminalRegistry(async () => factory);
  registry.open("k", target, undefined);
  expect(registry.get("k")).toBeUndefined();
  await vi.waitFor(() => expect(registry.get("k")).toBeDefined());
});

test("a tab closed before that gets none", async () => {
  const registry = new TerminalRegistry(async () => factory);
  registry.open("k", target, undefined);
  registry.remove("k");
  registry.open("other", target, undefined);
  await vi.waitFor(() => expect(registry.get("other")).toBeDefined());
  expect(registry.get("k")).toBeUndefined();
});

test("when the code cannot be loaded this is said, and trying again brings the waiting tabs", async () => {
  let attempts = 0;
  const registry = new TerminalRegistry(async () => {
    attempts++;
    if (attempts === 1) throw new TypeError("404");
    return factory;
  });
  registry.open("k", target, undefined);
  await vi.waitFor(() => expect(registry.loadFailed).toBe(true));
  registry.preload();
  await vi.waitFor(() => expect(registry.get("k")).toBeDefined());
  expect(registry.loadFailed).toBe(false);
});

test("code that arrives after the person is gone makes nothing", async () => {
  let made = 0;
  const registry = new TerminalRegistry(async () => (...args: Parameters<typeof factory>) => {
    made++;
    return factory(...args);
  });
  registry.open("k", target, undefined);
  registry.dispose();
  await Promise.resolve();
  await Promise.resolve();
  expect(made).toBe(0);
});
