import type { Instance } from "@causeway/wire-contract/instances";
import type { WorkspaceLayout } from "@causeway/wire-contract/preferences";
import type { Session } from "@causeway/wire-contract/sessions";
import { expect, test, vi } from "vitest";
import { ApiProblem, ApiUnreachable } from "../../lib/api-client.ts";
import { TOAST_MS, Toasts } from "../../ui/toasts.ts";
import { layoutOf, PANE_CHROME_PX, type PlacedDivider } from "./pane-layout.ts";
import { leaf, paneKeys } from "./pane-tree.ts";
import { TABS_MAX, type Tab } from "./tab-state.ts";
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
  fullScreen = false;
  cell: { width: number; height: number } | undefined = { width: 8, height: 18 };
  sendKey(): void {}
  pressKey(): void {}
  toggleModifier(): void {}
  pasteText(): void {}
  isFullScreen = () => this.fullScreen;
  watchers: string[] = [];
  running = false;
  isCommandRunning = () => this.running;
  takes = true;
  takesTyping = () => this.takes && this.status.kind === "open";
  linesUp = 0;
  scrolledUpBy = () => this.linesUp;
  shown = true;
  isShown = () => this.shown;
  cellSize = () => this.cell;
  toggleTabKey(): void {}
  retryNow(): void {
    this.retries++;
  }
  applyLook(): void {
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
  const kept: WorkspaceLayout[] = [];
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
    nowMs: () => timer.now,
    keepLayout: (layout) => kept.push(layout),
    endSessionOnLeave: (id) => endedOnLeave.push(id),
    undoKeys: () => ["Ctrl", "Shift", "Z"],
    asksBeforeClosing: () => true,
    isTakenByOther: () => false,
    watchersOf: (terminal) => terminal.watchers,
  });
  const names = () => workspace.store.getState().tabs.map(({ target }) => target.instanceName);
  const terminal = (index: number): FakeTerminal => {
    const found = made[index];
    if (!found) throw new Error(`no terminal ${index}`);
    return found;
  };
  return { workspace, timer, toasts, terminal, made, endedOnLeave, names, storage, kept };
}

