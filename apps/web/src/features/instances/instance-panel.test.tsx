// @vitest-environment happy-dom
import type { Instance, InstanceList } from "@causeway/wire-contract/instances";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiUnreachable } from "../../lib/api-client.ts";
import { fakeMe } from "../../test-support/fake-me.ts";
import { InstancePanel } from "./instance-panel.tsx";

// happy-dom lays nothing out: the virtual list needs to believe in a view of 600 px
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(288);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const me = fakeMe();
const instance = (name: string, tags: Record<string, string> = {}): Instance => ({
  id: `i-${name}`,
  name,
  kind: "ec2",
  state: "online",
  tags,
});
const FLEET = [
  instance("api-1", { service: "api", env: "prod" }),
  instance("api-2", { service: "api", env: "dev" }),
  instance("db-1", { service: "db", env: "prod" }),
];
const listOf = (instances: Instance[]): InstanceList => ({
  region: "eu-west-1",
  instances,
  sources: { ec2: { ok: true }, ssm: { ok: true } },
  truncated: false,
  fetchedAt: 0,
});

function show(fetchList: () => Promise<InstanceList>, filter = "") {
  const opened: [string, boolean][] = [];
  const regions: string[] = [];
  const filters: string[] = [];
  let left = 0;
  const onFilter = (text: string) => void filters.push(text);
  const openCounts = new Map([["i-api-2", 2]]);
  const recentIds: string[] = [];
  function Panel() {
    const list = useQuery({ queryKey: ["list"], queryFn: fetchList });
    return (
      <InstancePanel
        me={me}
        region="eu-west-1"
        list={list}
        nextTryAtMs={list.errorUpdatedAt + 30_000}
        openCounts={openCounts}
        recentIds={recentIds}
        currentId={undefined}
        initialFilter={filter}
        onFilter={onFilter}
        onRegion={(region) => regions.push(region)}
        onOpen={({ name }, newSession) => opened.push([name, newSession])}
        onLeave={() => left++}
      />
    );
  }
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Panel />
    </QueryClientProvider>,
  );
  return { opened, regions, filters, left: () => left };
}
const listbox = () => screen.findByRole("listbox");
const filterBox = () => screen.getByRole("textbox", { name: "Filter instances" }) as HTMLInputElement;
const activeName = (list: HTMLElement) =>
  document.getElementById(list.getAttribute("aria-activedescendant") ?? "")?.querySelector(".nm")?.textContent;

test("arrows and j/k move the mark, Enter opens, Shift+Enter opens another session", async () => {
  const { opened } = show(async () => listOf(FLEET));
  const list = await listbox();
  fireEvent.keyDown(list, { key: "ArrowDown" });
  fireEvent.keyDown(list, { key: "j" });
  expect(activeName(list)).toBe("api-2");
  fireEvent.keyDown(list, { key: "k" });
  expect(activeName(list)).toBe("api-1");
  fireEvent.keyDown(list, { key: "End" });
  fireEvent.keyDown(list, { key: "Enter" });
  fireEvent.keyDown(list, { key: "Enter", shiftKey: true });
  expect(opened).toEqual([
    ["db-1", false],
    ["db-1", true],
  ]);
});

test("a click opens, Shift+click opens another session", async () => {
  const { opened } = show(async () => listOf(FLEET));
  await listbox();
  fireEvent.click(screen.getByText("api-1"));
  fireEvent.click(screen.getByText("api-1"), { shiftKey: true });
  expect(opened).toEqual([
    ["api-1", false],
    ["api-1", true],
  ]);
});

test("rows stand in groups that are named for screen readers, and say how many tabs are open", async () => {
  show(async () => listOf(FLEET));
  await listbox();
  expect(screen.getByRole("group", { name: "service api, 2 of 2 online" })).toBeDefined();
  expect(screen.getByRole("option", { name: /api-2.*2 open here/ })).toBeDefined();
});

test("Enter in the filter opens the first hit, also before it is drawn", async () => {
  const { opened } = show(async () => listOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "db" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(opened).toEqual([["db-1", false]]);
});

test("key=value becomes a chip on Enter, Backspace in the empty filter takes it back", async () => {
  show(async () => listOf(FLEET));
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

test("region: in the filter changes the region instead of filtering", async () => {
  const { regions } = show(async () => listOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "region:us-east-1" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(regions).toEqual(["us-east-1"]);
});

test("a region that is not offered here changes nothing and stays to be corrected", async () => {
  const { regions } = show(async () => listOf(FLEET));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "region:us-esat-1" } });
  fireEvent.keyDown(filterBox(), { key: "Enter" });
  expect(regions).toEqual([]);
  expect(filterBox().value).toBe("region:us-esat-1");
});

test("Escape clears the filter first, then goes back to the terminal", async () => {
  const { left } = show(async () => listOf(FLEET), "env=prod api");
  await listbox();
  expect(filterBox().value).toBe("api");
  fireEvent.keyDown(filterBox(), { key: "Escape" });
  expect([filterBox().value, left()]).toEqual(["", 0]);
  fireEvent.keyDown(filterBox(), { key: "Escape" });
  expect(left()).toBe(1);
});

test("with no hit the nearest name is suggested", async () => {
  show(async () => listOf([instance("checkout-api-1"), instance("orders-1")]));
  await listbox();
  fireEvent.change(filterBox(), { target: { value: "chekout" } });
  fireEvent.click(await screen.findByRole("button", { name: "Search “checkout”" }));
  expect(filterBox().value).toBe("checkout");
  expect((await screen.findAllByRole("option")).length).toBe(1);
});

test("a region without instances says what was searched and offers the other region", async () => {
  const { regions } = show(async () => listOf([]));
  fireEvent.click(await screen.findByRole("button", { name: "Switch to us-east-1" }));
  expect(regions).toEqual(["us-east-1"]);
});

test("a list that cannot be had says why and can be asked for again", async () => {
  let attempts = 0;
  show(async () => {
    attempts++;
    if (attempts === 1) throw new ApiUnreachable("x");
    return listOf(FLEET);
  });
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect((await screen.findAllByRole("option")).length).toBe(3);
});

test("a failed refresh keeps the rows and says so in the footer", async () => {
  let fail = false;
  show(async () => {
    if (fail) throw new ApiUnreachable("x");
    return listOf(FLEET);
  });
  await listbox();
  fail = true;
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Refresh now" })));
  expect(await screen.findByText(/Cannot reach the Causeway server/)).toBeDefined();
  expect(screen.getAllByRole("option")).toHaveLength(3);
});

test("of thousands of rows only those in view are in the document", async () => {
  show(async () => listOf(Array.from({ length: 5_000 }, (_, index) => instance(`n-${index}`))));
  const list = await listbox();
  expect(screen.getAllByRole("option").length).toBeLessThan(40);
  fireEvent.keyDown(list, { key: "End" });
  expect(activeName(list)).toBe("n-4999");
  expect(screen.getAllByRole("option")[0]?.getAttribute("aria-setsize")).toBe("5000");
});
