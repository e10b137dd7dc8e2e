// @vitest-environment happy-dom
import type { AuditActivity, AuditEvent, AuditPage } from "@causeway/wire-contract/audit";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { AuditFilter } from "./audit-filter.ts";
import { AUDIT_ROWS_MAX, AuditLog } from "./audit-log.tsx";

afterEach(cleanup);

const NOW = Date.parse("2026-11-22T15:42:10Z");
const EVENT: AuditEvent = {
  ...{
    id: "e1",
    at: NOW - 5_000,
    event: "session.started",
    name: "dana",
    account: "111122223333",
    role: "SRE-Operator",
  },
  ...{
    region: "eu-west-1",
    instanceId: "i-0a",
    instanceName: "checkout-api-04",
    ip: "192.0.2.1",
    device: "Edge on Windows",
  },
  ...{ requestId: "r1", refused: false },
};
const REFUSED: AuditEvent = {
  ...{ ...EVENT, id: "e2", event: "session.start_refused", name: "sol", refused: true },
  ...{ requestId: "r2", detail: "INSTANCE_NOT_CONNECTED; reason: deploy" },
};
const ACTIVITY: AuditActivity = {
  ...{ from: NOW - 86_400_000, stepMs: 600_000, steps: [{ events: 2, refused: 1 }], refused: 7 },
  ...{ people: ["dana", "sol"], accounts: [{ id: "111122223333", name: "harbor-prod" }] },
};
const page = (events: AuditEvent[], part: Partial<AuditPage> = {}): AuditPage => ({
  ...{ events, total: events.length, totalIsExact: true, keptDays: 400, eventNames: ["sign_out", "session.started"] },
  ...part,
});

function show(part: Partial<Parameters<typeof AuditLog>[0]> = {}) {
  const chosen: AuditFilter[] = [];
  const props: Parameters<typeof AuditLog>[0] = {
    filter: {},
    onFilter: (filter) => chosen.push(filter),
    pages: [page([EVENT, REFUSED])],
    activity: ACTIVITY,
    live: "live",
    onLive: () => undefined,
    onNewer: undefined,
    busy: false,
    onMore: undefined,
    refusalsBefore: async () => 4,
    nowMs: NOW,
    ...part,
  };
  render(<AuditLog {...props} />);
  return { chosen };
}
const open = async (chip: string): Promise<void> => {
  fireEvent.pointerDown(screen.getByRole("button", { name: chip }), {
    button: 0,
    ctrlKey: false,
    pointerType: "mouse",
  });
  await screen.findByRole("menu");
};

test("a row says who did what on which machine, in which account by its name, from where, and how it went", () => {
  show();
  const cells = within(screen.getByRole("row", { name: /dana/ })).getAllByRole("cell");
  expect(cells.map(({ textContent }) => textContent?.trim())).toEqual([
    ...["15:42:05.000", "ddana", "session.started", "checkout-api-04, eu-west-1", "harbor-prod", "192.0.2.1", "ok"],
  ]);
});

test("an opened refusal says in words what happened and why, and leads to the others of the same person", async () => {
  const { chosen } = show();
  fireEvent.click(within(screen.getByRole("row", { name: /sol/ })).getByRole("button"));
  expect(screen.getByText("The instance is not connected to Systems Manager")).toBeDefined();
  fireEvent.click(await screen.findByRole("button", { name: "3 more refusals" }));
  expect(chosen).toEqual([{ name: "sol", refusals: true, from: REFUSED.at - 3_600_000, to: REFUSED.at + 1 }]);
});

test("person and account are chosen from those that occur, action from all there are", async () => {
  const { chosen } = show();
  await open("person");
  fireEvent.click(screen.getByRole("menuitemradio", { name: "sol" }));
  await open("account");
  fireEvent.click(screen.getByRole("menuitemradio", { name: "harbor-prod · 111122223333" }));
  await open("action");
  fireEvent.click(screen.getByRole("menuitemradio", { name: "sign_out" }));
  expect(chosen).toEqual([{ name: "sol" }, { account: "111122223333" }, { event: "sign_out" }]);
});

test("a chosen person of whom nothing is in sight stays in the menu, and can be taken back", async () => {
  const { chosen } = show({ filter: { name: "ines", q: "x" } });
  await open("person ines");
  expect(screen.getByRole("menuitemradio", { name: "ines" }).getAttribute("aria-checked")).toBe("true");
  fireEvent.click(screen.getByRole("menuitemradio", { name: "anybody" }));
  expect(chosen).toEqual([{ name: undefined, q: "x" }]);
});

test("the number of refusals stands on their switch, and exports take the filter along", () => {
  show({ filter: { name: "sol", refusals: true } });
  expect(screen.getByRole("button", { name: "only refusals 7" }).getAttribute("aria-pressed")).toBe("true");
  const href = screen.getByRole("link", { name: "JSON lines" }).getAttribute("href");
  expect(href).toBe("/api/v1/audit/export?name=sol&refusals=true&format=jsonl");
});

test("at the bound of rows no more are shown, and it is said how to see the others", () => {
  const many = Array.from({ length: AUDIT_ROWS_MAX + 20 }, (_, index) => ({ ...EVENT, id: `e${index}` }));
  show({ pages: [page(many)], onMore: () => undefined });
  expect(screen.getAllByRole("row")).toHaveLength(AUDIT_ROWS_MAX + 1);
  expect(screen.getByText(/1,000 events are shown\. Narrow the filter/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /older events/ })).toBeNull();
});

test("where nothing was found yet but older events are left, they can be looked at", () => {
  const onMore = vi.fn();
  show({ pages: [page([], { totalIsExact: false })], onMore });
  expect(screen.queryByText(/No event matches/)).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Look at older events" }));
  expect(onMore).toHaveBeenCalledOnce();
  expect(screen.getByText("at least 0 events")).toBeDefined();
});

test("live is a switch; without a connection it says that new events are missing", () => {
  const onLive = vi.fn();
  show({ live: "waiting", onLive });
  expect(screen.getByText(/new events are not shown yet/)).toBeDefined();
  const toggle = screen.getByRole("switch", { name: "Live" });
  expect(toggle.getAttribute("aria-checked")).toBe("true");
  fireEvent.click(toggle);
  expect(onLive).toHaveBeenCalledWith(false);
});

test("a picture of which not all was counted says so", () => {
  show({ activity: { ...ACTIVITY, countedFrom: NOW } });
  expect(screen.getByText(/newest 10,000 events are counted/)).toBeDefined();
  expect(screen.getByRole("img").getAttribute("aria-label")).toContain("2 events in steps of 10 minutes");
});

test("a slash goes to the search, but is a slash where somebody types", () => {
  show();
  const search = screen.getByRole("searchbox", { name: "Search the audit /" });
  fireEvent.keyDown(document.body, { key: "/", ctrlKey: true });
  expect(document.activeElement).not.toBe(search);
  fireEvent.keyDown(document.body, { key: "/" });
  expect(document.activeElement).toBe(search);
  expect(fireEvent.keyDown(search, { key: "/" })).toBe(true);
});
