/** For tests: a whole server that shares terminals, over real websockets, a real store and real checkpoints; AWS's API is a fake. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CreateShareRequest, ShareCreated } from "@causeway/wire-contract/sharing";
import type { LightMyRequestResponse } from "fastify";
import { OutboundAgents } from "../../aws/index.ts";
import { type Checkpointer, createCheckpointer } from "../../checkpoints/index.ts";
import type { AwsIdentity } from "../../identity/index.ts";
import type { Clock } from "../../platform/clock.ts";
import { systemClock } from "../../platform/clock.ts";
import { createLog } from "../../platform/logger.ts";
import { createMetrics } from "../../platform/metrics.ts";
import { parseSharingRules, type SharingConfig } from "../../platform/sharing-config.ts";
import type { Store } from "../../platform/store/database.ts";
import { openSqliteStore } from "../../platform/store/sqlite-store.ts";
import {
  openSessionLogs,
  SessionDocuments,
  SessionService,
  SessionStore,
  sessionsPlugin,
  webSocketDialer,
} from "../../sessions/index.ts";
import { BrowserPage } from "../../sessions/testing/browser-page.ts";
import { FakeAws } from "../../sessions/testing/fake-aws.ts";
import { FakeGateway } from "../../sessions/testing/fake-gateway.ts";
import { closeSockets } from "../../shutdown.ts";
import { ORIGIN, startTestServer, TestBrowser, type TestServer } from "../../test-support/test-server.ts";
import { CarriedLinks, policyOf, ShareStore, SharingService, sharingPlugin } from "../index.ts";

const REGIONS = ["eu-west-1"];
const START = { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 };
/** Less than a silent page is kept for. */
const TIME_STEP_MS = 10_000;
const MASTER_KEY = Buffer.alloc(32, 7);
export const ASK: CreateShareRequest = { mode: "ask", audience: "account", expires: "1-hour", earlierOutput: false };

/** A clock that runs, and that a test may move on by hours. */
export class MovableClock implements Clock {
  #aheadMs = 0;
  #timers = new Set<{ atMs: number; run: () => void; cancel: () => void }>();

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  setTimer(atMs: number, run: () => void): () => void {
    const timer = {
      atMs,
      run: () => {
        this.#timers.delete(timer);
        run();
      },
      cancel: () => {},
    };
    timer.cancel = systemClock.setTimer(atMs - this.#aheadMs, timer.run);
    this.#timers.add(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs() + byMs;
    this.#aheadMs += byMs;
    const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) {
      timer.cancel();
      timer.run();
    }
    for (const timer of this.#timers) {
      timer.cancel();
      timer.cancel = systemClock.setTimer(timer.atMs - this.#aheadMs, timer.run);
    }
  }
}

export interface HarnessOptions {
  sharing?: Partial<SharingConfig> & { rulesText?: string };
  mayStartSession?: (identity: AwsIdentity) => Promise<boolean>;
}

export class SharingHarness {
  readonly clock = new MovableClock();
  readonly aws = new FakeAws(this.clock);
  readonly dataDir = mkdtempSync(join(tmpdir(), "causeway-sharing-"));
  readonly lines: string[] = [];
  readonly pages: BrowserPage[] = [];
  gateway!: FakeGateway;
  server!: TestServer;
  service!: SessionService;
  sharing!: SharingService;
  store!: Store;
  dana!: TestBrowser;
  kofi!: TestBrowser;
  port = 0;
  #checkpointer!: Checkpointer;
  #options: HarnessOptions = {};
  #rulesText: string | undefined;
  /** What opens credentials that an earlier server sealed. */
  #box: TestServer["deps"]["box"] | undefined;

  static async start(options: HarnessOptions = {}): Promise<SharingHarness> {
    const harness = new SharingHarness();
    harness.#options = options;
    harness.gateway = await FakeGateway.start(harness.aws);
    await harness.boot();
    harness.dana = await harness.browser("AKIADANA00000000");
    harness.kofi = await harness.browser("AKIAKOFI00000000");
    return harness;
  }

