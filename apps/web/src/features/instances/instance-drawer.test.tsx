// @vitest-environment happy-dom
import type { InstanceDetail } from "@causeway/wire-contract/instances";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { type ComponentProps, useState } from "react";
import { afterEach, expect, test } from "vitest";
import { ApiProblem } from "../../lib/api-client.ts";
import { type DrawerSession, InstanceDrawer } from "./instance-drawer.tsx";
import { listed } from "./testing/listed.ts";

type Props = ComponentProps<typeof InstanceDrawer>;
const WEB = listed("web-1", { agentVersion: "3.1.0.0", platform: "Debian 12", tags: { env: "prod", tier: "app" } });
const REFUSED = {
  type: "t",
  title: "AWS did not allow this",
  status: 403,
  code: "AWS_ACCESS_DENIED" as const,
  cause: "No statement allows it.",
  remedy: "Ask for the permission that is named.",
  retryable: false,
  requestId: "req-1",
  aws: { service: "ssm", operation: "GetConnectionStatus", code: "AccessDeniedException", message: "m" },
};
const DETAIL: InstanceDetail = {
  instance: WEB,
  ec2: { vpcId: "vpc-7" },
  agent: { isLatest: false },
  connection: { status: "connected" },
  features: [
    { name: "Forwarding a port", needs: "2.3.672.0", met: true },
    { name: "Forwarding to another host", needs: "3.1.1374.0", met: false },
  ],
  sources: { ec2: { ok: true }, ssm: { ok: true } },
  fetchedAt: 0,
};

afterEach(cleanup);

function show(part: Partial<Props> = {}): string[] {
  const acts: string[] = [];
  const props: Props = {
    instance: WEB,
    detail: DETAIL,
    error: undefined,
    asking: false,
    sessions: [],
    favourite: false,
    clockOffsetMs: 0,
    onAsk: () => acts.push("ask"),
    onOpen: (another) => acts.push(another ? "open another" : "open"),
    onOpenWith: undefined,
    onFavourite: () => acts.push("favourite"),
    onCopy: (text) => acts.push(`copy ${text}`),
    onClose: () => acts.push("close"),
    ...part,
  };
  render(<InstanceDrawer {...props} />);
  return acts;
}
const session = (part: Partial<DrawerSession>): DrawerSession => ({
  ...{ id: "s1", title: "web-1", shape: "online", state: "open", open: () => undefined },
  ...part,
});
const button = (name: string | RegExp) => screen.getByRole("button", { name });

test("the drawer is named by the machine, and the keyboard is at its heading", () => {
  show();
  expect(screen.getByRole("dialog", { name: "web-1" })).toBeDefined();
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "web-1" }));
});

test("it says what both services know, the connection first, and what the agent is too old for", () => {
  show();
  expect(screen.getByRole("status").textContent).toContain("Connected.");
  expect(within(screen.getByRole("region", { name: "EC2" })).getByText("vpc-7")).toBeDefined();
  expect(
    within(screen.getByRole("region", { name: "Systems Manager" })).getByText("3.1.0.0, not the latest"),
  ).toBeDefined();
  const features = within(screen.getByRole("region", { name: "What its agent can do" })).getAllByRole("listitem");
  expect(features.map(({ textContent }) => textContent)).toEqual([
    "Forwarding a port, yes2.3.672.0",
    "Forwarding to another host, noneeds 3.1.1374.0",
  ]);
});

test("before AWS has answered it shows what the list knows, and asks nothing twice", () => {
  show({ detail: undefined, asking: true });
  expect(screen.getByText("Online, as SSM says.")).toBeDefined();
  expect((button("Asking…") as HTMLButtonElement).disabled).toBe(true);
  expect(screen.queryByRole("region", { name: "What its agent can do" })).toBeNull();
});

test("what AWS refuses is named, and the rest stays", () => {
  show({
    detail: {
      ...DETAIL,
      connection: { status: "unknown", problem: REFUSED },
      sources: {
        ec2: {
          ok: false,
          problem: { ...REFUSED, aws: { ...REFUSED.aws, service: "ec2", operation: "DescribeInstances" } },
        },
        ssm: { ok: true },
      },
    },
  });
  expect(screen.getByText(/Its connection could not be asked for/).textContent).toContain("ssm:GetConnectionStatus");
  expect(screen.getByText(/ec2:DescribeInstances/)).toBeDefined();
  expect(screen.getByText("3.1.0.0, not the latest")).toBeDefined();
});

test("where nothing came of asking it says why, and asks again", () => {
  const acts = show({ detail: undefined, error: new ApiProblem(REFUSED) });
  expect(screen.getByText("AWS did not allow this")).toBeDefined();
  for (const again of screen.getAllByRole("button", { name: "Ask again" })) fireEvent.click(again);
  expect(acts).toEqual(["ask", "ask"]);
});

