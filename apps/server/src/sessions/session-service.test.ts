import { beforeEach, expect, test } from "vitest";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { ENDED_KEPT_MS, ENDED_PER_PERSON_MAX } from "./kept-sessions.ts";
import { FakeIdentity, FakePage, ORIGIN, REGION, SessionHarness, TARGET } from "./testing/session-harness.ts";

let harness: SessionHarness;
beforeEach(() => {
  harness = new SessionHarness();
});
const agent = () => harness.aws.last;
const REQUEST = { region: REGION, target: TARGET, cols: 80, rows: 24 };
const aws = (code: string) => ({ service: "ssm", operation: "StartSession", code, message: "no" });
const startFails = (code: string) =>
  expect(harness.service.start(harness.dana, REQUEST, ORIGIN)).rejects.toMatchObject({ code });

test("a started session is described, recorded and audited, with the machine's name", async () => {
  const id = await harness.start();
  expect(harness.service.get(id)).toMatchObject({
    awsSessionId: agent().id,
    instanceId: TARGET,
    instanceName: "web-1",
    documentName: "SSM-SessionManagerRunShell",
    channel: "open",
    cols: 80,
    rows: 24,
  });
  expect(harness.rows.get(id)).toBe("open");
  expect(harness.audit).toMatchObject([{ event: "session.started", name: "dana", sessionId: id, instanceId: TARGET }]);
});

test("the document is named, and left out once when the account never created the default one", async () => {
  harness.aws.failNext("start", new CatalogError("SESSION_DOCUMENT_MISSING", { aws: aws("InvalidDocument") }));
  const id = await harness.start();
  expect(harness.aws.calls.slice(0, 2)).toEqual(["start dana SSM-SessionManagerRunShell", "start dana"]);
  expect(harness.service.get(id).documentName).toBeUndefined();
});

test("a document that AWS does not have is named, also the account's own when nothing else is there", async () => {
  for (const _ of ["with its name", "without"])
    harness.aws.failNext("start", new CatalogError("SESSION_DOCUMENT_MISSING", { aws: aws("InvalidDocument") }));
  await expect(harness.start()).rejects.toMatchObject({
    code: "SESSION_DOCUMENT_MISSING",
    detail: "SSM-SessionManagerRunShell",
    aws: { code: "InvalidDocument" },
  });
});

test("a machine that is not connected and that EC2 calls stopped is said to be stopped", async () => {
  harness.aws.facts = { ec2State: "stopped" };
  harness.aws.failNext("start", new CatalogError("INSTANCE_NOT_CONNECTED", { aws: aws("TargetNotConnected") }));
  await startFails("INSTANCE_STOPPED");
  expect(harness.audit).toMatchObject([{ event: "session.start_refused", detail: "INSTANCE_STOPPED" }]);
});

test("a stopped machine is said to be stopped also where the account never created the document", async () => {
  harness.aws.facts = { ec2State: "stopped" };
  harness.aws.failNext("start", new CatalogError("SESSION_DOCUMENT_MISSING", { aws: aws("InvalidDocument") }));
  harness.aws.failNext("start", new CatalogError("INSTANCE_NOT_CONNECTED", { aws: aws("TargetNotConnected") }));
  await startFails("INSTANCE_STOPPED");
});

test("a machine that is not connected and whose state is unknown stays not connected", async () => {
  harness.aws.facts = {};
  harness.aws.failNext("start", new CatalogError("INSTANCE_NOT_CONNECTED", { aws: aws("TargetNotConnected") }));
  await startFails("INSTANCE_NOT_CONNECTED");
});

test.each([
  [{ kind: "never" }, "INSTANCE_NOT_MANAGED", undefined],
  [{ kind: "lost", lastPingAtMs: 1_700_000_000_000 }, "INSTANCE_LOST", 1_700_000_000_000],
  [{ kind: "lost", lastPingAtMs: undefined }, "INSTANCE_LOST", undefined],
  [{ kind: "online" }, "INSTANCE_NOT_CONNECTED", undefined],
] as const)(
  "a running machine that is not connected, and of which Systems Manager says %j: %s",
  async (registered, code, lastPingAtMs) => {
    harness.aws.facts = { ec2State: "running" };
    harness.aws.registered = registered;
    harness.aws.failNext("start", new CatalogError("INSTANCE_NOT_CONNECTED", { aws: aws("TargetNotConnected") }));
    await expect(harness.service.start(harness.dana, REQUEST, ORIGIN)).rejects.toMatchObject({
      code,
      aws: { code: "TargetNotConnected" },
      ...(lastPingAtMs === undefined ? {} : { lastPingAtMs }),
    });
  },
);

test("a throttled start is tried again, three times in all", async () => {
  harness.aws.failNext("start", new CatalogError("AWS_THROTTLED"), 2);
  const started = harness.service.start(harness.dana, REQUEST, ORIGIN);
  await harness.pass(10_000);
  await started;
  harness.aws.failNext("start", new CatalogError("AWS_THROTTLED"), 3);
  const refused = startFails("AWS_THROTTLED");
  await harness.pass(10_000);
  await refused;
});

