import type { Instance } from "@causeway/wire-contract/instances";
import type { Session } from "@causeway/wire-contract/sessions";
import { expect, test, vi } from "vitest";
import { ApiProblem, ApiUnreachable } from "../../lib/api-client.ts";
import { TOAST_MS, Toasts } from "../../ui/toasts.ts";
import { TABS_MAX } from "./tab-state.ts";
import { TerminalRegistry } from "./terminal-registry.ts";
import { Workspace } from "./workspace.ts";
import { WorkspaceStorage } from "./workspace-storage.ts";
import type { WorkspaceTerminal, WorkspaceTerminalStatus } from "./workspace-terminal.ts";

class FakeTerminal implements WorkspaceTerminal {
  sessionId: string | undefined;
  status: WorkspaceTerminalStatus = { kind: "open", unread: false };
  endCalls = 0;
  endFailure: unknown;
  disposed = false;
  themes = 0;
  retries = 0;
  readonly listeners = new Set<() => void>();
  constructor(existing: Session | undefined) {
    this.sessionId = existing?.id;
    if (existing?.ended) this.status = { kind: "ended", unread: false };
  }
  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  getStatus = () => this.status;
  focus(): void {}
  toggleTabKey(): void {}
  retryNow(): void {
    this.retries++;
  }
  setTheme(): void {
    this.themes++;
  }
  async end(): Promise<void> {
    this.endCalls++;
    if (this.endFailure) throw this.endFailure;
    this.change({ kind: "ended", unread: false });
  }
  dispose(): void {
    this.disposed = true;
  }
  change(status: WorkspaceTerminalStatus, sessionId = this.sessionId): void {
    this.status = status;
    this.sessionId = sessionId;
    for (const listener of [...this.listeners]) listener();
  }
}

class FakeTimer {
  now = 0;
  readonly pending = new Map<number, { at: number; fn: () => void }>();
  #nextId = 1;
  nowMs = () => this.now;
  setTimeout = (fn: () => void, ms: number) => {
    this.pending.set(this.#nextId, { at: this.now + ms, fn });
    return this.#nextId++;
  };
  clearTimeout = (id: number) => void this.pending.delete(id);
  advance(ms: number): void {
    this.now += ms;
    for (const [id, { at, fn }] of [...this.pending]) if (at <= this.now && this.pending.delete(id)) fn();
  }
}

class FakeStorage {
  readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
}

const instance = (id: string): Instance => ({
  id,
  name: `name-${id}`,
  kind: "ec2",
  state: "online",
  tags: { env: "prod" },
});
const session = (id: string, startedAt: number, part: Partial<Session> = {}): Session => ({
  id,
  identityId: "identity-1",
  awsSessionId: `dana-${id}`,
  account: "111122223333",
  region: "eu-west-1",
  instanceId: `i-${id}`,
  instanceName: `name-${id}`,
  channel: "open",
  cols: 80,
  rows: 24,
  startedAt,
  ...part,
});

async function setUp(storage = new FakeStorage()) {
  const timer = new FakeTimer();
  const made: FakeTerminal[] = [];
  const endedOnLeave: string[] = [];
  let keys = 0;
  const registry = new TerminalRegistry<FakeTerminal>(async () => (_target, existing) => {
    const terminal = new FakeTerminal(existing);
    made.push(terminal);
    return terminal;
  });
  registry.preload();
  await Promise.resolve();
  await Promise.resolve();
  const toasts = new Toasts(timer);
  const workspace = new Workspace<FakeTerminal>({
    registry,
    toasts,
    storage: new WorkspaceStorage(storage, { account: "1", userId: "u" }),
    newKey: () => `k${keys++}`,
    endSessionOnLeave: (id) => endedOnLeave.push(id),
    undoKeys: ["Ctrl", "Shift", "Z"],
  });
  const names = () => workspace.store.getState().tabs.map(({ target }) => target.instanceName);
  const terminal = (index: number): FakeTerminal => {
    const found = made[index];
    if (!found) throw new Error(`no terminal ${index}`);
    return found;
  };
  return { workspace, timer, toasts, terminal, made, endedOnLeave, names, storage };
}

test("opening an instance again goes to its tab; with Shift it opens another session", async () => {
  const { workspace, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.open(instance("b"), "eu-west-1", false);
  workspace.open(instance("a"), "eu-west-1", false);
  expect(names()).toEqual(["name-a", "name-b"]);
  expect(workspace.store.getState().activeKey).toBe("k0");
  workspace.open(instance("a"), "eu-west-1", true);
  expect(names()).toEqual(["name-a", "name-b", "name-a"]);
});

test("a closed tab goes at once, its shell ends only when the time to take it back is over", async () => {
  const { workspace, timer, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.close("k0");
  expect(names()).toEqual([]);
  timer.advance(TOAST_MS - 1);
  expect(terminal(0).endCalls).toBe(0);
  timer.advance(1);
  await vi.waitFor(() => expect(terminal(0).disposed).toBe(true));
  expect(terminal(0).endCalls).toBe(1);
});

test("Undo brings the tab back with the same terminal, and nothing ends", async () => {
  const { workspace, timer, toasts, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.open(instance("b"), "eu-west-1", false);
  workspace.close("k0");
  toasts.act(toasts.getSnapshot()[0]?.id ?? -1);
  timer.advance(TOAST_MS * 2);
  expect(names()).toEqual(["name-a", "name-b"]);
  expect(workspace.registry.get("k0")).toBe(terminal(0));
  expect(terminal(0).endCalls).toBe(0);
});

test("the newest close is undone by its chord, once, and not when its time is over", async () => {
  const { workspace, timer, names } = await setUp();
  for (const id of ["a", "b"]) workspace.open(instance(id), "eu-west-1", false);
  workspace.close("k0");
  workspace.undoClose();
  workspace.undoClose();
  expect(names()).toEqual(["name-a", "name-b"]);
  workspace.close("k1");
  timer.advance(TOAST_MS);
  workspace.undoClose();
  expect(names()).toEqual(["name-a"]);
});

test("a shell that could not be ended gets its tab back, and the page says so", async () => {
  const { workspace, timer, toasts, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  terminal(0).endFailure = new ApiUnreachable("gone");
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(names()).toEqual(["name-a"]));
  expect(toasts.getSnapshot().at(-1)?.title).toBe("name-a could not be closed");
  expect(terminal(0).disposed).toBe(false);
});

test("a session that was over already is closed without complaint", async () => {
  const { workspace, timer, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  terminal(0).endFailure = new ApiProblem({
    type: "t",
    title: "There is no such session",
    status: 404,
    code: "SESSION_NOT_FOUND",
    cause: "c",
    remedy: "r",
    retryable: false,
    requestId: "1",
  });
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).disposed).toBe(true));
  expect(names()).toEqual([]);
});

test("leaving the page ends what was closed by hand, and nothing else", async () => {
  const { workspace, terminal, endedOnLeave } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.open(instance("b"), "eu-west-1", false);
  terminal(0).change({ kind: "open", unread: false }, "session-a");
  terminal(1).change({ kind: "open", unread: false }, "session-b");
  workspace.close("k0");
  workspace.leavePage();
  expect(endedOnLeave).toEqual(["session-a"]);
});

test("an ended tab closes without asking AWS again", async () => {
  const { workspace, timer, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  terminal(0).change({ kind: "ended", unread: false }, "session-a");
  expect(workspace.hasLiveSessions()).toBe(false);
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).disposed).toBe(true));
  expect(terminal(0).endCalls).toBe(0);
});

