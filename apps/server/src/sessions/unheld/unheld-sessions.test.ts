import { beforeEach, expect, test } from "vitest";
import { CatalogError } from "../../platform/catalog-error.ts";
import { FakeIdentity, ORIGIN, REGION, SessionHarness, TARGET } from "../testing/session-harness.ts";

let harness: SessionHarness;
beforeEach(() => {
  harness = new SessionHarness();
});
const list = (identity = harness.dana) => harness.service.unheld.list(identity, REGION);
const end = (awsSessionId: string, identity = harness.dana) =>
  harness.service.unheld.end(identity, REGION, awsSessionId, ORIGIN);
const startElsewhere = async (name: string) =>
  (await harness.aws.start(new FakeIdentity(name), { region: REGION, instanceId: TARGET, documentName: undefined }))
    .awsSessionId;
const terminated = () => harness.aws.calls.filter((call) => call.startsWith("terminate"));

test("sessions that a keeper holds are not listed; those that Causeway started stand apart from others", async () => {
  await harness.start();
  const left = await startElsewhere("dana");
  harness.startedEarlier.push(left);
  const foreign = await startElsewhere("dana");
  const { startedHere, others, truncated } = await list();
  expect(startedHere).toMatchObject([{ awsSessionId: left, instanceId: TARGET, status: "Connected" }]);
  expect(others.map(({ awsSessionId }) => awsSessionId)).toEqual([foreign]);
  expect(truncated).toBe(false);
});

test("other people's sessions are neither listed nor found, whatever a policy would allow", async () => {
  const kofis = await startElsewhere("kofi");
  expect((await list()).others).toEqual([]);
  await expect(end(kofis)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  expect(terminated()).toEqual([]);
});

test("one is ended on the person's word, with her credentials, and that is audited", async () => {
  const left = await startElsewhere("dana");
  await end(left);
  expect(terminated()).toEqual(["terminate dana"]);
  expect((await list()).others).toEqual([]);
  expect(harness.audit).toMatchObject([
    { event: "session.unheld_ended", name: "dana", region: REGION, instanceId: TARGET, detail: left, ip: ORIGIN.ip },
  ]);
});

test("a session that a keeper holds, also another person's, is not ended this way", async () => {
  await harness.start();
  await expect(end(harness.aws.last.id)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  expect(terminated()).toEqual([]);
});

test("a session that is just being started is held", async () => {
  const started = harness.service.start(harness.dana, { region: REGION, target: TARGET, cols: 80, rows: 24 }, ORIGIN);
  while (harness.aws.sessions.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await Promise.resolve();
  expect((await list()).others).toEqual([]);
  await started;
  expect((await list()).others).toEqual([]);
});

test("a session that failed to open is held no more", async () => {
  harness.dialer.refusals.push({ reason: "ECONNREFUSED" });
  harness.aws.failNext("terminate", new CatalogError("AWS_UNREACHABLE"));
  const started = harness.service.start(harness.dana, { region: REGION, target: TARGET, cols: 80, rows: 24 }, ORIGIN);
  await expect(started).rejects.toMatchObject({ code: "CHANNEL_OPEN_FAILED" });
  expect((await list()).others).toHaveLength(1);
});

test("what AWS refuses is said, and nothing is audited as done", async () => {
  const left = await startElsewhere("dana");
  harness.aws.failNext("listActive", new CatalogError("AWS_ACCESS_DENIED"));
  await expect(list()).rejects.toMatchObject({ code: "AWS_ACCESS_DENIED" });
  harness.aws.failNext("terminate", new CatalogError("AWS_ACCESS_DENIED"));
  await expect(end(left)).rejects.toMatchObject({ code: "AWS_ACCESS_DENIED" });
  expect(harness.audit).toEqual([]);
});

test("an unproven person, who may have chosen her name, sees and ends only what Causeway knows as her own login's", async () => {
  const eve = new FakeIdentity("eve");
  eve.proven = false;
  const hers = await startElsewhere("eve");
  const somebodys = await startElsewhere("eve"); // of whoever chose the same name
  harness.startedEarlier.push(hers);
  harness.startedEarlierBy = eve.ownerKey;
  const { startedHere, others } = await list(eve);
  expect([startedHere.map(({ awsSessionId }) => awsSessionId), others]).toEqual([[hers], []]);
  await expect(end(somebodys, eve)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  harness.startedEarlierBy = "the same name at another login";
  expect((await list(eve)).startedHere).toEqual([]);
  await expect(end(hers, eve)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  expect(terminated()).toEqual([]);
});
