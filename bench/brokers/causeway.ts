/**
 * Ours: the server's own session stack in a process of its own — service, keeper, log in encrypted files, checkpoints,
 * readers, browser sockets — between the benchmark's agents and pages. Left out is what is not on the path of a byte: HTTP, sign-in, AWS's API.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { BROWSER_FRAME_BYTES_MAX, TERMINAL_SUBPROTOCOL } from "@causeway/wire-contract/terminal-frames";
import { type WebSocket, WebSocketServer } from "ws";
import { OutboundAgents } from "../../apps/server/src/aws/outbound-agents.ts";
import { checkpointMetrics } from "../../apps/server/src/checkpoints/checkpoint-metrics.ts";
import { Checkpointer } from "../../apps/server/src/checkpoints/checkpointer.ts";
import { ModelWorker } from "../../apps/server/src/checkpoints/model-worker.ts";
import { CatalogError } from "../../apps/server/src/platform/catalog-error.ts";
import { systemClock } from "../../apps/server/src/platform/clock.ts";
import type { Log } from "../../apps/server/src/platform/logger.ts";
import { createMetrics } from "../../apps/server/src/platform/metrics.ts";
import { webSocketDialer } from "../../apps/server/src/sessions/channel/data-channel-socket.ts";
import { FileSessionLogs, KEEP_BYTES, openSessionLogs } from "../../apps/server/src/sessions/log/file-session-logs.ts";
import type { SessionLogs } from "../../apps/server/src/sessions/log/session-logs.ts";
import type { AttachRequest } from "../../apps/server/src/sessions/readers/attachment.ts";
import { BrowserSocket } from "../../apps/server/src/sessions/readers/browser-socket.ts";
import { GuestScreens } from "../../apps/server/src/sessions/readers/guest-screens.ts";
import { SessionService } from "../../apps/server/src/sessions/session-service.ts";
import { MemorySessionLogs } from "../../apps/server/src/sessions/testing/memory-session-logs.ts";
import { serveCalls } from "../lib/processes.ts";
import { BenchAws, benchIdentity, benchStore } from "./bench-aws.ts";
import { Measurement, type OpenRequest, settledMemory } from "./broker-calls.ts";

const CHECKPOINT_LINE = `\x1b[38;5;42m[ 42%]\x1b[0m Building CXX object src/CMakeFiles/causeway.dir/${"session_keeper".repeat(4)}.cpp.o\r\n`;
const REGION = "eu-west-1";
const ORIGIN = { ip: "127.0.0.1", requestId: "bench" };

const dataDir = mkdtempSync(path.join(tmpdir(), "causeway-bench-"));
const metrics = createMetrics();
const quietLog: Log = { debug() {}, info() {}, warn: tell, error: tell, child: () => quietLog };

function tell(fields: object, message: string): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
}

const worker = new ModelWorker({
  clock: systemClock,
  entry: new URL("./checkpoint-worker.js", import.meta.url),
  onDied: (reason) => tell({ reason }, "the thread of the checkpoints died"),
});
const checkpointer = new Checkpointer({
  worker,
  clock: systemClock,
  log: quietLog,
  metrics: checkpointMetrics(metrics),
  keepBytes: KEEP_BYTES,
});
const measurement = new Measurement(() => worker.cpuMs);
let logs: SessionLogs | undefined;
let service: SessionService | undefined;
const aws = new BenchAws();

async function openLogs(isStored: boolean): Promise<SessionLogs> {
  if (!isStored) return new MemorySessionLogs();
  const opened = await openSessionLogs({
    dataDir,
    masterKey: randomBytes(32),
    bootId: "bench",
    clock: systemClock,
    randomBytes,
    listener: {
      onDurable: (id, isDurable, code) => tell({ id, isDurable, code }, "durable changed"),
      onDamage: (id, damage) => tell({ id, damage }, "a log is damaged"),
      onDeleted: () => {},
    },
    settings: { freeBytesMin: 0 },
  });
  return opened.logs;
}

/** The public ids of the sessions, by their number. */
const ids = new Map<number, string>();

async function makeService(isStored: boolean): Promise<SessionService> {
  logs = await openLogs(isStored);
  return new SessionService({
    calls: aws,
    preferences: aws,
    dialer: webSocketDialer(new OutboundAgents(), systemClock, "causeway/bench"),
    store: benchStore,
    logs,
    audit: { write: async () => {} },
    metrics,
    ...(isStored && { checkpointsOf: (id, log) => checkpointer.follow(id, log) }),
    clock: systemClock,
    log: quietLog,
    random: Math.random,
    randomId: () => randomBytes(16).toString("base64url"),
    randomUuid: randomUUID,
    settings: { sessionDocument: "SSM-SessionManagerRunShell", sessionsPerPersonMax: 50 },
  });
}

/** May be called again: more sessions of the same service, behind an address of their own. */
async function open({ places, isStored }: OpenRequest): Promise<string> {
  service ??= await makeService(isStored);
  const sessions = service;
  for (const { n, streamUrl } of places) {
    aws.next = { n, streamUrl };
    const request = { region: REGION, target: "i-0123456789abcdef0", cols: 140, rows: 40 };
    ids.set(n, (await sessions.start(benchIdentity(n), request, ORIGIN)).id);
  }
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    maxPayload: BROWSER_FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: () => TERMINAL_SUBPROTOCOL,
  });
  server.on("connection", (socket: WebSocket, request) => {
    const [n = 0, ...as] = (request.url ?? "").split("/").filter(Boolean).map(Number).reverse();
    const isGuest = as.length > 0; // `/guest/<n>`
    new BrowserSocket(socket, {
      stream: request.socket,
      clock: systemClock,
      log: quietLog,
      redeemTicket: () => true,
      attach: (attach) =>
        isGuest
          ? attachGuest(sessions, ids.get(n) ?? "", attach)
          : sessions.attach(ids.get(n) ?? "", benchIdentity(n), attach, ORIGIN),
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As sharing/viewer-attach.ts does it for a view-only link without earlier output; who may come is not on the path of a byte. */
async function attachGuest(sessions: SessionService, id: string, attach: Omit<AttachRequest, "person">) {
  const head = () => sessions.shareable(id)?.headOffset ?? 0;
  const screens = new GuestScreens(() => checkpointer.screenAt(id, head()));
  if (!(await screens.renew())) throw new CatalogError("SHARE_SCREEN_NOT_READY");
  return sessions.attachGuest(id, {
    ...attach,
    offset: null,
    person: { ownerKey: "bench/viewer", name: "viewer" },
    typing: () => "swallow",
    guest: { fromOffset: screens.newest?.offset ?? head(), screens, fits: () => false },
  });
}

/** As the worker would store it, which is not measured here: reading and sending it is. */
async function saveCheckpoint({ n, bytes }: { n: number; bytes: number }): Promise<void> {
  const id = ids.get(n) ?? "";
  if (!(logs instanceof FileSessionLogs)) throw new Error("there are no files");
  const log = logs.get(id);
  if (log === undefined) throw new Error("there is no such log");
  const lines = Buffer.from(CHECKPOINT_LINE.repeat(Math.ceil(bytes / CHECKPOINT_LINE.length))).subarray(0, bytes);
  await log.checkpoints.save({ offset: log.headOffset, cols: 140, rows: 40, linesSinceMissing: null }, lines);
}

const calls = { saveCheckpoint, open, start: measurement.start, stop: measurement.stop, memory: settledMemory };
serveCalls(calls, () => rmSync(dataDir, { recursive: true, force: true }));
