import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakePage, SessionHarness } from "./testing/session-harness.ts";

let harness: SessionHarness;
let page: FakePage;
beforeEach(async () => {
  harness = new SessionHarness();
  await harness.start();
  page = harness.attach(new FakePage());
});
const agent = () => harness.aws.last;
const resumes = () => harness.aws.calls.filter((call) => call.startsWith("resume")).length;

test("a data channel that is cut in the middle of a flood goes on: nothing is lost, nothing doubled", async () => {
  agent().echoes = false;
  const flood = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `${n}\n`).join(""));
  for (let cut = 0; cut < 5; cut++) {
    agent().print(flood);
    agent().cutClient();
    page.type(`${cut}`);
    agent().print(`after cut ${cut}\n`);
    await harness.pass(2_000);
  }
  await harness.pass(10_000);
  const expected = [0, 1, 2, 3, 4].flatMap((cut) => [flood, Buffer.from(`after cut ${cut}\n`)]);
  expect(page.output.equals(Buffer.concat([Buffer.from("$ "), ...expected]))).toBe(true);
  expect(agent().input.toString()).toBe("01234");
  expect(resumes()).toBe(5);
}, 60_000);

test("frames and acknowledgements lost on the way are made up for, in order", async () => {
  let n = 0;
  agent().losesFrame = () => n++ % 5 === 0;
  const flood = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `${line}\n`).join(""));
  agent().echoes = false;
  agent().print(flood);
  page.type("typed on a bad line");
  for (let tries = 0; tries < 60 && page.output.length < flood.length + 2; tries++) await harness.pass(1_000);
  expect(page.output.subarray(2).equals(flood)).toBe(true);
  expect(agent().input.toString()).toBe("typed on a bad line");
}, 60_000);

test("while the channel is lost the page is told, and what is typed reaches the agent afterwards", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 3);
  agent().cutClient();
  await harness.settle();
  expect(page.last("channel")?.channel).toBe("lost");
  page.type("typed meanwhile");
  await harness.pass(5_000);
  expect(page.last("channel")?.channel).toBe("open");
  expect(agent().input.toString()).toBe("typed meanwhile");
});

test("a resume that fails is tried again with growing waits, without a last time", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 60);
  agent().cutClient();
  await harness.pass(600_000);
  const after = resumes();
  expect(after).toBeGreaterThan(20);
  expect(after).toBeLessThan(45);
  await harness.pass(1_200_000);
  expect(page.last("channel")?.channel).toBe("open");
}, 60_000);

test("a dial that fails after the token was given asks for a new token", async () => {
  harness.dialer.refusals.push({ reason: "ECONNREFUSED" }, { reason: "ECONNREFUSED" });
  agent().cutClient();
  await harness.pass(3_000);
  expect(resumes()).toBe(3);
  expect(page.last("channel")?.channel).toBe("open");
});

test("a session that AWS no longer has ends as ended outside Causeway", async () => {
  agent().hasEnded = true;
  agent().cutClient();
  await harness.pass(1_000);
  harness.expectEnded("unknown");
  expect(page.last("ended")?.end.by).toBe("unknown");
});

test("expired credentials stop the tries and say so; the person's next visit goes on", async () => {
  harness.aws.failNext("resume", new CatalogError("CREDENTIALS_EXPIRED"));
  agent().cutClient();
  await harness.pass(60_000);
  expect(resumes()).toBe(1);
  expect(page.messages).toContainEqual({ type: "notice", code: "CREDENTIALS_EXPIRED" });
  harness.service.listFor(harness.dana);
  await harness.pass(1_000);
  expect(page.last("channel")?.channel).toBe("open");
});

test("an agent that is away is shown as paused until it is back", async () => {
  agent().pausePublication();
  await harness.settle();
  expect(page.last("channel")?.channel).toBe("paused");
});

test("an address that is not safe is never dialled on a resume either", async () => {
  harness.aws.streamUrl = "ws://evil.example.com/";
  agent().cutClient();
  await harness.pass(1_000);
  expect(page.last("channel")?.channel).toBe("lost");
  harness.aws.streamUrl = "ws://127.0.0.1/";
  await harness.pass(30_000);
  expect(page.last("channel")?.channel).toBe("open");
});

test("a session that ends while it is being resumed stays ended, and no timer is left", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 1_000);
  agent().cutClient();
  await harness.pass(1_000);
  const end = harness.service.end(harness.sessionId, harness.dana, { ip: "", requestId: "" });
  await harness.pass(2_000);
  await end;
  const before = resumes();
  await harness.pass(60_000);
  expect(resumes()).toBe(before);
  expect(harness.clock.pendingTimers).toBe(1); // the one that forgets the ended session
});
