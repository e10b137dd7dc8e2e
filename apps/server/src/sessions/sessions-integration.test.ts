/** The whole server between a real browser websocket and a real data channel websocket; only AWS's API is a fake. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { OutboundAgents } from "../aws/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { systemClock } from "../platform/clock.ts";
import { createLog } from "../platform/logger.ts";
import { createMetrics } from "../platform/metrics.ts";
import type { Store } from "../platform/store/database.ts";
import { openSqliteStore } from "../platform/store/sqlite-store.ts";
import { ORIGIN, startTestServer, TestBrowser, type TestServer } from "../test-support/test-server.ts";
import {
  SessionDocuments,
  SessionService,
  SessionStore,
  sessionsPlugin,
  unheldSessionsPlugin,
  webSocketDialer,
} from "./index.ts";
import { BrowserPage } from "./testing/browser-page.ts";
import { FakeAws } from "./testing/fake-aws.ts";
import { FakeGateway } from "./testing/fake-gateway.ts";
import { MemorySessionLogs } from "./testing/memory-session-logs.ts";

const REGIONS = ["eu-west-1"];
const START = { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 };

let aws: FakeAws;
let store: Store;
let gateway: FakeGateway;
let server: TestServer;
let service: SessionService;
const startRules: SessionStartRules = {
  reason: "optional",
  documents: ["SSM-SessionManagerRunShell", "Ops-Shell"],
  accountDocuments: true,
};
/** The account has one document more that opens a shell, and one that does not. */
const documents = new SessionDocuments({
  reader: {
    names: async () => ({ names: ["Team-Shell", "Tunnel"], more: false }),
    content: async (_identity, _region, name) =>
      JSON.stringify({ sessionType: name === "Tunnel" ? "Port" : "Standard_Stream" }),
  },
  takeTurn: async () => undefined,
  takeStartTurn: async () => undefined,
});
let port: number;
let dana: TestBrowser;
let pages: BrowserPage[];
let lines: string[];

beforeEach(async () => {
  aws = new FakeAws(systemClock);
  gateway = await FakeGateway.start(aws);
  pages = [];
  const folder = mkdtempSync(join(tmpdir(), "causeway-sessions-"));
  store = await openSqliteStore(join(folder, "sessions.db"));
  const logLines: string[] = [];
  const log = createLog("debug", (line) => logLines.push(line));
  lines = logLines;
  server = await startTestServer({
    env: { CAUSEWAY_PUBLIC_URL: ORIGIN },
    deps: { clock: systemClock, log, store },
    domains: ({ audit, tickets }) => {
      service = new SessionService({
        calls: aws,
        preferences: aws,
        dialer: webSocketDialer(new OutboundAgents(), systemClock, "causeway/test"),
        store: new SessionStore(store.database),
        logs: new MemorySessionLogs(),
        audit,
        metrics: createMetrics(),
        clock: systemClock,
        log: log,
        random: Math.random,
        randomId: () => randomBytes(16).toString("base64url"),
        randomUuid: randomUUID,
        settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax: 5 },
      });
      const plugin = sessionsPlugin({
        sessions: service,
        tickets,
        clock: systemClock,
        regions: REGIONS,
        startRules,
        documents,
      });
      const unheld = unheldSessionsPlugin({ unheld: service.unheld, clock: systemClock, regions: REGIONS });
      return { sessions: service, plugins: [plugin, unheld] };
    },
  });
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = server.app.server.address() as { port: number });
  dana = new TestBrowser(server);
  await dana.signIn();
});
afterEach(async () => {
  for (const page of pages) page.socket.terminate();
  await service.shutdown();
  await server.close();
  await gateway.close();
});

async function startSession(browser = dana): Promise<string> {
  const reply = await browser.send("POST", "/api/v1/sessions", START);
  expect(reply.statusCode).toBe(201);
  aws.last.print("$ ");
  return reply.json().id;
}

async function ticketFor(id: string, browser = dana): Promise<string> {
  return (await browser.send("POST", `/api/v1/sessions/${id}/attach-ticket`)).json().ticket;
}