test("opening an instance again goes to its tab; with Shift it opens another session", async () => {
  const { workspace, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.open(instance("b"), "eu-west-1", "go");
  workspace.open(instance("a"), "eu-west-1", "go");
  expect(names()).toEqual(["name-a", "name-b"]);
  expect(workspace.store.getState().activeKey).toBe("k0");
  workspace.open(instance("a"), "eu-west-1", "new");
  expect(names()).toEqual(["name-a", "name-b", "name-a"]);
});

test("a pane whose shell one identity was refused asks as another in its place; a pane with a session does not", async () => {
  const { workspace, terminal, made } = await setUp();
  workspace.open({ ...instance("a"), identityId: "identity-1" }, "eu-west-1", "go");
  workspace.openAs("k0", "identity-2");
  expect(made).toHaveLength(1); // it may begin yet
  terminal(0).change({ kind: "failed", unread: false });
  workspace.openAs("k0", "identity-2");
  expect(terminal(0).disposed).toBe(true);
  expect(workspace.registry.get("k0")).toBe(terminal(1));
  expect(workspace.activeTab?.panes.map(({ target }) => target)).toMatchObject([
    { identityId: "identity-2", instanceName: "name-a" },
  ]);
  terminal(1).change({ kind: "failed", unread: false }, "session-1");
  workspace.openAs("k0", "identity-1");
  expect(made).toHaveLength(2);
});

test("a closed tab goes at once, its shell ends only when the time to take it back is over", async () => {
  const { workspace, timer, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
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
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.open(instance("b"), "eu-west-1", "go");
  workspace.close("k0");
  toasts.act(toasts.getSnapshot()[0]?.id ?? -1);
  timer.advance(TOAST_MS * 2);
  expect(names()).toEqual(["name-a", "name-b"]);
  expect(workspace.registry.get("k0")).toBe(terminal(0));
  expect(terminal(0).endCalls).toBe(0);
});

test("the newest close is undone by its chord, once, and not when its time is over", async () => {
  const { workspace, timer, names } = await setUp();
  for (const id of ["a", "b"]) workspace.open(instance(id), "eu-west-1", "go");
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
  workspace.open(instance("a"), "eu-west-1", "go");
  terminal(0).endFailure = new ApiUnreachable("gone");
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(names()).toEqual(["name-a"]));
  expect(toasts.getSnapshot().at(-1)?.title).toBe("name-a could not be closed");
  expect(terminal(0).disposed).toBe(false);
});

test("a session that was over already is closed without complaint", async () => {
  const { workspace, timer, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
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
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.open(instance("b"), "eu-west-1", "go");
  terminal(0).change({ kind: "open", unread: false }, "session-a");
  terminal(1).change({ kind: "open", unread: false }, "session-b");
  workspace.close("k0");
  workspace.leavePage();
  expect(endedOnLeave).toEqual(["session-a"]);
});

test("a page that goes remembers where its terminals were read, and forgets those that follow their output", async () => {
  const { workspace, terminal, storage } = await setUp();
  for (const [index, name] of ["a", "b"].entries()) {
    workspace.open(instance(name), "eu-west-1", "go");
    terminal(index).change({ kind: "open", unread: false }, `session-${name}`);
  }
  terminal(0).linesUp = 120;
  workspace.leavePage();
  const next = await setUp(storage);
  expect([next.workspace.linesUpOf("session-a"), next.workspace.linesUpOf("session-b")]).toEqual([120, 0]);
  next.workspace.leavePage();
  expect((await setUp(storage)).workspace.linesUpOf("session-a")).toBe(0);
});

test("an ended tab closes without asking AWS again", async () => {
  const { workspace, timer, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  terminal(0).change({ kind: "ended", unread: false }, "session-a");
  expect(workspace.hasLiveSessions()).toBe(false);
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).disposed).toBe(true));
  expect(terminal(0).endCalls).toBe(0);
});

test("a terminal that failed after its session began still ends that session when its tab is closed", async () => {
  const { workspace, timer, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  terminal(0).change({ kind: "failed", unread: false }, "session-a");
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).endCalls).toBe(1));
});

test("after a reload tabs stand in the order this browser remembers, with the same one active", async () => {
  const storage = new FakeStorage();
  const first = await setUp(storage);
  first.workspace.restore([]);
  for (const id of ["a", "b", "c"]) first.workspace.open(instance(id), "eu-west-1", "go");
  for (const [index, id] of ["a", "b", "c"].entries())
    first.terminal(index).change({ kind: "open", unread: false }, id);
  first.workspace.activate("k1");
  expect(first.kept.at(-1)?.active).toBe("b");
  const second = await setUp(storage);
  second.workspace.restore([session("c", 1), session("b", 2), session("a", 3)]);
  expect(second.names()).toEqual(["name-a", "name-b", "name-c"]);
  expect(second.workspace.activeTab?.target.instanceName).toBe("name-b");
  expect(second.made.map(({ sessionId }) => sessionId)).toEqual(["a", "b", "c"]);
});

test("a second browser that remembers nothing gets every live session, oldest first, and no ended one", async () => {
  const { workspace, names } = await setUp();
  workspace.restore([session("b", 2), session("a", 1), session("x", 0, { ended: { by: "you", at: 5 } })]);
  expect(names()).toEqual(["name-a", "name-b"]);
});

test("an instance opened before the sessions were known keeps its tab and stays active", async () => {
  const { workspace, names } = await setUp();
  workspace.open(instance("new"), "eu-west-1", "go");
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
  workspace.open(instance("i-a"), "eu-west-1", "new");
  expect(workspace.store.getState().recent.map(({ instanceId }) => instanceId)).toEqual(["i-a", "i-b"]);
});