test("arrows go from tab to tab: overview, tags, own sessions", () => {
  const opened: string[] = [];
  show({ sessions: [session({ title: "web-1 · vim", open: () => opened.push("s1") })] });
  const tab = (name: RegExp) => screen.getByRole("tab", { name });
  fireEvent.keyDown(tab(/Overview/), { key: "ArrowRight" });
  expect(document.activeElement).toBe(tab(/Tags 2/));
  expect(within(screen.getByRole("tabpanel", { name: /Tags/ })).getByText("prod")).toBeDefined();
  fireEvent.keyDown(tab(/Tags/), { key: "ArrowRight" });
  fireEvent.click(button("Go there"));
  expect(opened).toEqual(["s1"]);
  fireEvent.keyDown(tab(/Sessions 1/), { key: "ArrowRight" });
  expect(tab(/Overview/).getAttribute("aria-selected")).toBe("true");
});

test("each of my sessions says how it is and since when, by the server's clock", () => {
  const began = Date.now() - 14 * 60_000;
  show({
    clockOffsetMs: 60_000,
    sessions: [
      session({ id: "s1", startedAt: began }),
      session({ id: "s2", title: "web-1 2", shape: "lost", state: "AWS connection lost" }),
    ],
  });
  fireEvent.click(screen.getByRole("tab", { name: /Sessions 2/ }));
  const rows = within(screen.getByRole("tabpanel")).getAllByRole("listitem");
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    "web-1open, began 15\u00a0min agoGo there",
    "web-1 2AWS connection lostGo there",
  ]);
  expect(rows[0]?.querySelector("time")?.getAttribute("datetime")).toBe(new Date(began).toISOString());
});

const NODE = listed("till-7", { id: "mi-0123456789abcdef0", kind: "hybrid", tags: {} });
const hybrid = (tags: InstanceDetail["sources"]["tags"]): InstanceDetail => ({
  ...DETAIL,
  instance: { ...NODE, tags: { env: "prod" } },
  sources: { ec2: { ok: true }, ssm: { ok: true }, ...(tags === undefined ? {} : { tags }) },
});

test("a hybrid node's tags come with its details: until then their number is not said", () => {
  show({ instance: NODE, detail: undefined, asking: true });
  fireEvent.click(screen.getByRole("tab", { name: "Tags" }));
  expect(screen.getByRole("tabpanel").textContent).toBe("Asking AWS…");
  cleanup();
  show({ instance: NODE, detail: hybrid({ ok: true }) });
  fireEvent.click(screen.getByRole("tab", { name: "Tags 1" }));
  expect(screen.getByRole("tabpanel").textContent).toBe("envprod");
});

test("tags that the role may not list are missing by the name of the permission, and can be asked for again", () => {
  const problem = { ...REFUSED, aws: { ...REFUSED.aws, operation: "ListTagsForResource" } };
  const acts = show({ instance: NODE, detail: hybrid({ ok: false, problem }) });
  expect(screen.getByText(/this role may not call ssm:ListTagsForResource/)).toBeDefined();
  fireEvent.click(screen.getByRole("tab", { name: "Tags" }));
  expect(screen.getByText(/Its tags are missing: this role may not call ssm:ListTagsForResource\./)).toBeDefined();
  fireEvent.click(button("Ask for its tags"));
  expect(acts).toEqual(["ask"]);
});

test("a machine without a session is opened, one with a session is gone to or opened once more", () => {
  const first = show();
  expect(screen.queryByRole("button", { name: "Open another" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Open with…" })).toBeNull();
  fireEvent.click(button("Open a terminal"));
  cleanup();
  const second = show({ sessions: [session({})], onOpenWith: () => undefined });
  fireEvent.click(button("Go to its terminal"));
  fireEvent.click(button("Open another"));
  expect([first, second]).toEqual([["open"], ["open", "open another"]]);
  expect(button("Open with…")).toBeDefined();
});

test("its id can be copied, it can be made a favourite, and Escape closes it unless somebody has taken the key", () => {
  const acts = show({ favourite: true });
  fireEvent.click(button("Copy the id"));
  expect(button("No longer a favourite").getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(button("No longer a favourite"));
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Enter" });
  fireEvent.keyDown(screen.getByRole("dialog"), { key: "Escape" });
  expect(acts).toEqual(["copy i-web-1", "favourite", "close"]);
});

test("a change of the machine under it is seen and moves no focus; another machine takes the heading", () => {
  const machines = [WEB, { ...WEB, state: "connection-lost" as const, lastPingAt: 0 }, listed("db-1")];
  function Following() {
    const [at, setAt] = useState(0);
    const next = () => setAt(at + 1);
    const unused = () => undefined;
    return (
      <>
        <button type="button" onClick={next}>
          next
        </button>
        <InstanceDrawer
          {...{ detail: undefined, error: undefined, asking: false, sessions: [], favourite: false, clockOffsetMs: 0 }}
          instance={machines[at] ?? WEB}
          onAsk={unused}
          onOpen={unused}
          onOpenWith={undefined}
          onFavourite={unused}
          onCopy={unused}
          onClose={unused}
        />
      </>
    );
  }
  render(<Following />);
  button("next").focus();
  fireEvent.click(button("next"));
  expect(screen.getByText("It cannot be reached.")).toBeDefined();
  expect(document.activeElement).toBe(button("next"));
  fireEvent.click(button("next"));
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "db-1" }));
});