function openPage(id: string, browser = dana, streamId?: string): BrowserPage {
  const page = new BrowserPage(`ws://127.0.0.1:${port}/api/v1/sessions/${id}/attach`, browser.headers, streamId);
  pages.push(page);
  return page;
}

async function attach(id: string, options: { offset?: number | null; cols?: number; streamId?: string } = {}) {
  const page = openPage(id, dana, options.streamId);
  await page.introduce(await ticketFor(id), options);
  await page.until(() => page.last("attached") !== undefined, "attached");
  return page;
}

const resumes = () => aws.calls.filter((call) => call.startsWith("resume")).length;

async function refusalOf(page: BrowserPage): Promise<unknown> {
  await page.until(() => page.closed !== undefined, "closed");
  expect(page.closed?.code).toBe(4000);
  expect(page.last("error")?.code).toBe(page.closed?.reason);
  return page.closed?.reason;
}

test("a key goes browser, server, data channel, agent and back; a size follows the window", async () => {
  const page = await attach(await startSession());
  page.type("echo é漢字🎉\r");
  await page.until(() => page.text.endsWith("é漢字🎉\r"), "echo");
  await page.until(() => page.last("input-ack")?.agentAcknowledged === page.typed, "input acknowledged");
  page.say({ type: "resize", cols: 132, rows: 43 });
  await page.until(() => page.last("size")?.cols === 132, "size");
  await vi.waitFor(() => expect(aws.last.sizes.at(-1)).toBe("132x43"));
});

test("the data channel is dialled without cookie, signature, subprotocol or compression", async () => {
  await startSession();
  const { "user-agent": userAgent, ...headers } = gateway.upgrades[0] ?? {};
  expect(userAgent).toBe("causeway/test");
  expect(Object.keys(headers).sort()).toEqual(
    ["connection", "host", "sec-websocket-key", "sec-websocket-version", "upgrade"].sort(),
  );
});

test("a page that is reloaded finds the same shell with its earlier output", async () => {
  const id = await startSession();
  const first = await attach(id);
  first.type("history\r");
  await first.until(() => first.text === "$ history\r", "echo");
  first.socket.terminate();
  const second = await attach(id);
  await second.until(() => second.text === "$ history\r", "earlier output");
  second.type("!");
  await second.until(() => second.text.endsWith("!"), "the same shell");
  expect(aws.sessions.length).toBe(1);
});

test("a data channel cut in the middle of a flood and of typing loses and doubles nothing", async () => {
  const page = await attach(await startSession());
  aws.last.echoes = false;
  const flood = Buffer.from(Array.from({ length: 100_000 }, (_, n) => `${n}\n`).join(""));
  const share = Math.ceil(flood.length / 3);
  for (let cut = 1; cut <= 3; cut++) {
    const from = page.output.length;
    aws.last.print(flood.subarray((cut - 1) * share, cut * share));
    await page.until(() => page.output.length > from + 50_000, "more of the flood");
    page.type(`typed before cut ${cut};`);
    aws.last.cutClient();
    page.type(`typed during cut ${cut};`);
    await vi.waitFor(() => expect(resumes()).toBe(cut), 5_000);
  }
  await page.until(() => page.output.length >= flood.length + 2, "the whole flood");
  expect(page.output.subarray(2).equals(flood)).toBe(true);
  const typed = [1, 2, 3].map((cut) => `typed before cut ${cut};typed during cut ${cut};`).join("");
  await page.until(() => page.last("input-ack")?.agentAcknowledged === typed.length, "all input");
  expect(aws.last.input.toString()).toBe(typed);
}, 60_000);

test("a page that stops reading is given at most its credit, another one everything", async () => {
  const id = await startSession();
  const fast = await attach(id);
  fast.type(" "); // it drives
  const slow = await attach(id);
  slow.acknowledges = false;
  aws.last.print(Buffer.alloc(3 * 1024 * 1024, "x"));
  await fast.until(() => fast.output.length >= 3 * 1024 * 1024, "the whole flood");
  expect(slow.output.length).toBeLessThanOrEqual(256 * 1024 + 16);
  slow.acknowledges = true;
  slow.acknowledge();
  await slow.until(() => slow.offset === fast.offset, "caught up");
  expect(slow.output.equals(fast.output)).toBe(true);
}, 60_000);

