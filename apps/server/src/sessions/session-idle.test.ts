/** Idle and duration of whole sessions: real protocol, virtual time. */
import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakePage, SessionHarness } from "./testing/session-harness.ts";

const MINUTE_MS = 60_000;
const IDLE_MS = 5 * MINUTE_MS;
const IDLE_TEXT = "Your session timed out due to inactivity and has been terminated.";

let harness: SessionHarness;
beforeEach(async () => {
  harness = new SessionHarness();
  harness.aws.preferences = { source: "document", idleLimitMs: IDLE_MS, longestMs: 60 * MINUTE_MS };
  await harness.start();
});
const agent = () => harness.aws.last;
const session = () => harness.service.get(harness.sessionId);
const terminations = () => harness.aws.calls.filter((call) => call.startsWith("terminate"));

/** Moves time in big steps: nothing is on its way. */
async function wait(milliseconds: number): Promise<void> {
  harness.clock.advance(milliseconds);
  await harness.pass(1_500);
}

async function typeKey(page: FakePage): Promise<number> {
  page.type("x");
  const atMs = harness.clock.nowMs();
  await harness.pass(1_500);
  return atMs;
}

test("without a touch of ours the session is AWS's to end: at the limit and long after it nothing is done", async () => {
  await typeKey(harness.attach(new FakePage()));
  await wait(3 * IDLE_MS);
  expect(session().channel).toBe("open");
  expect(terminations()).toEqual([]);
});

test("after a resume the keeper ends the session at the account's limit, counted from the last key", async () => {
  const page = harness.attach(new FakePage());
  const typedAtMs = await typeKey(page);
  await wait(2 * MINUTE_MS);
  agent().cutClient();
  await harness.pass(3_000);
  expect(session().channel).toBe("open");
  harness.clock.advance(typedAtMs + IDLE_MS - 1 - harness.clock.nowMs());
  expect(terminations()).toEqual([]);
  harness.clock.advance(1);
  await harness.pass(1_500);
  expect(terminations()).toEqual(["terminate dana"]);
  harness.expectEnded("server");
  expect(session().ended?.limit).toEqual({ kind: "idle", limitMs: IDLE_MS });
  expect(session().ended?.code).toBeUndefined();
  expect(page.last("ended")?.end).toEqual(session().ended);
  expect(harness.audit.find(({ event }) => event === "session.ended")?.detail).toMatch(/^by server; idle limit/);
});

test("a size of ours is a touch", async () => {
  const page = harness.attach(new FakePage());
  await typeKey(page);
  await wait(MINUTE_MS);
  page.attachment?.resize({ cols: 100, rows: 30 });
  await wait(IDLE_MS);
  harness.expectEnded("server");
});

test("a terminal reply of ours is a touch, and no human input", async () => {
  const page = harness.attach(new FakePage());
  await typeKey(page);
  await wait(4 * MINUTE_MS);
  page.type("\u001b[1;1R", "reply");
  await wait(MINUTE_MS);
  harness.expectEnded("server");
});

test("a reply that is not sent, a ping of the page and output are no touch", async () => {
  harness.attach(new FakePage());
  const other = harness.attach(new FakePage());
  await wait(2 * MINUTE_MS);
  other.type("\u001b[1;1R", "reply");
  agent().print("a line of a log\r\n");
  await wait(2 * IDLE_MS);
  expect(session().channel).toBe("open");
});

test("attaching, reloading and leaving count neither as input nor as a touch", async () => {
  const typedAtMs = await typeKey(harness.attach(new FakePage()));
  await wait(2 * MINUTE_MS);
  const reloaded = harness.attach(new FakePage());
  await harness.pass(500);
  expect(reloaded.last("time-left")).toMatchObject({ idleEndsAtMs: typedAtMs + IDLE_MS, idleEndedBy: "aws" });
});

test("a key after the touch gives the clock back to AWS: the keeper does not end it", async () => {
  const page = harness.attach(new FakePage());
  agent().cutClient();
  await wait(4 * MINUTE_MS);
  await typeKey(page);
  await wait(2 * IDLE_MS);
  expect(session().channel).toBe("open");
  expect(terminations()).toEqual([]);
});

test("a session that is only found again after its limit is ended with that resume, not given more time", async () => {
  await typeKey(harness.attach(new FakePage()));
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"));
  agent().cutClient();
  harness.clock.advance(100);
  const resumesFrom = harness.aws.calls.length;
  harness.clock.advance(2 * IDLE_MS);
  await harness.pass(90_000);
  expect(harness.aws.calls.slice(resumesFrom)).toContain("terminate dana");
  harness.expectEnded("server");
});

test("a limit that AWS cannot be asked to keep closes the session all the same, and says what becomes of the shell", async () => {
  const page = harness.attach(new FakePage());
  await typeKey(page);
  await wait(MINUTE_MS);
  page.attachment?.resize({ cols: 100, rows: 30 });
  harness.aws.failNext("terminate", new CatalogError("CREDENTIALS_EXPIRED"));
  await wait(IDLE_MS);
  harness.expectEnded("server");
  expect(session().ended).toMatchObject({ limit: { kind: "idle" }, text: expect.stringMatching(/idle limit/) });
});

test("AWS's own idle end names the limit", async () => {
  const page = harness.attach(new FakePage());
  await typeKey(page);
  harness.clock.advance(IDLE_MS);
  agent().close(IDLE_TEXT);
  await harness.settle();
  expect(session().ended).toMatchObject({ by: "aws", text: IDLE_TEXT, limit: { kind: "idle", limitMs: IDLE_MS } });
});

test("a session ended while its socket was lost was ended at its limit when that has passed, else outside Causeway", async () => {
  const page = harness.attach(new FakePage());
  await typeKey(page);
  agent().hasEnded = true;
  agent().cutClient();
  await harness.pass(5_000);
  expect(session().ended).toEqual({ by: "unknown", at: expect.any(Number), code: "SESSION_GONE" });

  await harness.start();
  harness.clock.advance(IDLE_MS + 1);
  agent().hasEnded = true;
  agent().cutClient();
  await harness.pass(5_000);
  expect(session().ended).toMatchObject({ by: "aws", limit: { kind: "idle" } });
});

test("the longest session is counted from the start, told to pages, and left to AWS also after touches", async () => {
  const page = harness.attach(new FakePage());
  expect(page.last("time-left")?.longestEndsAtMs).toBe(session().startedAt + 60 * MINUTE_MS);
  agent().cutClient();
  for (let n = 0; n < 14; n++) {
    await wait(4.5 * MINUTE_MS - 3_000);
    await typeKey(page);
  }
  expect(harness.clock.nowMs()).toBeGreaterThan(session().startedAt + 60 * MINUTE_MS);
  expect(terminations()).toEqual([]);
});

test("the preferences are read once, however often the session is resumed", async () => {
  for (let n = 0; n < 3; n++) {
    agent().cutClient();
    await harness.pass(40_000);
  }
  expect(session().channel).toBe("open");
  expect(harness.aws.preferencesReads).toBe(1);
});

test("what was read of the preferences belongs to the session; unreadable ones stop nothing and are said so", async () => {
  expect(session().preferences).toEqual(harness.aws.preferences);
  harness.aws.preferences = { source: "unknown", idleLimitMs: 20 * MINUTE_MS };
  await harness.start();
  const page = harness.attach(new FakePage());
  expect(session().preferences?.source).toBe("unknown");
  expect(page.last("time-left")?.preferences.source).toBe("unknown");
  page.type("id\r");
  await harness.settle();
  expect(page.text).toContain("id\r");
});
