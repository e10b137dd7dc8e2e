import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsEndpoint, awsError, ec2Error, testIdentity } from "../../aws/testing/aws-endpoint.ts";
import { AwsSessionCalls, SESSION_PAGES_MAX } from "./aws-session-calls.ts";

const ADDRESS = { region: "eu-west-1", awsSessionId: "dana-0123456789abcdef0" };
const TARGET = { region: "eu-west-1", instanceId: "i-0123456789abcdef0", documentName: "SSM-SessionManagerRunShell" };
const STARTED = { SessionId: ADDRESS.awsSessionId, StreamUrl: "wss://example.com/x", TokenValue: "token" };

let aws: AwsEndpoint;
let calls: AwsSessionCalls;
const dana = testIdentity();
beforeEach(async () => {
  aws = await AwsEndpoint.start();
  calls = new AwsSessionCalls(aws.factory);
});
afterEach(() => aws.close());

test("StartSession names target and document, and no reason", async () => {
  aws.operations.StartSession = () => ({ body: STARTED });
  expect(await calls.start(dana, TARGET)).toEqual({
    awsSessionId: ADDRESS.awsSessionId,
    streamUrl: "wss://example.com/x",
    token: "token",
  });
  await calls.start(dana, { ...TARGET, documentName: undefined });
  expect(aws.calls.map(({ input }) => input)).toEqual([
    { Target: TARGET.instanceId, DocumentName: "SSM-SessionManagerRunShell" },
    { Target: TARGET.instanceId },
  ]);
});

test("StartSession is made once, also when AWS answers with a server error", async () => {
  aws.operations.StartSession = () => awsError("InternalServerError", "no", 500);
  await expect(calls.start(dana, TARGET)).rejects.toMatchObject({ code: "AWS_FAILED" });
  expect(aws.calls.length).toBe(1);
});

test("a clock that is wrong is corrected by AWS's own, and the start goes through at the second try", async () => {
  const tenMinutesAhead = new Date(Date.now() + 600_000).toUTCString();
  const skewed = awsError("InvalidSignatureException", "Signature expired: 1 is now earlier than 2");
  const refusal = { ...skewed, headers: { ...skewed.headers, date: tenMinutesAhead } };
  aws.operations.StartSession = () => (aws.calls.length === 1 ? refusal : { body: STARTED });
  await calls.start(dana, TARGET);
  const [first, second] = aws.calls.map(({ signedAtMs }) => signedAtMs);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(500_000);
});

test("a clock that stays wrong for AWS is said to be wrong", async () => {
  aws.operations.StartSession = () =>
    awsError("InvalidSignatureException", "Signature expired: 1 is now earlier than 2");
  await expect(calls.start(dana, TARGET)).rejects.toMatchObject({ code: "CLOCK_SKEWED" });
  expect(aws.calls.length).toBe(2);
});

test("other calls are repeated a bounded number of times", async () => {
  aws.operations.TerminateSession = () => awsError("InternalServerError", "no", 500);
  await expect(calls.terminate(dana, ADDRESS)).rejects.toMatchObject({ code: "AWS_FAILED" });
  expect(aws.calls.length).toBeGreaterThan(1);
  expect(aws.calls.length).toBeLessThanOrEqual(4);
});

test.each([
  ["TargetNotConnected", "INSTANCE_NOT_CONNECTED"],
  ["InvalidDocument", "SESSION_DOCUMENT_MISSING"],
  ["AccessDeniedException", "AWS_ACCESS_DENIED"],
  ["ExpiredTokenException", "CREDENTIALS_EXPIRED"],
])("StartSession refused with %s becomes %s, with AWS's own words behind it", async (awsCode, code) => {
  aws.operations.StartSession = () => awsError(awsCode, "in AWS's words");
  await expect(calls.start(dana, TARGET)).rejects.toMatchObject({
    code,
    aws: {
      service: "ssm",
      operation: "StartSession",
      code: awsCode,
      message: "in AWS's words",
      requestId: "req-aws-1",
    },
  });
});

test("a StartSession answer without an address or a token is a failure of AWS", async () => {
  aws.operations.StartSession = () => ({ body: { SessionId: "x" } });
  await expect(calls.start(dana, TARGET)).rejects.toMatchObject({ code: "AWS_FAILED" });
});