test("exit delivers all output, then why it ended, then closes with 4001", async () => {
  const page = await attach(await startSession());
  page.type("exit\r");
  await page.until(() => page.text.endsWith("exit\r"), "echo");
  aws.last.print("logout\r\n");
  aws.last.exit();
  await page.until(() => page.closed !== undefined, "closed");
  expect(page.text).toBe("$ exit\rlogout\r\n");
  expect(page.last("ended")?.end.by).toBe("shell");
  expect(page.closed).toEqual({ code: 4001, reason: "SESSION_ENDED" });
});

test("a page that was away comes back with its offsets and no key is taken twice", async () => {
  const id = await startSession();
  const page = await attach(id);
  page.type("first;");
  await page.until(() => page.last("input-ack")?.stored === 6, "stored");
  page.socket.terminate();
  const again = await attach(id, { offset: page.offset, streamId: page.streamId });
  expect(again.last("attached")?.inputStored).toBe(6);
  again.type("first;second", "human", 0);
  await again.until(() => again.text.endsWith("second"), "echo");
  expect(aws.last.input.toString()).toBe("first;second");
});

test.each<[string, (page: BrowserPage, ticket: string) => void, string]>([
  ["a wrong ticket", (page) => page.say({ type: "ticket", ticket: "guessed" }), "ATTACH_TICKET_INVALID"],
  ["no ticket first", (page) => page.say({ type: "ping", id: 1 }), "ATTACH_PROTOCOL_ERROR"],
  ["an input frame first", (page) => page.type("x"), "ATTACH_PROTOCOL_ERROR"],
  ["text that is not JSON", (page) => page.socket.send("{"), "ATTACH_PROTOCOL_ERROR"],
  ["an unknown field", (page, ticket) => page.say({ type: "ticket", ticket, admin: true }), "ATTACH_PROTOCOL_ERROR"],
  [
    "a prototype in JSON",
    (page) => page.socket.send('{"type":"ping","id":1,"__proto__":{"x":1}}'),
    "ATTACH_PROTOCOL_ERROR",
  ],
  [
    "a message that is too long",
    (page) => page.say({ type: "ticket", ticket: "t".repeat(5_000) }),
    "ATTACH_PROTOCOL_ERROR",
  ],
])("%s is refused with its catalog code before anything is attached", async (_name, act, code) => {
  const id = await startSession();
  const page = openPage(id);
  await page.until(() => page.socket.readyState === WebSocket.OPEN, "open");
  act(page, await ticketFor(id));
  expect(await refusalOf(page)).toBe(code);
});

test.each<[string, (page: BrowserPage) => void, string]>([
  ["a gap in the input", (page) => page.type("x", "human", 99), "INPUT_GAP"],
  [
    "another stream's input",
    (page) => Object.assign(page, { streamId: "f".repeat(32) }).type("x"),
    "ATTACH_PROTOCOL_ERROR",
  ],
  [
    "an acknowledgement of the future",
    (page) => Object.assign(page, { offset: 9e9 }).acknowledge(),
    "ATTACH_PROTOCOL_ERROR",
  ],
  ["an unknown kind of frame", (page) => page.socket.send(new Uint8Array([0x7f, 1])), "ATTACH_PROTOCOL_ERROR"],
  ["a second attach", (page) => page.say({ type: "ticket", ticket: "x" }), "ATTACH_PROTOCOL_ERROR"],
  ["a size out of bounds", (page) => page.say({ type: "resize", cols: 5, rows: 1 }), "ATTACH_PROTOCOL_ERROR"],
])("%s closes the page's socket with its catalog code, and the session lives on", async (_name, act, code) => {
  const id = await startSession();
  const page = await attach(id);
  act(page);
  expect(await refusalOf(page)).toBe(code);
  const next = await attach(id);
  next.type("alive");
  await next.until(() => next.text.endsWith("alive"), "echo");
});