test("a channel that cannot be opened ends the shell in AWS, and nothing is left behind", async () => {
  harness.dialer.refusals.push({ reason: "the upgrade was answered with 403", httpStatus: 403 });
  await startFails("CHANNEL_OPEN_FAILED");
  expect(harness.aws.calls).toContain("terminate dana");
  expect(harness.service.listFor(harness.dana)).toEqual([]);
});

test("a stream address that is not safe is refused, and the shell ended in AWS", async () => {
  harness.aws.streamUrl = "ws://evil.example.com/";
  await startFails("STREAM_URL_REFUSED");
  expect(harness.aws.calls).toContain("terminate dana");
});

test("sessions per person are limited, starts under way included", async () => {
  harness = new SessionHarness(2);
  const starts = [1, 2, 3].map(() => harness.service.start(harness.dana, REQUEST, ORIGIN));
  const results = await Promise.allSettled(starts);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(results[2]).toMatchObject({ reason: { code: "SESSION_LIMIT_REACHED" } });
  await harness.service.start(new FakeIdentity("kofi"), REQUEST, ORIGIN);
});

test("an exit after Enter: all output first, then the end by the shell, and the socket closes for good", async () => {
  await harness.start();
  const page = harness.attach(new FakePage());
  page.type("exit\r");
  await harness.settle();
  agent().print("logout\r\n");
  agent().exit();
  await harness.pass(3_000);
  expect(page.text).toBe("$ exit\rlogout\r\n");
  expect(page.order.at(-1)).toBe("<ended>");
  expect(page.closed?.code).toBe(4001);
  harness.expectEnded("shell");
});

test("AWS's idle text ends the session by AWS, with what it said", async () => {
  await harness.start();
  agent().close("Your session timed out due to inactivity and has been terminated.");
  await harness.settle();
  harness.expectEnded("aws");
  expect(harness.service.get(harness.sessionId).ended?.text).toMatch(/inactivity/);
});

test("ending asks AWS with the caller's own credentials, once, and is idempotent", async () => {
  const id = await harness.start();
  const page = harness.attach(new FakePage());
  const ends = [harness.service.end(id, harness.dana, ORIGIN), harness.service.end(id, harness.dana, ORIGIN)];
  await harness.pass(2_000);
  await Promise.all(ends);
  await harness.service.end(id, harness.dana, ORIGIN);
  expect(harness.aws.calls.filter((call) => call.startsWith("terminate"))).toEqual(["terminate dana"]);
  expect(page.last("ended")?.end.by).toBe("you");
  harness.expectEnded("you");
});

test("an end that AWS cannot be asked for closes the session all the same and says what happens to the shell", async () => {
  const id = await harness.start();
  harness.aws.failNext("terminate", new CatalogError("CREDENTIALS_EXPIRED"));
  await harness.service.end(id, harness.dana, ORIGIN);
  harness.expectEnded("you");
  expect(harness.service.get(id).ended?.text).toMatch(/idle limit/);
});

test("an ended session stays readable for ten minutes, then is forgotten", async () => {
  const id = await harness.start();
  agent().close("");
  await harness.settle();
  const page = harness.attach(new FakePage());
  expect(page.text).toBe("$ ");
  expect(page.order).toEqual(["<attached>", "<control>", "$ ", "<ended>"]);
  harness.clock.advance(ENDED_KEPT_MS);
  expect(harness.service.ownerKeyOf(id)).toBeUndefined();
  expect(() => harness.service.get(id)).toThrow(expect.objectContaining({ code: "SESSION_NOT_FOUND" }));
});

test("of one person's ended sessions the newest ten are kept", async () => {
  const ids: string[] = [];
  for (let n = 0; n <= ENDED_PER_PERSON_MAX; n++) {
    ids.push(await harness.start());
    agent().close("");
    await harness.settle();
  }
  expect(harness.service.listFor(harness.dana).map(({ id }) => id)).toEqual(ids.slice(1));
});

test("a person sees her own sessions only, and nobody else's can be attached to", async () => {
  await harness.start();
  const kofi = new FakeIdentity("kofi");
  expect(harness.service.listFor(kofi)).toEqual([]);
  const page = new FakePage();
  const request = { offset: null, streamId: page.streamId, size: { cols: 80, rows: 24 }, visible: true, sink: page };
  expect(() => harness.service.attach(harness.sessionId, kofi, request, ORIGIN)).toThrow(
    expect.objectContaining({ code: "SESSION_NOT_FOUND" }),
  );
});

test("signing out ends all of a person's shells, and only hers", async () => {
  await harness.start();
  await harness.start();
  await harness.start(new FakeIdentity("kofi"));
  const ended = harness.service.endAllOf(harness.dana);
  await harness.pass(2_000);
  expect(await ended).toBe(2);
  expect(harness.service.listFor(harness.dana).every(({ channel }) => channel === "ended")).toBe(true);
  expect(harness.service.listFor(new FakeIdentity("kofi")).every(({ channel }) => channel === "open")).toBe(true);
});