test("ResumeSession gives a token and, when AWS names one, an address", async () => {
  aws.operations.ResumeSession = () => ({ body: STARTED });
  expect(await calls.resume(dana, ADDRESS)).toEqual({
    kind: "token",
    token: "token",
    streamUrl: "wss://example.com/x",
  });
  aws.operations.ResumeSession = () => ({ body: { SessionId: ADDRESS.awsSessionId, TokenValue: "token" } });
  expect(await calls.resume(dana, ADDRESS)).toEqual({ kind: "token", token: "token", streamUrl: undefined });
});

test("no token, a null token and DoesNotExistException all mean that the session is gone", async () => {
  for (const answer of [{ body: {} }, { body: { TokenValue: null } }, awsError("DoesNotExistException")]) {
    aws.operations.ResumeSession = () => answer;
    expect(await calls.resume(dana, ADDRESS)).toEqual({ kind: "gone" });
  }
});

test("ending a session that is gone is no error", async () => {
  aws.operations.TerminateSession = () => awsError("DoesNotExistException");
  await calls.terminate(dana, ADDRESS);
});

test("a data key of 64 bytes is asked for with the session's encryption context", async () => {
  const plaintext = Buffer.alloc(64, 7).toString("base64");
  aws.operations.GenerateDataKey = () => ({ body: { Plaintext: plaintext, CiphertextBlob: "c2VhbGVk", KeyId: "k" } });
  const context = { "aws:ssm:SessionId": "s", "aws:ssm:TargetId": "t" };
  const key = await calls.generateDataKey(dana, "eu-west-1", "key-1", context);
  expect(Buffer.from(key.plaintext).equals(Buffer.alloc(64, 7))).toBe(true);
  expect(aws.calls[0]?.input).toEqual({ KeyId: "key-1", NumberOfBytes: 64, EncryptionContext: context });
});

test("a key of another length is refused", async () => {
  aws.operations.GenerateDataKey = () => ({ body: { Plaintext: "AAAA", CiphertextBlob: "c2VhbGVk" } });
  await expect(calls.generateDataKey(dana, "eu-west-1", "k", {})).rejects.toMatchObject({ code: "AWS_FAILED" });
});