test("a ticket works once", async () => {
  const id = await startSession();
  const ticket = await ticketFor(id);
  const first = openPage(id);
  await first.introduce(ticket);
  await first.until(() => first.last("attached") !== undefined, "attached");
  const second = openPage(id);
  await second.introduce(ticket);
  expect(await refusalOf(second)).toBe("ATTACH_TICKET_INVALID");
});

test("another person neither attaches, nor gets a ticket, nor uses hers, nor ends the session", async () => {
  const id = await startSession();
  const kofi = new TestBrowser(server);
  await kofi.signIn("AKIAKOFI00000000");
  expect((await kofi.send("POST", `/api/v1/sessions/${id}/attach-ticket`)).json().code).toBe("SESSION_NOT_FOUND");
  expect((await kofi.send("DELETE", `/api/v1/sessions/${id}`)).json().code).toBe("SESSION_NOT_FOUND");
  const page = openPage(id, kofi);
  await page.until(() => page.socket.readyState === WebSocket.CLOSED, "refused");
  expect(page.messages).toEqual([]);
  const own = await kofi.send("POST", "/api/v1/sessions", START);
  const stolen = openPage(own.json().id, kofi);
  await stolen.introduce(await ticketFor(id));
  expect(await refusalOf(stolen)).toBe("ATTACH_TICKET_INVALID");
});

test("ending by DELETE ends the shell in AWS and tells the page", async () => {
  const id = await startSession();
  const page = await attach(id);
  expect((await dana.send("DELETE", `/api/v1/sessions/${id}`)).statusCode).toBe(204);
  await page.until(() => page.closed !== undefined, "closed");
  expect(page.last("ended")?.end.by).toBe("you");
  expect(aws.calls).toContain("terminate dana");
  const list = (await dana.get("/api/v1/sessions")).json().sessions;
  expect(list).toMatchObject([{ id, channel: "ended", ended: { by: "you" } }]);
});

test("stopping the server tells every page and ends no shell", async () => {
  const page = await attach(await startSession());
  await service.shutdown();
  await page.until(() => page.last("notice")?.code === "SERVER_STOPPING", "told");
  expect(aws.calls).not.toContain("terminate dana");
  expect(aws.last.hasEnded).toBe(false);
});

test("a region that is not configured and a target that is none are refused before AWS is asked", async () => {
  const elsewhere = await dana.send("POST", "/api/v1/sessions", { ...START, region: "us-east-1" });
  expect(elsewhere.json().code).toBe("REGION_NOT_ALLOWED");
  const target = await dana.send("POST", "/api/v1/sessions", { ...START, target: "i-0; rm -rf /" });
  expect(target.json().code).toBe("REQUEST_INVALID");
  expect(aws.calls).toEqual([]);
});

test("session documents of the account may be chosen, those that open no shell are refused before AWS is asked", async () => {
  const listed = await dana.get("/api/v1/sessions/documents?region=eu-west-1");
  expect(listed.json()).toEqual({ documents: [{ name: "Team-Shell" }], more: false });
  expect((await dana.send("POST", "/api/v1/sessions", { ...START, documentName: "Team-Shell" })).statusCode).toBe(201);
  expect(aws.targets.at(-1)).toMatchObject({ documentName: "Team-Shell" });
  const refused = await dana.send("POST", "/api/v1/sessions", { ...START, documentName: "Tunnel" });
  expect(refused.json()).toMatchObject({ code: "SESSION_DOCUMENT_NOT_A_SHELL" });
  expect(aws.targets.at(-1)).toMatchObject({ documentName: "Team-Shell" });
  const elsewhere = await dana.get("/api/v1/sessions/documents?region=af-south-1");
  expect(elsewhere.json()).toMatchObject({ code: "REGION_NOT_ALLOWED" });
});

