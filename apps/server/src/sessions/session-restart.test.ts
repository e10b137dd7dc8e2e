/** A server that is killed, or stopped, and started again: same shells, same output, no key lost or doubled. */
import { existsSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { REFUSALS_MAX } from "./channel/channel-keeper.ts";
import { AHEAD_HELD_MS } from "./live-session.ts";
import { ENDED_LOG_KEPT_MS } from "./log/file-session-logs.ts";
import { LastingPage, RestartHarness } from "./testing/restart-harness.ts";
import { FakeIdentity } from "./testing/session-harness.ts";
import { WAITING_CHECK_MS, WAITING_MAX_MS } from "./waiting-sessions.ts";

let harness: RestartHarness;
let page: LastingPage;

beforeEach(async () => {
  harness = new RestartHarness();
  await harness.boot();
  await harness.start();
  page = new LastingPage(harness);
});
afterEach(() => harness.dispose());

const shell = () => harness.aws.last;
const session = () => harness.service.get(harness.sessionId);

/** The page shows the shell's prompt. */
async function running(): Promise<void> {
  page.attach();
  shell().print("$ ");
  await harness.until(() => page.text === "$ ");
}

async function restart(): Promise<void> {
  harness.kill();
  page.detach();
  await harness.boot();
}

test("after a kill the same shell goes on: earlier output, new output, and keys reach it", async () => {
  page.attach();
  shell().print("before ");
  page.type("one ");
  await harness.until(() => page.text === "before " && shell().input.toString() === "one ");
  await restart();
  const fresh = new LastingPage(harness);
  fresh.attach();
  shell().print("after");
  fresh.type("two");
  await harness.until(() => fresh.text === "before after" && shell().input.toString() === "one two");
  expect(session()).toMatchObject({ channel: "open", awsSessionId: shell().id });
  expect(harness.aws.calls.filter((call) => call.startsWith("start"))).toHaveLength(1);
});

test("a stop in order ends no shell, and the next start goes on with it", async () => {
  await running();
  page.type("one ");
  await harness.until(() => shell().input.toString() === "one ");
  await harness.service.shutdown();
  expect(page.last("notice")?.code).toBe("SERVER_STOPPING");
  expect(harness.aws.calls).not.toContain("terminate dana");
  shell().print("meanwhile");
  await restart();
  page.attach();
  page.type("two");
  await harness.until(() => page.text === "$ meanwhile" && shell().input.toString() === "one two");
});

test("after a kill, a channel that AWS denies more often than a new one may be ends no shell", async () => {
  await running();
  harness.aws.deniedOpens = REFUSALS_MAX + 1;
  await restart();
  page.attach();
  page.type("two");
  await harness.until(() => shell().input.toString() === "two");
  expect(harness.aws.deniedOpens).toBe(0);
  expect(session()).toMatchObject({ channel: "open", awsSessionId: shell().id });
});

test("a session encrypted by its account goes on under its old key", async () => {
  await harness.dispose();
  harness = new RestartHarness();
  harness.aws.agentOptions = { kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/x" };
  await harness.boot();
  await harness.start();
  page = new LastingPage(harness);
  page.attach();
  page.type("one ");
  await harness.until(() => shell().input.toString() === "one ");
  await restart();
  page.attach();
  page.type("two");
  shell().print("secret");
  await harness.until(() => page.text.endsWith("secret") && shell().input.toString() === "one two");
  expect(harness.aws.calls.filter((call) => call.startsWith("generateDataKey"))).toHaveLength(1);
});

test("a kill in the handshake leaves a session that still becomes a shell", async () => {
  await harness.dispose();
  for (let turns = 0; turns < 12; turns++) {
    harness = new RestartHarness();
    await harness.boot();
    await harness.start();
    for (let turn = 0; turn < turns; turn++) await harness.turn(1);
    page = new LastingPage(harness);
    await restart();
    page.attach();
    page.type("x");
    shell().print("$ ");
    await harness.until(() => page.text === "$ " && shell().input.toString() === "x");
    if (turns < 11) await harness.dispose();
  }
});

test("without usable credentials the session waits, and goes on when its owner signs in again", async () => {
  await running();
  harness.dana.hasExpired = true;
  await restart();
  await harness.until(() => harness.service.get(harness.sessionId).channelReason === "CREDENTIALS_EXPIRED");
  expect(harness.aws.calls).not.toContain("resume dana");
  harness.dana.hasExpired = false;
  harness.service.handleSignedIn(new FakeIdentity("dana"));
  page.attach();
  page.type("x");
  await harness.until(() => shell().input.toString() === "x");
});

test("an owner who never signs in again is waited for until AWS must have ended the shell; then its log's time begins", async () => {
  await running();
  harness.dana.hasExpired = true;
  await restart();
  await harness.until(() => session().channelReason === "CREDENTIALS_EXPIRED");
  for (let passed = 0; passed < WAITING_MAX_MS - WAITING_CHECK_MS; passed += WAITING_CHECK_MS)
    await harness.turn(WAITING_CHECK_MS);
  expect(session().ended).toBeUndefined();
  for (let n = 0; n < 3; n++) await harness.turn(WAITING_CHECK_MS);
  expect(harness.rows.get(harness.sessionId)?.end).toMatchObject({ by: "unknown" });
  const directory = `${harness.dataDir}/sessions/${harness.sessionId}`;
  expect(existsSync(directory)).toBe(true);
  await harness.turn(ENDED_LOG_KEPT_MS);
  await harness.until(() => !existsSync(directory));
});

test("a session that AWS ended meanwhile is said to have ended", async () => {
  harness.kill();
  shell().close("");
  await harness.boot();
  await harness.until(() => session().ended !== undefined);
  expect(harness.rows.get(harness.sessionId)?.end?.by).toBe("unknown");
});

test("an end that only the log knows is recorded at the next start, and can still be read", async () => {
  const row = harness.rows.get(harness.sessionId);
  shell().print("last words");
  shell().exit();
  await harness.until(() => session().ended !== undefined);
  for (let n = 0; n < 20; n++) await harness.turn();
  const end = row?.end;
  if (row !== undefined) row.end = undefined;
  await restart();
  page.attach();
  expect(page.text).toBe("");
  await harness.until(() => page.last("ended") !== undefined);
  expect(page.text).toBe("last words");
  expect(harness.rows.get(harness.sessionId)?.end).toEqual(end);
});

test("a session whose files are gone is said not to have been found again", async () => {
  harness.kill();
  await harness.boot((dataDir) => rmSync(`${dataDir}/sessions`, { recursive: true }));
  expect(harness.rows.get(harness.sessionId)?.end).toMatchObject({ by: "server", code: "SESSION_NOT_RECOVERED" });
  expect(harness.service.ownerKeyOf(harness.sessionId)).toBeUndefined();
});

test("a page that has seen more than was stored is held until the agent's resend has filled the log", async () => {
  page.attach();
  shell().print("abc");
  await harness.until(() => page.text === "abc");
  page.output = Buffer.from("abcdef");
  await restart();
  page.attach();
  expect(page.last("attached")).toMatchObject({ offset: 6, headOffset: 3 });
  shell().print("defghi");
  await harness.until(() => page.text === "abcdefghi");
});

test("what the agent does not send again is not waited for longer than ten seconds", async () => {
  page.attach();
  shell().print("abc");
  await harness.until(() => page.text === "abc");
  page.output = Buffer.from("abcdef");
  await restart();
  page.attach();
  for (let passed = 0; passed < AHEAD_HELD_MS - 500; passed += 250) await harness.turn(250);
  expect(page.last("reset")).toBeUndefined();
  for (let passed = 0; passed < 1_000; passed += 250) await harness.turn(250);
  expect(page.last("reset")).toMatchObject({ offset: 0, headOffset: 3 });
});

test("after a crash of the host no number is used twice for different keys", async () => {
  await running();
  page.type("one ");
  await harness.until(() => shell().input.toString() === "one ");
  harness.bootId = "boot 2";
  await restart();
  page.attach();
  page.type("two");
  await harness.until(() => shell().input.toString() === "one two");
  harness.bootId = "boot 3";
  await restart();
  page.attach();
  page.type(" three");
  await harness.until(() => shell().input.toString() === "one two three");
});

/** The machine that Causeway runs on crashes: only so much of each file had reached its disk. */
async function crashOfHost(sizes: Map<string, number>): Promise<void> {
  harness.kill();
  page.detach();
  harness.bootId = "boot 2";
  await harness.boot((dataDir) => {
    for (const file of filesOf(dataDir)) {
      const bytes = sizes.get(file);
      if (bytes === undefined) rmSync(`${dataDir}/${file}`);
      else truncateSync(`${dataDir}/${file}`, bytes);
    }
  });
  page = new LastingPage(harness);
  page.attach();
}
function filesOf(dataDir: string): string[] {
  const directory = `sessions/${harness.sessionId}`;
  return readdirSync(`${dataDir}/${directory}`).map((file) => `${directory}/${file}`);
}
function sizesNow(): Map<string, number> {
  return new Map(filesOf(harness.dataDir).map((file) => [file, statSync(`${harness.dataDir}/${file}`).size]));
}

test.each([undefined, "arn:aws:kms:eu-west-1:111122223333:key/x"])(
  "a crash of the host that forgets how the handshake went on: the shell goes on, and no new key is taken for an old one (%s)",
  async (kmsKeyId) => {
    await harness.dispose();
    for (let turns = 0; turns < 8; turns++) {
      harness = new RestartHarness();
      if (kmsKeyId !== undefined) harness.aws.agentOptions = { kmsKeyId };
      await harness.boot();
      await harness.start();
      page = new LastingPage(harness);
      for (let turn = 0; turn < turns; turn++) await harness.turn(1);
      const sizes = sizesNow();
      await running();
      page.type("old ");
      await harness.until(() => shell().input.toString() === "old ");
      await crashOfHost(sizes);
      page.type("new");
      await harness.until(() => shell().input.toString() === "old new");
      // What was acknowledged and forgotten comes no more; later output proves it.
      let tick = 0;
      await harness.until(() => {
        if (tick++ % 100 === 0) shell().print(".");
        return page.last("notice")?.code === "OUTPUT_NOT_KEPT" && page.text.includes("...");
      });
      if (turns < 7) await harness.dispose();
    }
  },
  60_000,
);

const STEP = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("type" as const), count: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("print" as const), count: fc.integer({ min: 1, max: 80 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("turns" as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("kill" as const), count: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), count: fc.constant(0) }) },
);