test("a machine's name and state come from EC2, a hybrid node's name from SSM, and nothing when not allowed", async () => {
  aws.operations.DescribeInstances = () => ({
    body: `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet>
<item><instanceId>i-1</instanceId><instanceState><name>stopped</name></instanceState>
<tagSet><item><key>Name</key><value>web&#27;-1</value></item></tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
  });
  expect(await calls.describeInstance(dana, "eu-west-1", "i-0123456789abcdef0")).toEqual({
    name: "web-1",
    ec2State: "stopped",
  });
  aws.operations.DescribeInstanceInformation = () => ({
    body: { InstanceInformationList: [{ InstanceId: "mi-1", ComputerName: "till7" }] },
  });
  expect(await calls.describeInstance(dana, "eu-west-1", "mi-0123456789abcdef0")).toEqual({ name: "till7" });
  aws.operations.DescribeInstances = () => ec2Error("UnauthorizedOperation");
  expect(await calls.describeInstance(dana, "eu-west-1", "i-0123456789abcdef0")).toEqual({});
});

test("ResumeSession is made once, for the keeper decides when to try again; only a wrong clock is corrected", async () => {
  aws.operations.ResumeSession = () => awsError("InternalServerError", "no", 500);
  await expect(calls.resume(dana, ADDRESS)).rejects.toMatchObject({ code: "AWS_FAILED" });
  expect(aws.calls.length).toBe(1);
  const skewed = awsError("InvalidSignatureException", "Signature expired: 1 is now earlier than 2");
  const ahead = new Date(Date.now() + 600_000).toUTCString();
  aws.operations.ResumeSession = () =>
    aws.calls.length === 2 ? { ...skewed, headers: { ...skewed.headers, date: ahead } } : { body: STARTED };
  expect(await calls.resume(dana, ADDRESS)).toMatchObject({ kind: "token" });
});

test("active sessions are those of this identity, all pages of them, newest first as AWS says", async () => {
  const pages: Record<string, unknown>[] = [
    { Sessions: [{ SessionId: "dana-1", Target: "i-1", Status: "Connected", StartDate: 1.5 }], NextToken: "more" },
    { Sessions: [{ SessionId: "dana-0", Target: "i-2", Status: "Disconnected", DocumentName: "doc" }] },
  ];
  aws.operations.DescribeSessions = () => ({ body: pages.shift() });
  expect(await calls.listActive(dana, "eu-west-1")).toEqual({
    sessions: [
      { awsSessionId: "dana-1", instanceId: "i-1", documentName: undefined, status: "Connected", startedAtMs: 1_500 },
      {
        awsSessionId: "dana-0",
        instanceId: "i-2",
        documentName: "doc",
        status: "Disconnected",
        startedAtMs: undefined,
      },
    ],
    truncated: false,
  });
  const owner = { key: "Owner", value: dana.arn };
  expect(aws.calls.map(({ input }) => input)).toEqual([
    { State: "Active", MaxResults: 200, Filters: [owner] },
    { State: "Active", MaxResults: 200, Filters: [owner], NextToken: "more" },
  ]);
});

test("one session is asked for by its id, and a list without end is cut and said to be", async () => {
  aws.operations.DescribeSessions = () => ({ body: { Sessions: [], NextToken: "again" } });
  expect(await calls.listActive(dana, "eu-west-1", "dana-1")).toEqual({ sessions: [], truncated: true });
  expect(aws.calls.length).toBe(SESSION_PAGES_MAX);
  expect(aws.calls[0]?.input.Filters).toContainEqual({ key: "SessionId", value: "dana-1" });
});

test.each([
  ["Online", "stopped", undefined],
  ["ConnectionLost", "stopped", "INSTANCE_STOPPED"],
  ["ConnectionLost", "running", "INSTANCE_NOT_CONNECTED"],
  ["Inactive", undefined, "INSTANCE_NOT_CONNECTED"],
] as const)("an instance that SSM calls %s and EC2 %s: %s", async (PingStatus, state, problem) => {
  aws.operations.DescribeInstanceInformation = () => ({ body: { InstanceInformationList: [{ PingStatus }] } });
  aws.operations.DescribeInstances = () =>
    state === undefined ? ec2Error("UnauthorizedOperation") : { body: machineIn(state) };
  expect(await calls.instanceProblem(dana, "eu-west-1", TARGET.instanceId)).toBe(problem);
  expect(aws.calls[0]?.input.Filters).toEqual([{ Key: "InstanceIds", Values: [TARGET.instanceId] }]);
});

test("an instance that SSM does not list any more is not connected; when SSM may not be asked, nothing is known", async () => {
  aws.operations.DescribeInstances = () => ({ body: machineIn("running") });
  aws.operations.DescribeInstanceInformation = () => ({ body: { InstanceInformationList: [] } });
  expect(await calls.instanceProblem(dana, "eu-west-1", TARGET.instanceId)).toBe("INSTANCE_NOT_CONNECTED");
  aws.operations.DescribeInstanceInformation = () => awsError("AccessDeniedException");
  expect(await calls.instanceProblem(dana, "eu-west-1", TARGET.instanceId)).toBeUndefined();
});

test("an agent that was lost is told with when it was heard last, one that is not listed as never registered", async () => {
  const said = async (body: object) => {
    aws.operations.DescribeInstanceInformation = () => ({ body });
    return calls.registration(dana, "eu-west-1", TARGET.instanceId);
  };
  const heard = { PingStatus: "ConnectionLost", LastPingDateTime: 1_700_000_000 };
  expect(await said({ InstanceInformationList: [heard] })).toEqual({ kind: "lost", lastPingAtMs: 1_700_000_000_000 });
  expect(await said({ InstanceInformationList: [] })).toEqual({ kind: "never" });
  expect(await said({ InstanceInformationList: [{ PingStatus: "Online" }] })).toEqual({ kind: "online" });
  aws.operations.DescribeInstanceInformation = () => awsError("AccessDeniedException");
  expect(await calls.registration(dana, "eu-west-1", TARGET.instanceId)).toEqual({ kind: "unknown" });
});

function machineIn(state: string): string {
  return `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet>
<item><instanceId>i-1</instanceId><instanceState><name>${state}</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`;
}