test("the reason and the document that a person gives reach AWS and the audit", async () => {
  const body = { ...START, reason: "INC-4711 pool exhausted", documentName: "Ops-Shell" };
  expect((await dana.send("POST", "/api/v1/sessions", body)).statusCode).toBe(201);
  expect(aws.targets.at(-1)).toMatchObject({ documentName: "Ops-Shell", reason: "INC-4711 pool exhausted" });
  await vi.waitFor(async () => {
    const rows = await store.database.selectFrom("audit_events").select(["event", "detail"]).execute();
    expect(rows).toContainEqual({
      event: "session.started",
      detail: "document: Ops-Shell; reason: INC-4711 pool exhausted",
    });
  });
});

test("AWS's hourly close is invisible: no word to the page, one ResumeSession, and the next key is echoed", async () => {
  const page = await attach(await startSession());
  page.type("before;");
  await page.until(() => page.text.endsWith("before;"), "echo");
  const told = page.messages.length;
  aws.last.cutClient();
  page.type("after;");
  await page.until(() => page.text.endsWith("after;"), "echo after the close");
  expect(page.messages.slice(told).filter(({ type }) => type !== "input-ack")).toEqual([]);
  expect(resumes()).toBe(1);
  expect(gateway.upgrades.length).toBe(2);
});

test("an AWS that cannot be reached is told with its reason, and the sign-in again of a person serves her session", async () => {
  const id = await startSession();
  const page = await attach(id);
  aws.failNext("resume", new CatalogError("CREDENTIALS_EXPIRED"));
  aws.last.cutClient();
  await page.until(() => page.last("channel")?.channel === "lost", "lost");
  expect(page.last("channel")?.reason).toBe("CREDENTIALS_EXPIRED");
  expect((await dana.get("/api/v1/sessions")).json().sessions[0].channelReason).toBe("CREDENTIALS_EXPIRED");
  expect(resumes()).toBe(1);
  await dana.signIn();
  await page.until(() => page.last("channel")?.channel === "open", "open again");
  expect(page.last("channel")?.reason).toBeUndefined();
  expect(resumes()).toBe(2);
});

test("sessions that nobody holds are listed and ended over HTTP, in the configured regions only", async () => {
  await startSession();
  const identity = { name: "dana", arn: "arn:aws:iam::111122223333:user/dana", account: "111122223333" } as AwsIdentity;
  const target = { region: "eu-west-1", instanceId: START.target, documentName: undefined };
  const { awsSessionId } = await aws.start(identity, target);
  const listed = await dana.get("/api/v1/sessions/unheld?region=eu-west-1");
  expect(listed.statusCode).toBe(200);
  expect(listed.json()).toMatchObject({ region: "eu-west-1", startedHere: [], others: [{ awsSessionId }] });
  const path = `/api/v1/sessions/unheld/${encodeURIComponent(awsSessionId)}`;
  expect((await dana.send("DELETE", `${path}?region=us-east-1`)).json().code).toBe("REGION_NOT_ALLOWED");
  expect((await dana.send("DELETE", path)).json().code).toBe("REQUEST_INVALID");
  expect((await dana.send("DELETE", `${path}?region=eu-west-1`)).statusCode).toBe(204);
  expect((await dana.send("DELETE", `${path}?region=eu-west-1`)).json().code).toBe("SESSION_NOT_FOUND");
  const held = encodeURIComponent(aws.sessions[0]?.id ?? "");
  expect((await dana.send("DELETE", `/api/v1/sessions/unheld/${held}?region=eu-west-1`)).statusCode).toBe(404);
});

test("tokens and stream addresses of AWS and typed keys are in no log line", async () => {
  const page = await attach(await startSession());
  page.type("canary-keystrokes");
  await page.until(() => page.text.endsWith("canary-keystrokes"), "echo");
  aws.last.cutClient();
  await vi.waitFor(() => expect(resumes()).toBe(1), 5_000);
  const log = lines.join("\n");
  expect(log).toContain("data channel lost");
  expect(log).not.toContain("canary-keystrokes");
  expect(log).not.toContain("data-channel/x");
});
