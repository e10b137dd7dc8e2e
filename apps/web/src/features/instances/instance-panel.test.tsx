// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ApiUnreachable } from "../../lib/api-client.ts";
import { fakeMe } from "../../test-support/fake-me.ts";
import { InstancePanel, type ListChoices, loadListbox } from "./instance-panel.tsx";
import { instanceRef } from "./instance-ref.ts";
import type { InventorySnapshot } from "./inventory-store.ts";
import { NOTHING_LISTED } from "./inventory-store.ts";
import { listed, snapshotOf } from "./testing/listed.ts";

beforeAll(loadListbox);
// happy-dom lays nothing out: the virtual list needs to believe in a view of 600 px
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(288);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const { identities } = fakeMe();
const FLEET = [
  listed("api-1", { tags: { service: "api", env: "prod" } }),
  listed("api-2", { tags: { service: "api", env: "dev" } }),
  listed("db-1", { tags: { service: "db", env: "prod" } }),
];

function show(inventory: InventorySnapshot, filter = "", more: Partial<ListChoices> = {}) {
  const opened: [string, string][] = [];
  const regions: string[] = [];
  const acts: string[] = [];
  let left = 0;
  const choices: ListChoices = {
    favourites: [],
    recents: [],
    views: [],
    groupBy: undefined,
    openedAtMs: new Map(),
    folded: new Set(),
    onFold: (key, folded) => acts.push(`${folded ? "fold" : "unfold"} ${key}`),
    onFavourite: ({ name }) => acts.push(`favourite ${name}`),
    onGroupBy: (groupBy) => acts.push(`group by ${groupBy}`),
    onSaveView: ({ name, filter: saved }) => acts.push(`save ${name}: ${saved}`),
    onDeleteView: ({ name }) => acts.push(`delete ${name}`),
    ...more,
  };
  const onFilter = (): void => undefined;
  const panel = (snapshot: InventorySnapshot) => (
    <InstancePanel
      identities={identities}
      regions={["eu-west-1"]}
      inventory={snapshot}
      choices={choices}
      openCounts={new Map([[instanceRef(listed("api-2")), 2]])}
      currentRef={undefined}
      initialFilter={filter}
      onFilter={onFilter}
      onRegion={(region) => regions.push(region)}
      onOpen={({ name }, how) => opened.push([name, how])}
      onDetails={({ name }) => acts.push(`details ${name}`)}
      onCopy={(text) => acts.push(`copy ${text}`)}
      onRefresh={() => acts.push("refresh")}
      onOtherRole={() => acts.push("other role")}
      onLeave={() => left++}
    />
  );
  const { rerender } = render(panel(inventory));
  return { opened, regions, acts, left: () => left, update: (next: InventorySnapshot) => rerender(panel(next)) };
}
const listbox = () => screen.findByRole("listbox");
const filterBox = () => screen.getByRole("textbox", { name: "Filter instances" }) as HTMLInputElement;
const activeName = (list: HTMLElement) =>
  document.getElementById(list.getAttribute("aria-activedescendant") ?? "")?.querySelector(".nm")?.textContent;

test("arrows and j/k move the mark, Enter opens, Shift+Enter opens another session, Ctrl+Enter opens in a split", async () => {
  const { opened } = show(snapshotOf(FLEET));
  const list = await listbox();
  fireEvent.keyDown(list, { key: "ArrowDown" });
  fireEvent.keyDown(list, { key: "j" });
  expect(activeName(list)).toBe("api-2");
  fireEvent.keyDown(list, { key: "k" });
  expect(activeName(list)).toBe("api-1");
  fireEvent.keyDown(list, { key: "End" });
  fireEvent.keyDown(list, { key: "Enter" });
  fireEvent.keyDown(list, { key: "Enter", shiftKey: true });
  fireEvent.keyDown(list, { key: "Enter", ctrlKey: true });
  expect(opened).toEqual([
    ["db-1", "go"],
    ["db-1", "new"],
    ["db-1", "split"],
  ]);
});

test("a click opens, Shift+click opens another session, Ctrl+click opens in a split", async () => {
  const { opened } = show(snapshotOf(FLEET));
  await listbox();
  fireEvent.click(screen.getByText("api-1"));
  fireEvent.click(screen.getByText("api-1"), { shiftKey: true });
  fireEvent.click(screen.getByText("api-1"), { ctrlKey: true });
  expect(opened).toEqual([
    ["api-1", "go"],
    ["api-1", "new"],
    ["api-1", "split"],
  ]);
});

