import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../../platform/catalog-error.ts";
import { CALLS_BURST_MAX, CALLS_PER_SECOND } from "../calls/call-bucket.ts";
import { FakeIdentity, FakePage, ORIGIN, REGION, SessionHarness, TARGET } from "../testing/session-harness.ts";
import { AGENT_SILENT_AFTER_MS } from "./agent-watch.ts";
import { REFUSALS_MAX } from "./channel-keeper.ts";
import { PASSING_TROUBLE_MS } from "./told-condition.ts";

let harness: SessionHarness;
let page: FakePage;
beforeEach(async () => {
  harness = new SessionHarness();
  await harness.start();
  page = harness.attach(new FakePage());
});
const agent = () => harness.aws.last;
const resumes = () => harness.aws.calls.filter((call) => call.startsWith("resume")).length;
const asked = () => harness.aws.calls.filter((call) => call.startsWith("instanceProblem")).length;

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
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 4);
  agent().cutClient();
  await harness.pass(PASSING_TROUBLE_MS + 100);
  page.type("typed meanwhile");
  await harness.pass(5_000);
  expect(page.messages.filter(({ type }) => type === "channel")).toEqual([
    { type: "channel", channel: "lost", reason: "AWS_UNREACHABLE" },
    { type: "channel", channel: "open" },
  ]);
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
  expect(harness.service.get(harness.sessionId).channel).toBe("open");
  expect(page.last("channel")).toBeUndefined(); // it took 1.05 s in all
});

test("a session that AWS no longer has ends as ended outside Causeway", async () => {
  agent().hasEnded = true;
  agent().cutClient();
  await harness.pass(1_000);
  harness.expectEnded("unknown");
  expect(page.last("ended")?.end.by).toBe("unknown");
});

test("AWS's hourly close is nobody's business: nothing is told, and what is typed meanwhile arrives", async () => {
  const before = page.messages.length;
  for (let hour = 0; hour < 3; hour++) {
    await harness.pass(60_000);
    agent().cutClient();
    page.type(`${hour}`);
    await harness.pass(1_000);
    expect(harness.service.get(harness.sessionId).channel).toBe("open");
  }
  expect(page.messages.slice(before).some(({ type }) => type === "channel" || type === "notice")).toBe(false);
  expect(agent().input.toString()).toBe("012");
  expect(resumes()).toBe(3);
}, 60_000);

test("a page that attaches while a trouble may still pass is not told of it either", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 3);
  agent().cutClient();
  await harness.pass(100);
  expect(harness.attach(new FakePage()).last("attached")).toMatchObject({ channel: "open" });
  await harness.pass(PASSING_TROUBLE_MS);
  expect(harness.attach(new FakePage()).last("attached")).toMatchObject({ channel: "lost", reason: "AWS_UNREACHABLE" });
  expect(harness.service.get(harness.sessionId)).toMatchObject({ channel: "lost", channelReason: "AWS_UNREACHABLE" });
  await harness.pass(5_000);
  expect(harness.service.get(harness.sessionId).channelReason).toBeUndefined();
});

test("credentials that are known to have expired stop the loop before AWS is asked, and that is said", async () => {
  harness.dana.hasExpired = true;
  agent().cutClient();
  await harness.pass(600_000);
  expect(resumes()).toBe(0);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "lost", reason: "CREDENTIALS_EXPIRED" });
  expect(harness.service.get(harness.sessionId).channel).toBe("lost");
}, 60_000);

test("credentials that AWS calls expired stop the loop; coming back with the same login asks for nothing", async () => {
  harness.aws.failNext("resume", new CatalogError("CREDENTIALS_EXPIRED"));
  agent().cutClient();
  await harness.pass(60_000);
  expect(resumes()).toBe(1);
  expect(page.last("channel")).toMatchObject({ channel: "lost", reason: "CREDENTIALS_EXPIRED" });
  for (let visit = 0; visit < 5; visit++) harness.service.listFor(harness.dana);
  harness.attach(new FakePage());
  await harness.pass(60_000);
  expect(resumes()).toBe(1);
});