test("a shell whose start was under way when its person signed out is ended in AWS, with the keys she had", async () => {
  let signedOut = false;
  const leaving = new FakeIdentity("dana");
  leaving.credentials = async () => {
    if (signedOut) throw new CatalogError("SIGN_IN_REQUIRED");
    return { accessKeyId: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: "secret" };
  };
  const usedToEnd: AwsIdentity[] = [];
  const terminate = harness.aws.terminate.bind(harness.aws);
  harness.aws.terminate = (by, address) => {
    usedToEnd.push(by);
    return terminate(by, address);
  };
  const started = harness.service.start(leaving, REQUEST, ORIGIN);
  signedOut = true;
  expect(await harness.service.endAllOf(leaving)).toBe(0); // it is not there yet
  const refused = expect(started).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  await harness.pass(2_000);
  await refused;
  expect(harness.aws.sessions.map(({ hasEnded }) => hasEnded)).toEqual([true]);
  expect((await usedToEnd[0]?.credentials())?.secretAccessKey).toBe("secret");
  expect([...harness.rows.values()]).toEqual(["ended by you"]);
});

test("a server that stops waits for the starts under way, and leaves no shell of theirs behind", async () => {
  const started = startFails("SERVER_STOPPING");
  const endedByThen = harness.service.shutdown().then(() => harness.aws.sessions.map(({ hasEnded }) => hasEnded));
  await harness.pass(2_000);
  expect(await endedByThen).toEqual([true]);
  await started;
});

test("stopping the server ends no shell, tells the pages why, takes nothing more, and starts nothing new", async () => {
  await harness.start();
  const page = harness.attach(new FakePage());
  const stopped = harness.service.shutdown();
  await harness.pass(2_000);
  await stopped;
  expect(harness.aws.calls).not.toContain("terminate dana");
  expect(agent()).toMatchObject({ hasEnded: false, hasClient: false });
  expect(page.messages).toContainEqual({ type: "notice", code: "SERVER_STOPPING" });
  expect(page.type("late")).toBeUndefined();
  await harness.settle();
  expect(page.last("input-ack")).toBeUndefined();
  expect(page.last("ended")).toBeUndefined();
  expect(harness.rows.get(harness.sessionId)).toBe("open");
  await startFails("SERVER_STOPPING");
});

test("who typed how much is audited at the end, never what", async () => {
  await harness.start();
  const page = harness.attach(new FakePage());
  page.type("top secret\r");
  page.type("\u001b[1;1R", "reply");
  await harness.settle();
  agent().close("");
  await harness.settle();
  const ended = harness.audit.find(({ event }) => event === "session.ended");
  expect(ended?.detail).toBe("by shell; dana typed 1 times (11 bytes)");
  expect(JSON.stringify(harness.audit)).not.toContain("secret");
});

test("attaching and detaching are audited once each", async () => {
  await harness.start();
  const page = harness.attach(new FakePage());
  page.attachment?.detach();
  page.attachment?.detach();
  expect(harness.audit.map(({ event }) => event)).toEqual(["session.started", "session.attached", "session.detached"]);
});

test("an encrypted session gets its key from KMS with the person's credentials, and works", async () => {
  harness.aws.agentOptions = { kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1" };
  await harness.start();
  const page = harness.attach(new FakePage());
  page.type("id\r");
  await harness.pass(1_000);
  expect(harness.aws.calls).toContain("generateDataKey dana arn:aws:kms:eu-west-1:111122223333:key/1");
  expect(agent().input.toString()).toBe("id\r");
  expect(page.text).toContain("$ ");
});

test("an encryption key that KMS refuses ends the session with its entry of the catalog, also in AWS", async () => {
  harness.aws.agentOptions = { kmsKeyId: "key" };
  harness.aws.failNext("generateDataKey", new CatalogError("AWS_ACCESS_DENIED"));
  await harness.start();
  await harness.pass(1_000);
  harness.expectEnded("aws", "ENCRYPTION_KEY_REFUSED");
  expect(harness.aws.calls).toContain("terminate dana");
});

test("a key that is switched off, and KMS that cannot be reached, are said as that and not as a missing permission", async () => {
  for (const code of ["ENCRYPTION_KEY_UNUSABLE", "AWS_UNREACHABLE"] as const) {
    const other = new SessionHarness();
    other.aws.agentOptions = { kmsKeyId: "key" };
    other.aws.failNext("generateDataKey", new CatalogError(code));
    await other.start();
    await other.pass(1_000);
    other.expectEnded("aws", code);
  }
});

test("while the key is being agreed on the page is told so, and the shell follows", async () => {
  harness.aws.agentOptions = { kmsKeyId: "key" };
  const release = harness.aws.holdKey();
  await harness.start();
  const page = harness.attach(new FakePage());
  await harness.pass(500);
  expect(harness.service.get(harness.sessionId)).toMatchObject({ channel: "encrypting" });
  release();
  await harness.pass(500);
  expect(page.messages.filter(({ type }) => type === "channel").at(-1)).toEqual({ type: "channel", channel: "open" });
});