test("rows stand in groups that are named for screen readers, and say how many tabs are open", async () => {
  show(snapshotOf(FLEET));
  await listbox();
  expect(screen.getByRole("group", { name: "service api, 2 of 2 online" })).toBeDefined();
  expect(screen.getByRole("option", { name: /api-2.*2 open here/ })).toBeDefined();
});

test("Enter in the filter opens the first hit, right after the key that found it", async () => {
  const { opened } = show(snapshotOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "db" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(opened).toEqual([["db-1", "go"]]);
});

test("key=value becomes a chip on Enter, Backspace in the empty filter takes it back", async () => {
  show(snapshotOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "env=prod api" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(screen.getByRole("button", { name: "Remove filter env=prod" })).toBeDefined();
  expect(filterBox().value).toBe("api");
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  fireEvent.change(filterBox(), { target: { value: "" } });
  fireEvent.keyDown(filterBox(), { key: "Backspace" });
  expect(screen.queryByRole("button", { name: "Remove filter env=prod" })).toBeNull();
});

test("region: in the filter narrows what is listed; where it leaves nothing, the region can be shown instead", async () => {
  const { regions } = show(snapshotOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "region:us-east-1" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(screen.getByRole("button", { name: "Remove filter region:us-east-1" })).toBeDefined();
  fireEvent.click(await screen.findByRole("button", { name: "Show us-east-1" }));
  expect(regions).toEqual(["us-east-1"]);
});

test("a region that is not offered here is a filter without a hit, and nothing else", async () => {
  show(snapshotOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "region:us-esat-1" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(await screen.findByText(/Nothing matches/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /^Show / })).toBeNull();
});

test("what is half typed beside a finished condition stays in the filter", async () => {
  show(snapshotOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "env=prod api state:on" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(filterBox().value).toBe("api state:on");
});

test("Escape clears the filter first, then goes back to the terminal", async () => {
  const { left } = show(snapshotOf(FLEET), "env=prod api");
  await listbox();
  expect(filterBox().value).toBe("api");
  fireEvent.keyDown(filterBox(), { key: "Escape" });
  expect([filterBox().value, left()]).toEqual(["", 0]);
  fireEvent.keyDown(filterBox(), { key: "Escape" });
  expect(left()).toBe(1);
});

test("with no hit the nearest name is suggested", async () => {
  show(snapshotOf([listed("checkout-api-1"), listed("orders-1")]));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "chekout" } });
  fireEvent.click(await screen.findByRole("button", { name: "Search “checkout”" }));
  expect(filterBox().value).toBe("checkout");
  expect((await screen.findAllByRole("option")).length).toBe(1);
});

test("a region without instances says what was searched and offers the other region", async () => {
  const { regions, update } = show(snapshotOf([]));
  fireEvent.click(await screen.findByRole("button", { name: "Switch to us-east-1" }));
  expect(regions).toEqual(["us-east-1"]);
  expect(screen.queryByText(/There were/)).toBeNull();
  const left = { account: "111122223333", region: "us-east-1", count: 6 };
  update(snapshotOf([], {}, { left: [left, { ...left, account: "999999999999", count: 7 }] }));
  expect(screen.getByText(/There were 6 in/).textContent).toMatch(/There were 6 in us-east-1\.$/);
});

test("a list that cannot be had says why and can be asked for again", () => {
  const { acts, update } = show({ ...NOTHING_LISTED, error: new ApiUnreachable("x") });
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(acts).toEqual(["refresh"]);
  update(snapshotOf(FLEET));
  expect(screen.getAllByRole("option")).toHaveLength(3);
});

test("before the first answer the list is loading, then it counts up", () => {
  const { update } = show(NOTHING_LISTED);
  expect(screen.getByRole("status", { name: "Loading instances" })).toBeDefined();
  update(snapshotOf(FLEET, { phase: "loading", loaded: 3, about: 214 }));
  expect(screen.getByText("3 of about 214 loaded")).toBeDefined();
});

test("a role that may not list says which actions it lacks, and another one can be chosen", () => {
  const problem = { type: "t", title: "T", status: 403, cause: "c", remedy: "r", retryable: false, requestId: "1" };
  const denied = { ok: false, problem: { ...problem, code: "AWS_ACCESS_DENIED" } };
  const { acts } = show(snapshotOf([], { phase: "failed", ec2: denied, ssm: denied }));
  expect(screen.getByRole("heading", { name: "This role cannot list instances here" })).toBeDefined();
  expect(screen.getByRole("alert").textContent).toContain(
    "neither ec2:DescribeInstances nor ssm:DescribeInstanceInformation",
  );
  fireEvent.click(screen.getByRole("button", { name: "Use another role" }));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(acts).toEqual(["other role", "refresh"]);
});

test("without a connection the rows stay, and the footer says that they grow old", () => {
  const { update } = show(snapshotOf(FLEET));
  update(snapshotOf(FLEET, {}, { connected: false, error: new ApiUnreachable("x") }));
  expect(screen.getByText("Cannot reach the Causeway server.")).toBeDefined();
  expect(screen.getByText(/^\d+\s\S+ old$/)).toBeDefined();
  expect(screen.getAllByRole("option")).toHaveLength(3);
});

test("while AWS asks to slow down the rows stay, with their age and the next try", () => {
  const problem = { type: "t", title: "T", status: 429, cause: "c", remedy: "r", retryable: true, requestId: "1" };
  const ssm = { ok: false, problem: { ...problem, code: "AWS_THROTTLED" } };
  show(snapshotOf(FLEET, { ssm, fetchedAt: Date.now(), nextTryAt: Date.now() + 30_000 }));
  expect(screen.getByText(/AWS asked us to slow down/)).toBeDefined();
  expect(screen.getByText(/Trying again in/)).toBeDefined();
  expect(screen.getAllByRole("option")).toHaveLength(3);
});

test("favourites and recent ones stand first, none of them twice there, and in their groups as well; a filter hides them", async () => {
  const [api1, , db1] = FLEET.map(instanceRef);
  show(snapshotOf(FLEET), "", { favourites: [db1 ?? ""], recents: [api1 ?? "", db1 ?? ""] });
  expect(within(screen.getByRole("group", { name: "Favourites" })).getAllByRole("option")).toHaveLength(1);
  expect(within(screen.getByRole("group", { name: "Recent" })).getAllByRole("option")).toHaveLength(1);
  expect(screen.getAllByRole("option")).toHaveLength(5);
  fireEvent.change(filterBox(), { target: { value: "db" } });
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
});

test("f makes a favourite of the marked row, i opens its details, and so do its buttons", async () => {
  const { acts, opened } = show(snapshotOf(FLEET));
  const list = await listbox();
  fireEvent.keyDown(list, { key: "End" });
  fireEvent.keyDown(list, { key: "f" });
  fireEvent.keyDown(list, { key: "i" });
  const row = screen.getByRole("option", { name: /api-1/ });
  fireEvent.pointerMove(row);
  for (const act of ["favourite", "details"]) fireEvent.click(row.querySelector(`[data-act=${act}]`) as Element);
  expect(acts).toEqual(["favourite db-1", "details db-1", "favourite api-1", "details api-1"]);
  expect(opened).toEqual([]);
});

test("the menu of a row, by pointer or by key, has what its keys do, and gives the keyboard back to the list", async () => {
  const { acts, opened } = show(snapshotOf(FLEET));
  const list = await listbox();
  const choose = async (name: string) =>
    fireEvent.click(await screen.findByRole("menuitem", { name: new RegExp(name) }));
  fireEvent.contextMenu(screen.getByRole("option", { name: /api-2/ }), { clientX: 40, clientY: 60 });
  expect(activeName(list)).toBe("api-2");
  const names = (await screen.findAllByRole("menuitem")).map(({ textContent }) => textContent?.trim());
  expect(names).toEqual([
    "Go there ↵",
    "Open another session Shift↵",
    "Open in a split Ctrl↵",
    "Details i",
    "Add to favourites f",
    "Copy the id",
    "Copy the name",
  ]);
  await choose("Open another session");
  expect(document.activeElement).not.toBe(list);
  for (const [key, shiftKey, item] of [
    ["ContextMenu", false, "Add to favourites"],
    ["F10", true, "Copy the name"],
  ] as const) {
    fireEvent.keyDown(list, { key, shiftKey });
    await choose(item);
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(list);
  }
  fireEvent.contextMenu(screen.getByRole("option", { name: /db-1/ }), { shiftKey: true });
  expect(screen.queryByRole("menu")).toBeNull();
  expect(opened).toEqual([["api-2", "new"]]);
  expect(acts).toEqual(["favourite api-2", "copy api-2"]);
});

test("a row that is neither marked nor pointed at has no buttons: thousands scroll by", async () => {
  show(snapshotOf(FLEET));
  const list = await listbox();
  const buttons = () => screen.getAllByRole("option").map((row) => row.querySelectorAll("[data-act]").length);
  expect(buttons()).toEqual([0, 0, 0]);
  fireEvent.pointerMove(screen.getByRole("option", { name: /db-1/ }));
  fireEvent.keyDown(list, { key: "Home" });
  expect(buttons()).toEqual([2, 0, 2]);
});

test("a key in the filter puts its hits into the rows that are there", async () => {
  show(snapshotOf(FLEET));
  await listbox();
  const [first] = screen.getAllByRole("option");
  expect(first?.querySelector(".nm")?.textContent).toBe("api-1");
  fireEvent.change(filterBox(), { target: { value: "db" } });
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  expect(screen.getAllByRole("option")[0]).toBe(first);
  expect(first?.querySelector(".nm")?.textContent).toBe("db-1");
});

test("of thousands of rows only those in view are in the document", async () => {
  show(snapshotOf(Array.from({ length: 5_000 }, (_, n) => listed(`n-${n}`))));
  const list = await listbox();
  expect(screen.getAllByRole("option").length).toBeLessThan(40);
  fireEvent.keyDown(list, { key: "End" });
  expect(activeName(list)).toBe("n-4999");
  expect(screen.getAllByRole("option")[0]?.getAttribute("aria-setsize")).toBe("5000");
});

test("a list that was refused by a code alone is noted in the catalog's words once these are there", async () => {
  const whole = snapshotOf(FLEET);
  const { update } = show(whole);
  const refused = { identityId: "first", account: "111122223333", region: "us-east-1", status: undefined };
  update({ ...whole, sources: [...whole.sources, { ...refused, refused: "INVENTORY_LIMIT_REACHED" }] });
  expect(screen.queryByText(/not in the list/)).toBeNull();
  await screen.findByText(/us-east-1 is not in the list: The server holds as many instance lists as it may/);
});

test("a group is folded by a click on its header or the left arrow, and the right arrow or Enter asks for it back", async () => {
  const { acts } = show(snapshotOf(FLEET), "", { folded: new Set(["service tag=api"]) });
  const list = await listbox();
  const folded = screen.getByRole("option", { name: /^service api ?, ?2 of 2 online ?, folded$/ });
  expect(screen.queryByText("api-1")).toBeNull();
  expect(list.getAttribute("aria-activedescendant")).toBe(folded.id);
  fireEvent.keyDown(list, { key: "ArrowRight" });
  fireEvent.keyDown(list, { key: "Home" });
  fireEvent.keyDown(list, { key: "Enter" });
  fireEvent.click(folded);
  fireEvent.keyDown(list, { key: "End" });
  expect(activeName(list)).toBe("db-1");
  fireEvent.keyDown(list, { key: "ArrowLeft" });
  fireEvent.click(screen.getByTitle("Fold (←)"));
  expect(acts).toEqual([
    "unfold service tag=api",
    "unfold service tag=api",
    "unfold service tag=api",
    "fold service tag=db",
    "fold service tag=db",
  ]);
});

test("what is searched is shown, also where its group is folded", async () => {
  show(snapshotOf(FLEET), "", { folded: new Set(["service tag=api"]) });
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "api-1" } });
  expect(await screen.findByRole("option", { name: /api-1/ })).toBeDefined();
});

test("recent ones say how far back they go", async () => {
  const recents = FLEET.slice(0, 2).map(instanceRef);
  show(snapshotOf(FLEET), "", { recents, openedAtMs: new Map(recents.map((ref) => [ref, Date.now()])) });
  await listbox();
  expect(screen.getByRole("group", { name: "Recent, today" })).toBeDefined();
});