test("the same person's next sign-in serves all her sessions at once, and nobody else's", async () => {
  const first = harness.sessionId;
  const second = await harness.start();
  const kofi = new FakeIdentity("kofi");
  const foreign = await harness.start(kofi);
  for (const session of harness.aws.sessions) session.cutClient();
  harness.dana.hasExpired = true;
  kofi.hasExpired = true;
  await harness.pass(5_000);
  harness.dana.hasExpired = false;
  harness.service.handleSignedIn(harness.dana);
  await harness.pass(1_000);
  expect([first, second, foreign].map((id) => harness.service.get(id).channel)).toEqual(["open", "open", "lost"]);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
  expect(harness.aws.calls.filter((call) => call.startsWith("resume"))).toEqual(["resume dana", "resume dana"]);
});

test("another login of the same person that visits serves a session that waits for credentials", async () => {
  harness.dana.hasExpired = true;
  agent().cutClient();
  await harness.pass(5_000);
  harness.service.listFor(harness.dana.again());
  await harness.pass(1_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
});

test("a sign-in while a call with the old credentials is under way is not lost", async () => {
  const refuse = harness.aws.holdNextResume();
  agent().cutClient();
  await harness.pass(1_000);
  harness.service.handleSignedIn(harness.dana);
  refuse(new CatalogError("CREDENTIALS_EXPIRED"));
  await harness.pass(2_000);
  expect(page.last("channel")?.channel ?? "open").toBe("open");
  expect(resumes()).toBe(2);
});

test("a refusal by policy is said as such at once, tried once a minute, and at once with new credentials", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_ACCESS_DENIED"), 12);
  agent().cutClient();
  await harness.pass(500);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "lost", reason: "RESUME_REFUSED" });
  await harness.pass(600_000);
  expect(resumes()).toBeGreaterThanOrEqual(9);
  expect(resumes()).toBeLessThanOrEqual(11);
  const before = resumes();
  harness.service.handleSignedIn(harness.dana);
  await harness.pass(500);
  expect(resumes()).toBe(before + 1);
  await harness.pass(180_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
}, 60_000);

test("what is told follows what stands in the way", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 6);
  harness.aws.failNext("resume", new CatalogError("AWS_THROTTLED"), 1);
  harness.aws.failNext("resume", new CatalogError("CREDENTIALS_EXPIRED"), 1);
  agent().cutClient();
  await harness.pass(60_000);
  const told = page.messages.flatMap((message) => (message.type === "channel" ? [message.reason] : []));
  expect(told).toEqual(["AWS_UNREACHABLE", "AWS_THROTTLED", "CREDENTIALS_EXPIRED"]);
});

test("fifty sessions that lose their sockets in one moment come back within the account's budget of calls", async () => {
  for (let n = 1; n < 50; n++) {
    const started = harness.service.start(harness.dana, { region: REGION, target: TARGET, cols: 80, rows: 24 }, ORIGIN);
    await harness.pass(150);
    await started;
    agent().print("$ ");
  }
  await harness.pass(5_000);
  const before = resumes();
  const times: number[] = [];
  harness.aws.onCall = (call) => {
    if (call.startsWith("resume")) times.push(harness.clock.nowMs());
  };
  for (const session of harness.aws.sessions) session.cutClient();
  await harness.pass(8_000);
  expect(resumes() - before).toBe(50);
  for (const from of times) {
    const inOneSecond = times.filter((at) => at >= from && at < from + 1_000).length;
    expect(inOneSecond).toBeLessThanOrEqual(CALLS_BURST_MAX + CALLS_PER_SECOND + 1);
  }
  expect(new Set(harness.service.listFor(harness.dana).map(({ channel }) => channel))).toEqual(new Set(["open"]));
}, 60_000);

test("one answer to slow down slows all sessions of the account, and ends none", async () => {
  for (let n = 0; n < 4; n++) await harness.start();
  harness.aws.failNext("resume", new CatalogError("AWS_THROTTLED"));
  for (const session of harness.aws.sessions) session.cutClient();
  await harness.pass(10_000);
  expect(resumes()).toBe(6);
  expect(harness.service.listFor(harness.dana).every(({ channel }) => channel === "open")).toBe(true);
});

test("no resume and no size is sent without need: an hour of use costs no call, and a resume repeats no size", async () => {
  page.type("ls\r");
  page.attachment?.resize({ cols: 100, rows: 30 });
  await harness.pass(1_000);
  const sizes = [...agent().sizes];
  expect(sizes.at(-1)).toBe("100x30");
  const calls = harness.aws.calls.length;
  await harness.pass(600_000);
  expect(harness.aws.calls.length).toBe(calls);
  for (let cut = 0; cut < 3; cut++) {
    agent().cutClient();
    page.attachment?.resize({ cols: 100, rows: 30 });
    await harness.pass(30_000);
  }
  expect(agent().sizes).toEqual(sizes);
  expect(harness.aws.calls.slice(calls)).toEqual(["resume dana", "resume dana", "resume dana"]);
}, 60_000);