test("a terminal that failed after its session began still ends that session when its tab is closed", async () => {
  const { workspace, timer, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  terminal(0).change({ kind: "failed", unread: false }, "session-a");
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).endCalls).toBe(1));
});

test("after a reload tabs stand in the order this browser remembers, with the same one active", async () => {
  const storage = new FakeStorage();
  const first = await setUp(storage);
  first.workspace.restore([]);
  for (const id of ["a", "b", "c"]) first.workspace.open(instance(id), "eu-west-1", false);
  for (const [index, id] of ["a", "b", "c"].entries())
    first.terminal(index).change({ kind: "open", unread: false }, id);
  first.workspace.activate("k1");
  const second = await setUp(storage);
  second.workspace.restore([session("c", 1), session("b", 2), session("a", 3)]);
  expect(second.names()).toEqual(["name-a", "name-b", "name-c"]);
  expect(second.workspace.store.getState().activeKey).toBe("k1");
  expect(second.made.map(({ sessionId }) => sessionId)).toEqual(["a", "b", "c"]);
});

test("a second browser that remembers nothing gets every live session, oldest first, and no ended one", async () => {
  const { workspace, names } = await setUp();
  workspace.restore([session("b", 2), session("a", 1), session("x", 0, { ended: { by: "you", at: 5 } })]);
  expect(names()).toEqual(["name-a", "name-b"]);
});

test("an instance opened before the sessions were known keeps its tab and stays active", async () => {
  const { workspace, names } = await setUp();
  workspace.open(instance("new"), "eu-west-1", false);
  workspace.restore([session("a", 1)]);
  expect(names()).toEqual(["name-a", "name-new"]);
  expect(workspace.store.getState().activeKey).toBe("k0");
});

test("the sessions are restored once, however often the server is asked", async () => {
  const { workspace, names } = await setUp();
  workspace.restore([session("a", 1)]);
  workspace.restore([session("a", 1), session("b", 2)]);
  expect(names()).toEqual(["name-a"]);
});

test("recent instances are newest first and named once", async () => {
  const { workspace } = await setUp();
  workspace.restore([session("a", 1), session("b", 2)]);
  workspace.open(instance("i-a"), "eu-west-1", true);
  expect(workspace.store.getState().recent.map(({ instanceId }) => instanceId)).toEqual(["i-a", "i-b"]);
});

test("one tab more than the bound is refused with a reason, and no session starts", async () => {
  const { workspace, made, toasts } = await setUp();
  for (let index = 0; index <= TABS_MAX; index++) workspace.open(instance(`n${index}`), "eu-west-1", false);
  expect(made).toHaveLength(TABS_MAX);
  expect(toasts.getSnapshot().at(-1)?.title).toBe(`${TABS_MAX} tabs are open`);
});

test("ending all ends every shell, and fails if one could not be ended", async () => {
  const { workspace, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.open(instance("b"), "eu-west-1", false);
  terminal(0).endFailure = new ApiUnreachable("gone");
  await expect(workspace.endAll()).rejects.toBeInstanceOf(ApiUnreachable);
  expect(terminal(1).endCalls).toBe(1);
});

test("disposing lets go of every terminal and listener, and ends no shell", async () => {
  const { workspace, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", false);
  workspace.dispose();
  expect(terminal(0).disposed).toBe(true);
  expect(terminal(0).listeners.size).toBe(0);
  expect(terminal(0).endCalls).toBe(0);
});
