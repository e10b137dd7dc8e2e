/** The page's websocket over a real socket: who is let in, and what it is told. */
import { once } from "node:events";
import type { ServerEvent } from "@causeway/wire-contract/events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { SILENCE_MAX_MS } from "../platform/socket-pings.ts";
import { NO_SESSIONS, ORIGIN, startTestServer, TestBrowser, type TestServer } from "../test-support/test-server.ts";
import { PAGES_PER_LOGIN_MAX } from "./events-plugin.ts";
import { TICKET_WITHIN_MS } from "./events-socket.ts";
import { eventsPlugin, Inventory } from "./index.ts";
import { FakeDirectory, OpenBudget } from "./testing/fake-directory.ts";

let server: TestServer;
let directory: FakeDirectory;
let dana: TestBrowser;
let port: number;
beforeEach(async () => {
  directory = new FakeDirectory();
  server = await startTestServer({
    env: { CAUSEWAY_PUBLIC_URL: ORIGIN, CAUSEWAY_AUDITORS: "*/user/kofi" },
    aws: async (_config, deps) => {
      const { clock, log } = deps;
      const inventory = new Inventory({ directory, budget: new OpenBudget(), clock, log, random: () => 0.5 });
      return {
        callerIdentity: deps.callerIdentity,
        domains: ({ tickets, auditFor }) => ({
          sessions: NO_SESSIONS,
          plugins: [eventsPlugin({ inventory, tickets, clock, regions: ["eu-west-1"], auditFor })],
        }),
      };
    },
  });
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = server.app.server.address() as { port: number });
  dana = new TestBrowser(server);
  await dana.signIn();
});
afterEach(async () => {
  for (const socket of server.app.websocketServer.clients) socket.terminate();
  await server.close();
});

class Page {
  readonly socket: WebSocket;
  readonly events: ServerEvent[] = [];
  #heard: () => void = () => undefined;

  constructor(browser: TestBrowser) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events`, "causeway.v1", { headers: browser.headers });
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data) => {
      this.events.push(JSON.parse(String(data)));
      this.#heard();
    });
  }

  static async open(browser: TestBrowser, ticket?: string): Promise<Page> {
    const page = new Page(browser);
    await once(page.socket, "open");
    page.send({ type: "ticket", ticket: ticket ?? (await ticketOf(browser)) });
    return page;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The clock moves while the page waits, so that what was gathered is sent. */
  async until<T extends ServerEvent["type"]>(type: T, fits = (_event: ServerEvent) => true): Promise<ServerEvent> {
    for (;;) {
      const found = this.events.find((event) => event.type === type && fits(event));
      if (found) return found;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#heard = resolve;
        }),
        new Promise<void>((resolve) => setImmediate(resolve)).then(() => server.clock.advance(10)),
      ]);
    }
  }

  async closeCode(): Promise<string> {
    const [code, reason] = await once(this.socket, "close");
    return `${code} ${reason}`;
  }
}

async function ticketOf(browser: TestBrowser): Promise<string> {
  return (await browser.send("POST", "/api/v1/events/ticket")).json().ticket;
}

test("a page with its ticket is let in, watches a list, and is answered to its pings", async () => {
  directory.fill(3);
  const page = await Page.open(dana);
  await page.until("ready");
  page.send({ type: "watch", sources: [{ identityId: "first", region: "eu-west-1" }] });
  await page.until("status", (event) => event.type === "status" && event.status.phase === "complete");
  expect(page.events.flatMap((event) => (event.type === "rows" ? event.rows : []))).toHaveLength(3);
  page.send({ type: "ping", id: 7 });
  expect(await page.until("pong")).toEqual({ type: "pong", id: 7 });
});

test("a ticket works once, and for the login it was given to", async () => {
  const ticket = await ticketOf(dana);
  await (await Page.open(dana, ticket)).until("ready");
  expect(await (await Page.open(dana, ticket)).closeCode()).toMatch(/EVENTS_TICKET_INVALID$/);
  const kofi = new TestBrowser(server);
  await kofi.signIn("AKIAKOFI00000000");
  expect(await (await Page.open(kofi, await ticketOf(dana))).closeCode()).toMatch(/EVENTS_TICKET_INVALID$/);
});

test("a connection without a ticket is closed in time", async () => {
  const page = new Page(dana);
  await once(page.socket, "open");
  const closed = page.closeCode();
  server.clock.advance(TICKET_WITHIN_MS);
  expect(await closed).toMatch(/EVENTS_TICKET_INVALID$/);
});

test.each([
  ["something before the ticket", { type: "refresh" }],
  ["a message that nobody knows", { type: "hello" }],
  ["a field that nobody knows", { type: "ticket", ticket: "x", more: 1 }],
])("%s ends the connection", async (_name, message) => {
  const page = new Page(dana);
  await once(page.socket, "open");
  page.send(message);
  expect(await page.closeCode()).toMatch(/EVENTS_PROTOCOL_ERROR$/);
});

test("at the bound a further page of the login is refused; one that closed makes room", async () => {
  const pages: Page[] = [];
  for (let count = 0; count < PAGES_PER_LOGIN_MAX; count++) {
    const page = await Page.open(dana);
    await page.until("ready");
    pages.push(page);
  }
  expect(await (await Page.open(dana)).closeCode()).toMatch(/EVENTS_LIMIT_REACHED$/);
  pages[0]?.socket.close();
  await pages[0]?.closeCode();
  await (await Page.open(dana)).until("ready");
});

test("a page that answers no ping is cut", async () => {
  const page = await Page.open(dana);
  await page.until("ready");
  page.socket.pong = () => undefined; // a page that is frozen
  page.socket.pause();
  const closed = once(page.socket, "close");
  server.clock.advance(2 * SILENCE_MAX_MS);
  page.socket.resume();
  expect((await closed)[0]).toBe(1006);
});

test("signing out closes the page's connection", async () => {
  const page = await Page.open(dana);
  await page.until("ready");
  const closed = page.closeCode();
  await dana.send("POST", "/api/v1/sign-out");
  expect(await closed).toMatch(/LOGIN_SIGNED_OUT_ENDED$/);
});

test("an auditor who shows the audit is told that it grew, and not any more once she has turned that off", async () => {
  const kofi = new TestBrowser(server);
  await kofi.signIn("AKIAKOFI00000000");
  const page = await Page.open(kofi);
  await page.until("ready");
  page.send({ type: "audit-live", on: true });
  await page.until("audit-news");
  await new TestBrowser(server).signIn();
  const isSecond = () => page.events.filter(({ type }) => type === "audit-news").length === 2;
  await page.until("audit-news", isSecond);
  page.send({ type: "audit-live", on: false });
  page.send({ type: "ping", id: 1 });
  await page.until("pong");
  await new TestBrowser(server).signIn();
  server.clock.advance(10_000);
  page.send({ type: "ping", id: 2 });
  await page.until("pong", (event) => event.type === "pong" && event.id === 2);
  expect(isSecond()).toBe(true);
});

test("somebody who is no auditor is told nothing of the audit, and why", async () => {
  const page = await Page.open(dana);
  await page.until("ready");
  page.send({ type: "audit-live", on: true });
  expect(await page.until("audit-live-refused")).toMatchObject({ code: "ROLE_REQUIRED" });
  await new TestBrowser(server).signIn("AKIAKOFI00000000");
  server.clock.advance(10_000);
  page.send({ type: "ping", id: 1 });
  await page.until("pong");
  expect(page.events.map(({ type }) => type)).not.toContain("audit-news");
});