test("whenever it is killed, whatever is lost on the way: no line and no key is missing, doubled or out of order", async () => {
  await harness.dispose();
  const property = fc.asyncProperty(
    fc.array(STEP, { minLength: 5, maxLength: 25 }),
    fc.constantFrom(0, 0.01, 0.05, 0.2),
    fc.constantFrom(undefined, "arn:aws:kms:eu-west-1:111122223333:key/x"),
    fc.integer(),
    async (steps, loss, kmsKeyId, seed) => {
      harness = new RestartHarness();
      if (kmsKeyId !== undefined) harness.aws.agentOptions = { kmsKeyId };
      await harness.boot();
      await harness.start();
      page = new LastingPage(harness);
      page.attach();
      const random = randomOf(seed);
      shell().losesFrame = () => random() < loss;
      let lines = "$ "; // until its first output nobody knows that the shell runs
      shell().print(lines);
      let keys = "";
      for (const { kind, count } of steps) {
        if (kind === "type")
          for (let n = 0; n < count; n++) {
            const key = `k${keys.length},`;
            keys += key;
            page.type(key);
          }
        else if (kind === "print")
          for (let n = 0; n < count; n++) {
            const line = `line ${lines.length}\n`;
            lines += line;
            shell().print(line);
          }
        else if (kind === "turns") for (let n = 0; n < count; n++) await harness.turn();
        else if (kind === "cut") shell().cutClient();
        else {
          harness.kill();
          page.detach();
          for (let n = 0; n < count; n++) await harness.turn();
          await harness.boot();
          page.attach();
        }
      }
      shell().losesFrame = () => false;
      await harness.until(() => page.output.length >= lines.length && shell().input.length >= keys.length);
      for (let n = 0; n < 20; n++) await harness.turn();
      expect(page.text).toBe(lines);
      expect(shell().input.toString()).toBe(keys);
      expect(page.last("reset")).toBeUndefined();
      await harness.dispose();
    },
  );
  await fc.assert(property, { numRuns: 25 });
  harness = new RestartHarness();
  await harness.boot();
}, 120_000);

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
