import { expect, test } from "vitest";
import { Broadcast } from "./broadcast.ts";
import { leaf } from "./pane-tree.ts";
import { NO_TABS, type Pane, type TabState, tabOf } from "./tab-state.ts";
import { TerminalRegistry } from "./terminal-registry.ts";
import type { WorkspaceTerminal } from "./workspace-terminal.ts";

/** What a broadcast needs of a terminal. */
class FakeTerminal {
  takes = true;
  shown = true;
  isTaken = false;
  readonly sessionId = "s";
  getStatus = () => ({ kind: "open", unread: false }) as const;
  subscribe = () => () => undefined;
  takesTyping = (): boolean => this.takes;
  isShown = (): boolean => this.shown;
  focus(): void {}
  sendKey(): void {}
  pressKey(): void {}
  toggleModifier(): void {}
  pasteText(): void {}
  isFullScreen = () => false;
  isCommandRunning = () => false;
  scrolledUpBy = () => 0;
  cellSize = () => undefined;
  toggleTabKey(): void {}
  retryNow(): void {}
  async end(): Promise<void> {}
  dispose(): void {}
  applyLook(): void {}
}

const paneOf = (key: string): Pane => ({
  key,
  target: { instanceId: `i-${key}`, instanceName: `name-${key}`, region: "eu-west-1" },
  environment: undefined,
});

async function bench(keys: readonly string[] = ["a", "b", "c"]) {
  const made: FakeTerminal[] = [];
  const registry = new TerminalRegistry<FakeTerminal & WorkspaceTerminal>(async () => () => {
    const terminal = new FakeTerminal();
    made.push(terminal);
    return terminal;
  });
  registry.preload();
  await Promise.resolve();
  await Promise.resolve();
  const panes = keys.map(paneOf);
  for (const { key, target } of panes) registry.open(key, target, undefined);
  const state: { tabs: TabState } = { tabs: NO_TABS };
  const show = (shown: readonly Pane[]): void => {
    const [first = paneOf("none")] = shown;
    const tree =
      shown.length < 2
        ? leaf(first.key)
        : {
            kind: "split" as const,
            direction: "row" as const,
            children: shown.map(({ key }) => leaf(key)),
            sizes: shown.map(() => 1 / shown.length),
          };
    const tab = tabOf({ key: "t", tree, panes: [...shown], activePane: first.key, zoomed: false });
    state.tabs = { ...NO_TABS, tabs: [tab], activeKey: "t" };
  };
  show(panes);
  const told: string[] = [];
  const broadcast = new Broadcast<FakeTerminal & WorkspaceTerminal>({
    registry,
    state: () => state.tabs,
    isTakenByOther: (terminal) => terminal.isTaken,
    tell: (title) => told.push(title),
  });
  const terminal = (key: string) => registry.get(key) as FakeTerminal & WorkspaceTerminal;
  const reached = (key: string): string[] =>
    broadcast.receiversOf(terminal(key)).map((each) => keys.find((other) => terminal(other) === each) ?? "?");
  return { broadcast, terminal, reached, told, show, panes };
}

test("nothing is broadcast before the person has chosen panes, and then only to those", async () => {
  const { broadcast, reached } = await bench();
  broadcast.toggle();
  expect(broadcast.getState()?.kind).toBe("choosing");
  expect(reached("a")).toEqual([]);
  broadcast.answer(["a", "c"]);
  expect(reached("a")).toEqual(["c"]);
  expect(reached("c")).toEqual(["a"]);
  expect(reached("b")).toEqual([]);
  broadcast.toggle();
  expect(broadcast.getState()).toBeUndefined();
  expect(reached("a")).toEqual([]);
});

test("no answer, or fewer than two panes, is no broadcast", async () => {
  const { broadcast } = await bench();
  for (const answer of [undefined, [], ["a"], ["a", "unknown"]]) {
    broadcast.toggle();
    broadcast.answer(answer);
    expect(broadcast.getState()).toBeUndefined();
  }
});

test("a pane is left out and taken in again; with fewer than two left it stops and says so", async () => {
  const { broadcast, reached, told } = await bench();
  broadcast.toggle();
  broadcast.answer(["a", "b", "c"]);
  broadcast.toggleMember("b");
  expect(reached("a")).toEqual(["c"]);
  broadcast.toggleMember("b");
  expect(reached("a").sort()).toEqual(["b", "c"]);
  broadcast.toggleMember("b");
  broadcast.toggleMember("c");
  expect(broadcast.getState()).toBeUndefined();
  expect(told).toEqual(["Broadcasting stopped"]);
});

test("a pane whose shell is not reached leaves at once, and is not in again when it comes back", async () => {
  const { broadcast, reached, terminal, told } = await bench();
  broadcast.toggle();
  broadcast.answer(["a", "b", "c"]);
  terminal("b").takes = false;
  broadcast.review();
  terminal("b").takes = true;
  expect(reached("a")).toEqual(["c"]);
  expect(told).toEqual(["name-b left the broadcast"]);
  expect(reached("b")).toEqual([]);
});

test("a terminal whose keyboard a guest has gets no key of this person", async () => {
  const { broadcast, reached, terminal, told } = await bench();
  broadcast.toggle();
  broadcast.answer(["a", "b", "c"]);
  terminal("c").isTaken = true; // nobody told the broadcast: it looks at each key
  expect(reached("a")).toEqual(["b"]);
  expect(told).toEqual(["name-c left the broadcast"]);
});

test("what is not on the page gets nothing: a zoomed pane, another tab, a hidden one", async () => {
  const { broadcast, reached, terminal } = await bench();
  broadcast.toggle();
  broadcast.answer(["a", "b", "c"]);
  terminal("b").shown = false;
  terminal("c").shown = false;
  expect(reached("a")).toEqual([]);
  expect(broadcast.getState()?.members.size).toBe(3); // paused, not over
  terminal("b").shown = true;
  expect(reached("a")).toEqual(["b"]);
});

test("it ends with its tab, and a pane that went to another tab is out of it", async () => {
  const { broadcast, show, panes, told } = await bench();
  broadcast.toggle();
  broadcast.answer(["a", "b", "c"]);
  show(panes.slice(0, 2));
  broadcast.review();
  expect([...(broadcast.getState()?.members ?? [])]).toEqual(["a", "b"]);
  show(panes.slice(0, 1));
  broadcast.review();
  expect(broadcast.getState()).toBeUndefined();
  expect(told).toEqual([]); // the person did it herself, and sees it
});

test("a lone pane has nothing to broadcast to", async () => {
  const { broadcast, told } = await bench(["a"]);
  broadcast.toggle();
  expect(broadcast.getState()).toBeUndefined();
  expect(told).toEqual(["Nothing to broadcast to"]);
});
