import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { Faults } from "../faults/faults.ts";
import { SILENT_LOG } from "../log.ts";
import { ChannelTokens, TOKEN_LIFE_MS, TOKENS_PER_SUBJECT_MAX } from "./channel-tokens.ts";
import { FrameQueue, QUEUED_BYTES_MAX, QUEUED_FRAMES_MAX } from "./frame-queue.ts";
import { InputJournal, JOURNAL_BYTES_MAX, JOURNAL_CHUNKS_MAX, JOURNAL_SESSIONS_MAX } from "./input-journal.ts";
import { RelaySession } from "./relay-session.ts";
import { createServiceFrames } from "./service-frames.ts";
import { DURATION_TEXT, IDLE_TEXT, overdueText, sessionLimits } from "./session-limits.ts";
import { frameOf } from "./test-peers.ts";

const MINUTE_MS = 60_000;
const output = (text: string) => frameOf("output_stream_data", Buffer.from(text), 1);

test("frames for an absent end are kept in order, a resent one once", () => {
  const queue = new FrameQueue();
  const [a, b] = [output("a"), output("b")];
  for (const frame of [a, b, a, a]) expect(queue.push(frame)).toBe(true);
  expect(queue.takeAll()).toEqual([a, b]);
  expect(queue.frameCount).toBe(0);
});

test("beyond its bounds the newest frame is dropped, not an older one", () => {
  const byCount = new FrameQueue();
  for (let index = 0; index < QUEUED_FRAMES_MAX; index++) expect(byCount.push(output("x"))).toBe(true);
  expect(byCount.push(output("x"))).toBe(false);
  const byBytes = new FrameQueue();
  expect(byBytes.push(output("y".repeat(QUEUED_BYTES_MAX - 120)))).toBe(true);
  expect(byBytes.push(output("z"))).toBe(false);
  expect([byCount.frameCount, byBytes.frameCount]).toEqual([QUEUED_FRAMES_MAX, 1]);
});

test("a subject has so many unused tokens; the oldest becomes void", () => {
  const tokens = new ChannelTokens({ nowMs: () => 0, randomBytes });
  const issued = Array.from({ length: TOKENS_PER_SUBJECT_MAX + 1 }, () => tokens.issue("client:a"));
  expect(new Set(issued).size).toBe(issued.length);
  expect(issued.map((token) => tokens.redeem("client:a", token))).toEqual([false, ...issued.slice(1).map(() => true)]);
});

test("a token that expired, was revoked or belongs to another subject does not work", () => {
  let nowMs = 0;
  const tokens = new ChannelTokens({ nowMs: () => nowMs, randomBytes });
  const late = tokens.issue("a");
  const revoked = tokens.issue("b");
  const other = tokens.issue("c");
  tokens.revoke("b");
  expect([tokens.redeem("b", revoked), tokens.redeem("a", other)]).toEqual([false, false]);
  nowMs = TOKEN_LIFE_MS - 1;
  expect(tokens.redeem("c", other)).toBe(true);
  nowMs = TOKEN_LIFE_MS;
  expect(tokens.redeem("a", late)).toBe(false);
});

test("the journal keeps the last 64 KiB of each session, so many chunks, and so many sessions", () => {
  const journal = new InputJournal();
  const bytesOf = (sessionId: string) => Buffer.concat(journal.read(sessionId).map(({ bytes }) => bytes));
  for (let index = 0; index < 70; index++) journal.record("a", { bytes: new Uint8Array(1024).fill(index) });
  expect(bytesOf("a").length).toBe(JOURNAL_BYTES_MAX);
  expect([bytesOf("a").at(0), bytesOf("a").at(-1)]).toEqual([6, 69]);
  journal.record("b", { bytes: new Uint8Array(JOURNAL_BYTES_MAX + 5) });
  expect(bytesOf("b").length).toBe(JOURNAL_BYTES_MAX);
  for (let index = 0; index <= JOURNAL_CHUNKS_MAX; index++) journal.record("c", { bytes: Uint8Array.of(1) });
  expect(journal.read("c")).toHaveLength(JOURNAL_CHUNKS_MAX);
  for (let index = 0; index < JOURNAL_SESSIONS_MAX; index++) journal.record(`s${index}`, { bytes: Uint8Array.of(1) });
  expect(journal.read("a")).toEqual([]);
  expect(journal.read(`s${JOURNAL_SESSIONS_MAX - 1}`)).toHaveLength(1);
});

test.each([
  [{}, 20, undefined],
  [{ idleSessionTimeout: "1", maxSessionDuration: "1440" }, 1, 1440],
  [{ idleSessionTimeout: "60", maxSessionDuration: "" }, 60, undefined],
  [{ idleSessionTimeout: "61", maxSessionDuration: "1441" }, 20, undefined],
  [{ idleSessionTimeout: "0", maxSessionDuration: "soon" }, 20, undefined],
  [{ idleSessionTimeout: 5, maxSessionDuration: null }, 5, undefined],
])("a document with %j gives %s idle and %s in all, in minutes", (inputs, idle, duration) => {
  const limits = sessionLimits({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs });
  expect(limits).toEqual({
    idleMs: idle * MINUTE_MS,
    durationMs: duration === undefined ? undefined : duration * MINUTE_MS,
  });
});

test("the maximum duration counts from the start, the idle time from the last activity", () => {
  const limits = { idleMs: 100, durationMs: 1_000 };
  const at = (nowMs: number, lastActivityAtMs: number) =>
    overdueText(limits, { startedAtMs: 0, lastActivityAtMs, nowMs });
  expect([at(99, 0), at(100, 0), at(999, 950), at(1_000, 999)]).toEqual([
    undefined,
    IDLE_TEXT,
    undefined,
    DURATION_TEXT,
  ]);
});

test("a flood of bad frames is a handful of log lines", () => {
  const lines: string[] = [];
  let receive: (frame: Uint8Array) => void = () => {};
  const session = new RelaySession(
    {
      sessionId: "dana-00000000000000000",
      region: "eu-west-1",
      target: "i-0a1f6c83e5d2b7940",
      owner: { arn: "", userId: "", account: "", sessionName: "dana" },
      documentName: "SSM-SessionManagerRunShell",
      document: { schemaVersion: "1.0", sessionType: "Standard_Stream" },
      parameters: {},
    },
    {
      nowMs: () => 0,
      timers: { after: () => () => {} },
      frames: createServiceFrames({ nowMs: () => 1, randomBytes, sha256: () => new Uint8Array(32) }),
      log: { ...SILENT_LOG, warn: (event) => lines.push(event) },
      faults: new Faults(),
      sendToAgent() {},
      ended() {},
    },
  );
  receive = session.attachClient({
    send() {},
    close() {},
    cut() {},
    goSilent() {},
    pauseReading() {},
    resumeReading() {},
    isFull: false,
  }).frame;
  for (let index = 0; index < 10_000; index++) receive(new Uint8Array(3));
  expect(lines.length).toBe(14);
});