test("an agent that is away is shown as paused until it is back, and AWS is asked about it once a minute", async () => {
  harness.aws.problem = "INSTANCE_STOPPED";
  agent().pausePublication();
  await harness.pass(1_000);
  expect(page.last("channel")).toBeUndefined();
  await harness.pass(1_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "paused", reason: "INSTANCE_STOPPED" });
  await harness.pass(200_000);
  expect(asked()).toBe(4);
  agent().startPublication();
  await harness.pass(200_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
  expect(asked()).toBe(4);
}, 60_000);

test("an agent that acknowledges nothing for fifteen seconds is said to be silent, with what AWS says of it", async () => {
  agent().isDeaf = true;
  page.type("hello?");
  await harness.pass(AGENT_SILENT_AFTER_MS - 500);
  expect(page.last("channel")).toBeUndefined();
  await harness.pass(500);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open", reason: "INSTANCE_SILENT" });
  harness.aws.problem = "INSTANCE_NOT_CONNECTED";
  await harness.pass(60_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open", reason: "INSTANCE_NOT_CONNECTED" });
  expect(asked()).toBe(2);
  agent().isDeaf = false;
  await harness.pass(15_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
  expect(agent().input.toString()).toBe("hello?");
  await harness.pass(300_000);
  expect(asked()).toBe(2);
}, 60_000);

test("an agent to which nothing was sent is not asked about, however long it says nothing", async () => {
  agent().isDeaf = true;
  await harness.pass(300_000);
  expect(asked()).toBe(0);
  expect(page.last("channel")).toBeUndefined();
});

test("an agent is not silent for the time during which the socket to AWS was lost", async () => {
  harness.aws.failNext("resume", new CatalogError("AWS_UNREACHABLE"), 6);
  page.type("a");
  await harness.settle();
  agent().cutClient();
  page.type("typed meanwhile");
  await harness.pass(60_000);
  expect(page.last("channel")).toEqual({ type: "channel", channel: "open" });
  const reasons = page.messages.map((message) => (message.type === "channel" ? message.reason : undefined));
  expect(reasons).not.toContain("INSTANCE_SILENT");
});

test("an address that is not safe is never dialled on a resume either", async () => {
  harness.aws.streamUrl = "ws://evil.example.com/";
  agent().cutClient();
  await harness.pass(2_000);
  expect(page.last("channel")).toMatchObject({ channel: "lost", reason: "STREAM_URL_REFUSED" });
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
  expect(harness.clock.pendingTimers).toBe(2); // those that forget the ended session and look at waiting ones
});

test("a channel that AWS closes again and again before its first word is denied: said with the missing action, and ended in AWS", async () => {
  const denied = new SessionHarness();
  denied.aws.deniedOpens = Number.POSITIVE_INFINITY;
  await denied.start();
  await denied.pass(10_000);
  denied.expectEnded("aws", "DATA_CHANNEL_DENIED");
  expect(denied.aws.calls.filter((call) => call.startsWith("resume"))).toHaveLength(REFUSALS_MAX - 1);
  expect(denied.aws.calls).toContain("terminate dana");
});

test("a channel that was refused once less than that opens, and its shell is there", async () => {
  const late = new SessionHarness();
  late.aws.deniedOpens = REFUSALS_MAX - 1;
  await late.start();
  const reader = late.attach(new FakePage());
  await late.pass(10_000);
  expect(reader.text).toContain("$ ");
});

test("a shell that was seen never ends because its channel is denied later: it is told, and goes on when it may", async () => {
  harness.aws.deniedOpens = 6;
  agent().cutClient();
  await harness.pass(PASSING_TROUBLE_MS + 3_000);
  expect(page.messages.filter(({ type }) => type === "channel").at(-1)).toEqual({
    type: "channel",
    channel: "lost",
    reason: "DATA_CHANNEL_DENIED",
  });
  await harness.pass(120_000);
  expect(page.messages.filter(({ type }) => type === "channel").at(-1)).toEqual({ type: "channel", channel: "open" });
});