  /** Starts a server on the files that are there. */
  async boot(): Promise<void> {
    const { aws, clock, dataDir } = this;
    this.store = await openSqliteStore(join(dataDir, "sessions.db"));
    const log = createLog("debug", (line) => this.lines.push(line));
    const metrics = createMetrics();
    const { logs, found } = await this.#openLogs();
    this.#checkpointer = createCheckpointer({ clock, log, metrics, keepBytes: 64 * 1024 * 1024 });
    const { mayStartSession = async () => true, sharing: settings = {} } = this.#options;
    const { rulesText: first = "on", ...more } = settings;
    const rulesText = this.#rulesText ?? first;
    const rules = parseSharingRules(rulesText);
    if (rules === undefined) throw new Error(`no rules: ${rulesText}`);
    const config = { ...rules, anyone: true, needsStartSession: false, viewersMax: 50, ...more };
    let identityOf:
      | ((owner: { loginId: string; ownerKey: string; account: string }) => Promise<AwsIdentity>)
      | undefined;
    const box = this.#box;
    this.server = await startTestServer({
      env: { CAUSEWAY_PUBLIC_URL: ORIGIN, CAUSEWAY_ADMINS: "111122223333/user/ada" },
      deps: { clock, log, store: this.store, ...(box && { box }) },
      domains: (shared) => {
        identityOf = shared.identityOf;
        this.service = new SessionService({
          calls: aws,
          preferences: aws,
          dialer: webSocketDialer(new OutboundAgents(), clock, "causeway/test"),
          store: new SessionStore(this.store.database),
          logs,
          audit: shared.audit,
          metrics,
          clock,
          log,
          checkpointsOf: (id, sessionLog) => this.#checkpointer.follow(id, sessionLog),
          shared: {
            ownerSeat: (...seat) => this.sharing.ownerSeat(...seat),
            handleSessionEnded: (id) => this.sharing.handleSessionEnded(id),
          },
          random: Math.random,
          randomId: () => randomBytes(16).toString("base64url"),
          randomUuid: randomUUID,
          settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax: 50 },
        });
        const { service: sessions } = this;
        this.sharing = new SharingService({
          store: new ShareStore(this.store.database),
          sessions,
          audit: shared.audit,
          clock,
          log,
          randomBytes,
          policyOf: (account) => policyOf(config, account, undefined),
          mayStartSession,
          hasOtherLogin: shared.hasOtherLogin,
        });
        const { sharing } = this;
        const { tickets } = shared;
        const startRules = {
          reason: "optional" as const,
          documents: ["SSM-SessionManagerRunShell"],
          accountDocuments: false,
        };
        const documents = new SessionDocuments({
          reader: { names: async () => ({ names: [], more: false }), content: async () => "{}" },
          takeTurn: async () => undefined,
          takeStartTurn: async () => undefined,
        });
        return {
          sessions,
          shares: sharing,
          handleLoginEnded: (loginId, ownerKeys) => void sharing.handleLoginEnded(loginId, ownerKeys),
          plugins: [
            sessionsPlugin({ sessions, tickets, clock, regions: REGIONS, startRules, documents }),
            sharingPlugin({
              ...{ sharing, sessions, tickets, clock, publicAddress: shared.publicAddress },
              carried: new CarriedLinks(clock, randomBytes),
              screenAt: (id, offset) => this.#checkpointer.screenAt(id, offset),
            }),
          ],
        };
      },
    });
    this.#box = this.server.deps.box;
    this.server.sts.add("AKIAADMIN0000000", "111122223333", "AIDAADA", "user/ada");
    this.server.sts.add("AKIAOTHER0000000", "444455556666", "AIDAMIA", "user/mia");
    if (identityOf !== undefined) await this.service.reopen(found, identityOf);
    await this.sharing.open();
    await this.server.app.listen({ host: "127.0.0.1", port: 0 });
    ({ port: this.port } = this.server.app.server.address() as { port: number });
    for (const browser of [this.dana, this.kofi]) browser?.moveTo(this.server);
  }
  #openLogs() {
    return openSessionLogs({
      dataDir: this.dataDir,
      masterKey: MASTER_KEY,
      bootId: "boot",
      clock: this.clock,
      randomBytes,
      listener: { onDurable: () => {}, onDamage: () => {}, onDeleted: () => {} },
      settings: { freeBytesMin: 0 },
    });
  }

  /** The next server has other settings. */
  setRules(text: string): void {
    this.#rulesText = text;
  }

  /** The server stops as it does for a deploy, and another one starts on its files. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.boot();
  }

  async #stop(): Promise<void> {
    await this.sharing.close();
    await this.#checkpointer.close();
    await this.service.shutdown();
    await closeSockets(this.server.app);
    await this.server.close();
  }

  /** For the next test: no page, no shell, and nobody near a limit. */
  async clear(): Promise<void> {
    for (const page of this.pages.splice(0)) page.socket.terminate();
    const { sessions } = (await this.dana.get("/api/v1/sessions")).json();
    for (const { id } of sessions) await this.dana.send("DELETE", `/api/v1/sessions/${id}`);
    this.clock.advance(61_000);
  }

  /** Lets time pass as it does for pages that answer. */
  async pass(milliseconds: number, ...pages: BrowserPage[]): Promise<void> {
    for (let leftMs = milliseconds; leftMs > 0; leftMs -= TIME_STEP_MS) {
      this.clock.advance(Math.min(leftMs, TIME_STEP_MS));
      for (const page of pages) {
        const pongs = page.messages.length;
        page.say({ type: "ping", id: 1 });
        await page.until(
          () => page.closed !== undefined || page.messages.slice(pongs).some(({ type }) => type === "pong"),
          "pong",
        );
        if (page.closed !== undefined) return;
      }
    }
  }

  async close(): Promise<void> {
    for (const page of this.pages) page.socket.terminate();
    await this.#stop();
    await this.gateway.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async browser(accessKeyId: string): Promise<TestBrowser> {
    const browser = new TestBrowser(this.server);
    const reply = await browser.signIn(accessKeyId);
    if (reply.statusCode >= 300) throw new Error(reply.body);
    return browser;
  }

  /** A shell of dana's that has printed something. */
  async session(printed = "$ "): Promise<string> {
    const reply = await this.dana.send("POST", "/api/v1/sessions", START);
    if (reply.statusCode !== 201) throw new Error(reply.body);
    this.aws.last.print(printed);
    return reply.json().id;
  }

  async share(sessionId: string, request: Partial<CreateShareRequest> = {}): Promise<ShareCreated> {
    const reply = await this.dana.send("POST", `/api/v1/sessions/${sessionId}/shares`, { ...ASK, ...request });
    if (reply.statusCode !== 201) throw new Error(reply.body);
    return reply.json();
  }

  join({ share, secret }: ShareCreated, browser = this.kofi): Promise<LightMyRequestResponse> {
    return browser.send("POST", `/api/v1/shares/${share.id}/join`, { secret });
  }

  async ownerPage(sessionId: string, attach: { cols?: number; offset?: number } = {}): Promise<BrowserPage> {
    return this.#page(`/api/v1/sessions/${sessionId}`, this.dana, attach);
  }

  /** Joins if need be, and attaches. */
  async viewerPage(
    created: ShareCreated,
    options: { browser?: TestBrowser; offset?: number; cols?: number; rows?: number; streamId?: string } = {},
  ): Promise<BrowserPage> {
    const { browser = this.kofi, ...attach } = options;
    const joined = await this.join(created, browser);
    if (joined.statusCode !== 200) throw new Error(joined.body);
    return this.#page(`/api/v1/shares/${created.share.id}`, browser, attach);
  }

  /** A viewer's page that comes back without the secret; not waited for. */
  async comeBack(shareId: string, attach: { offset?: number | null; streamId?: string } = {}, browser = this.kofi) {
    return this.#page(`/api/v1/shares/${shareId}`, browser, attach);
  }

  async #page(path: string, browser: TestBrowser, attach: PageOptions): Promise<BrowserPage> {
    const ticket = await browser.send("POST", `${path}/attach-ticket`);
    if (ticket.statusCode !== 201) throw new Error(ticket.body);
    const page = new BrowserPage(`ws://127.0.0.1:${this.port}${path}/attach`, browser.headers, attach.streamId);
    this.pages.push(page);
    await page.introduce(ticket.json().ticket, attach);
    await page.until(() => page.last("attached") !== undefined || page.closed !== undefined, "attached or closed");
    return page;
  }

  /** Who typed what the agent has not acknowledged, as the log says it. */
  async authorsOfUnacknowledged(sessionId: string): Promise<string[]> {
    await this.#stop();
    const { found } = await this.#openLogs();
    const sources = found.find(({ id }) => id === sessionId)?.keeper?.sources ?? new Map();
    const authors = [...sources].sort(([a], [b]) => a - b).map(([, source]) => source.author as string);
    await this.boot();
    return [...new Set(authors)];
  }

  async auditLines(): Promise<string[]> {
    const rows = await this.store.database.selectFrom("audit_events").selectAll().orderBy("id").execute();
    return rows.map(({ detail, event, name }) => `${event} ${name}: ${detail ?? ""}`);
  }
}

interface PageOptions {
  offset?: number | null;
  cols?: number;
  rows?: number;
  streamId?: string;
}