test("one terminal more than the bound is refused with a reason, and no session starts", async () => {
  const { workspace, made, toasts } = await setUp();
  for (let index = 0; index <= TABS_MAX; index++) workspace.open(instance(`n${index}`), "eu-west-1", "go");
  expect(made).toHaveLength(TABS_MAX);
  expect(toasts.getSnapshot().at(-1)?.title).toBe(`${TABS_MAX} terminals are open`);
});

test("ending all ends every shell, and fails if one could not be ended", async () => {
  const { workspace, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.open(instance("b"), "eu-west-1", "go");
  terminal(0).endFailure = new ApiUnreachable("gone");
  await expect(workspace.endAll()).rejects.toBeInstanceOf(ApiUnreachable);
  expect(terminal(1).endCalls).toBe(1);
});

test("disposing lets go of every terminal and listener, and ends no shell", async () => {
  const { workspace, terminal } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.dispose();
  expect(terminal(0).disposed).toBe(true);
  expect(terminal(0).listeners.size).toBe(0);
  expect(terminal(0).endCalls).toBe(0);
});

const AREA = { area: { width: 1_600, height: 800 }, cell: { width: 8, height: 18 } };
const panesOfActive = ({ workspace }: Awaited<ReturnType<typeof setUp>>) =>
  paneKeys(workspace.activeTab?.tree ?? { kind: "pane", key: "" });

test("a split opens a new session on the same instance, beside the active pane, and has the keyboard", async () => {
  const world = await setUp();
  const { workspace, made, names } = world;
  workspace.open(instance("a"), "eu-west-1", "go");
  const { focusRequests } = workspace.store.getState();
  workspace.split("right");
  expect(names()).toEqual(["name-a"]);
  expect(panesOfActive(world)).toEqual(["k0", "k1"]);
  expect(workspace.activeTab?.activePane).toBe("k1");
  expect(made).toHaveLength(2);
  expect(workspace.store.getState().focusRequests).toBe(focusRequests + 1);
});

test("an instance opened with the modifier stands in a split; without a tab it gets one", async () => {
  const world = await setUp();
  world.workspace.open(instance("a"), "eu-west-1", "split");
  world.workspace.open(instance("b"), "eu-west-1", "split");
  expect(world.names()).toEqual(["name-b"]);
  expect(panesOfActive(world)).toEqual(["k0", "k1"]);
  world.workspace.open(instance("a"), "eu-west-1", "go");
  expect(world.workspace.activeTab?.activePane).toBe("k0");
});

test("a split below 40 x 8 cells is refused with a note in the pane, and no session starts", async () => {
  const { workspace, made } = await setUp();
  workspace.arranging.measureWith(() => AREA);
  workspace.open(instance("a"), "eu-west-1", "go");
  for (let n = 0; n < 3; n++) workspace.split("right");
  expect(made).toHaveLength(3);
  expect(workspace.store.getState().note).toEqual({ paneKey: "k2", text: "No room: a pane needs 40 × 8 cells." });
  workspace.focusPane("left");
  expect(workspace.store.getState().note).toBeUndefined();
});

test("a seventh pane is refused with the reason", async () => {
  const { workspace, made } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  for (let n = 0; n < 6; n++) workspace.split("right");
  expect(made).toHaveLength(6);
  expect(workspace.store.getState().note?.text).toBe("A tab holds 6 panes at most.");
});

test("a pane is not moved to where it would have less than 40 x 8 cells, and says so itself", async () => {
  const { workspace } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.open(instance("b"), "eu-west-1", "go");
  workspace.arranging.measureWith(() => ({ ...AREA, area: { width: 600, height: 800 } }));
  workspace.arranging.move("k1", "k0", "right");
  expect(workspace.store.getState().tabs).toHaveLength(2);
  expect(workspace.store.getState().note).toEqual({ paneKey: "k1", text: "No room: a pane needs 40 × 8 cells." });
  workspace.arranging.move("k1", "k0", "down");
  expect(workspace.store.getState().tabs).toHaveLength(1);
});

test("a divider stops where the pane beside it has 40 columns left", async () => {
  const { workspace } = await setUp();
  workspace.arranging.measureWith(() => AREA);
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.split("right");
  const tab = workspace.activeTab as Tab;
  const [divider] = layoutOf(tab.tree).dividers;
  workspace.arranging.moveDivider(tab.key, divider as PlacedDivider, 0.9);
  const [, right] = layoutOf(workspace.activeTab?.tree ?? leaf("")).panes;
  expect(Math.round((right?.width ?? 0) * AREA.area.width)).toBe(40 * 8 + PANE_CHROME_PX.width);
  workspace.arranging.evenOut(tab.key, divider as PlacedDivider);
  expect(workspace.activeTab?.tree).toMatchObject({ sizes: [0.5, 0.5] });
});

test("zoom is taken back by going to another pane", async () => {
  const { workspace } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.zoom();
  expect(workspace.activeTab?.zoomed).toBe(false);
  workspace.split("right");
  workspace.zoom();
  expect(workspace.activeTab?.zoomed).toBe(true);
  workspace.focusPane("left");
  expect(workspace.activeTab).toMatchObject({ zoomed: false, activePane: "k0" });
});

test("a closed pane is taken back to its place; its shell ends with its time, the others go on", async () => {
  const world = await setUp();
  const { workspace, timer, terminal } = world;
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.split("down");
  workspace.closePane("k0");
  expect(panesOfActive(world)).toEqual(["k1"]);
  workspace.undoClose();
  expect(panesOfActive(world)).toEqual(["k0", "k1"]);
  workspace.closePane("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(0).disposed).toBe(true));
  expect(terminal(1).endCalls).toBe(0);
});

test("closing a tab closes all its panes, and one Undo brings all back", async () => {
  const world = await setUp();
  const { workspace, timer, toasts, terminal } = world;
  workspace.open(instance("a"), "eu-west-1", "go");
  workspace.split("right");
  workspace.close("k0");
  expect(toasts.getSnapshot()[0]?.title).toBe("Closed name-a, 2 panes.");
  workspace.undoClose();
  expect(panesOfActive(world)).toEqual(["k0", "k1"]);
  workspace.close("k0");
  timer.advance(TOAST_MS);
  await vi.waitFor(() => expect(terminal(1).disposed).toBe(true));
  expect([terminal(0).endCalls, terminal(1).endCalls]).toEqual([1, 1]);
});

test("closing a pane in which a command runs asks first, where its shell says so", async () => {
  const { workspace, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  terminal(0).running = true;
  workspace.closePane("k0");
  expect(workspace.store.getState().asking).toMatchObject({ name: "name-a", fullScreen: [], running: ["name-a"] });
  workspace.answerAsking(false);
  terminal(0).running = false;
  workspace.closePane("k0");
  expect(names()).toEqual([]);
});

test("closing a pane with a full-screen program asks first, and does as it is told", async () => {
  const { workspace, terminal, names } = await setUp();
  workspace.open(instance("a"), "eu-west-1", "go");
  terminal(0).fullScreen = true;
  workspace.closePane("k0");
  expect(names()).toEqual(["name-a"]);
  expect(workspace.store.getState().asking).toMatchObject({ name: "name-a", fullScreen: ["name-a"] });
  workspace.answerAsking(false);
  expect(names()).toEqual(["name-a"]);
  workspace.closePane("k0");
  workspace.answerAsking(true);
  expect(names()).toEqual([]);
  expect(workspace.store.getState().asking).toBeUndefined();
});

test("panes come back after a reload as they were, and on another device from what the server keeps", async () => {
  const storage = new FakeStorage();
  const first = await setUp(storage);
  first.workspace.restore([]);
  for (const id of ["a", "b", "c"]) first.workspace.open(instance(id), "eu-west-1", id === "b" ? "split" : "go");
  for (const [index, id] of ["a", "b", "c"].entries())
    first.terminal(index).change({ kind: "open", unread: false }, id);
  first.timer.advance(5);
  first.workspace.rename("k2", " deploy\u001b ");
  const sessions = [session("c", 1), session("b", 2), session("a", 3)];
  const kept = first.kept.at(-1);
  for (const [from, elsewhere] of [
    [storage, undefined],
    [new FakeStorage(), kept],
  ] as const) {
    const second = await setUp(from);
    second.workspace.restore(sessions, elsewhere);
    expect(second.workspace.store.getState().tabs.map(({ panes }) => panes.length)).toEqual([2, 1]);
    expect(second.workspace.activeTab?.name).toBe("deploy");
  }
});

test("of this browser's layout and the server's the newer one counts", async () => {
  const storage = new FakeStorage();
  const first = await setUp(storage);
  first.timer.advance(100);
  first.workspace.restore([session("a", 1), session("b", 2)]);
  first.workspace.arranging.move("k1", "k0", "down");
  const second = await setUp(storage);
  const apart = { savedAt: 99, tabs: [{ nodes: [{ session: "b" }] }, { nodes: [{ session: "a" }] }] };
  second.workspace.restore([session("a", 1), session("b", 2)], apart);
  expect(second.workspace.store.getState().tabs).toHaveLength(1);
  expect(second.kept.map(({ savedAt }) => savedAt)).toEqual([100]); // the server lacked it: the page had gone too soon
  const third = await setUp(storage);
  third.workspace.restore([session("a", 1), session("b", 2)], { ...apart, savedAt: 101 });
  expect(third.names()).toEqual(["name-b", "name-a"]);
});

test("the active pane changes places with the one beside it, and goes to an edge where there is none", async () => {
  const { workspace } = await setUp();
  workspace.open(instance("i-a"), "eu-west-1", "new");
  workspace.split("right");
  const keys = () => layoutOf((workspace.activeTab as Tab).tree).panes.map(({ key }) => key);
  const [first, second] = keys();
  workspace.movePaneTo("left");
  expect(keys()).toEqual([second, first]);
  workspace.movePaneTo("down");
  expect(workspace.activeTab?.tree).toMatchObject({ direction: "column" });
  expect(keys()).toEqual([first, second]);
});

test("the active tab goes one place in the strip, and no further than its ends", async () => {
  const { workspace } = await setUp();
  for (const id of ["i-a", "i-b", "i-c"]) workspace.open(instance(id), "eu-west-1", "new");
  const order = () => workspace.store.getState().tabs.map(({ target }) => target.instanceId);
  workspace.stepTabPlace(-1);
  expect(order()).toEqual(["i-a", "i-c", "i-b"]);
  workspace.stepTabPlace(1);
  workspace.stepTabPlace(1);
  expect(order()).toEqual(["i-a", "i-b", "i-c"]);
});

test("a pane that is dropped into the strip has its own tab at that place", async () => {
  const { workspace } = await setUp();
  workspace.open(instance("i-a"), "eu-west-1", "new");
  workspace.open(instance("i-b"), "eu-west-1", "new");
  workspace.split("right");
  workspace.arranging.toOwnTab(workspace.activeTab?.activePane ?? "", 0);
  expect(workspace.store.getState().tabs.map(({ target }) => target.instanceId)).toEqual(["i-b", "i-a", "i-b"]);
  expect(workspace.store.getState().tabs[0]?.key).toBe(workspace.store.getState().activeKey);
});

test("a terminal that somebody watches is closed only after the person's word, and each who watches is named once", async () => {
  const { workspace, terminal, names } = await setUp();
  workspace.restore([session("a", 1)]);
  terminal(0).watchers = ["kofi", "mira", "kofi"];
  const [tab] = workspace.store.getState().tabs;
  workspace.close(tab?.key ?? "");
  expect(workspace.store.getState().asking).toMatchObject({ watchers: ["kofi", "mira"], running: [], shells: 1 });
  expect(names()).toEqual(["name-a"]);
  workspace.answerAsking(true);
  expect(names()).toEqual([]);
});
