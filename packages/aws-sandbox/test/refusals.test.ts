// What never reaches an operation: bad signatures in each service's own words, web pages, bodies without end, other services.
import { connect } from "node:net";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeSessionsCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { BODY_BYTES_MAX, HEADER_BYTES_MAX } from "../src/http/listener.ts";
import { CLOCK_SKEW_MAX_MS } from "../src/http/verify-request.ts";
import type { AccessKey } from "../src/iam/credential-store.ts";
import {
  ec2Client,
  jsonCall,
  queryCall,
  type RawReply,
  send,
  sendSigned,
  sharedApiServer,
  ssmClient,
  stsClient,
} from "./api-server.ts";

const server = await sharedApiServer();

const SSM = jsonCall("DescribeSessions", { State: "Active" });
const STS = queryCall("sts", "Action=GetCallerIdentity&Version=2011-06-15");
const EC2 = queryCall("ec2", "Action=DescribeRegions&Version=2016-11-15");

/** Status and code, whatever the dialect. */
function refusal({ status, body }: RawReply): [number, string] {
  const code = body.startsWith("{") ? JSON.parse(body).__type : /<Code>(.*?)<\/Code>/.exec(body)?.[1];
  return [status, code];
}
const all = async (options: Parameters<typeof sendSigned>[2]) => ({
  ssm: refusal(await sendSigned(server, SSM, options)),
  sts: refusal(await sendSigned(server, STS, options)),
  ec2: refusal(await sendSigned(server, EC2, options)),
});

test("the three calls pass when nothing is wrong with them", async () => {
  for (const call of [SSM, STS, EC2]) expect((await sendSigned(server, call)).status).toBe(200);
});

test("a wrong secret", async () => {
  const key = { ...server.dana, secretAccessKey: "not the secret" };
  expect(await all({ key })).toEqual({
    ssm: [400, "InvalidSignatureException"],
    sts: [403, "SignatureDoesNotMatch"],
    ec2: [401, "AuthFailure"],
  });
});

test("an unknown access key", async () => {
  expect(await all({ key: { ...server.dana, accessKeyId: "AKIANOBODYNOBODY2345" } })).toEqual({
    ssm: [400, "UnrecognizedClientException"],
    sts: [403, "InvalidClientTokenId"],
    ec2: [401, "AuthFailure"],
  });
});

test("a session token that was made up", async () => {
  expect(await all({ key: { ...server.dana, sessionToken: "made up" } })).toEqual({
    ssm: [400, "UnrecognizedClientException"],
    sts: [403, "InvalidClientTokenId"],
    ec2: [401, "AuthFailure"],
  });
});

test("a clock that is behind, and one that is ahead", async () => {
  expect(await all({ signedAtMs: Date.now() - CLOCK_SKEW_MAX_MS - 10_000 })).toEqual({
    ssm: [400, "InvalidSignatureException"],
    sts: [403, "SignatureDoesNotMatch"],
    ec2: [400, "RequestExpired"],
  });
  expect(await all({ signedAtMs: Date.now() + CLOCK_SKEW_MAX_MS + 10_000 })).toEqual({
    ssm: [400, "InvalidSignatureException"],
    sts: [403, "SignatureDoesNotMatch"],
    ec2: [401, "AuthFailure"],
  });
});

test("the refusal of a skewed clock says by how much, and carries the date that SDKs correct themselves by", async () => {
  const reply = await sendSigned(server, SSM, { signedAtMs: Date.now() - 3_600_000 });
  expect(JSON.parse(reply.body).message).toMatch(
    /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/,
  );
  expect(Math.abs(Date.parse(String(reply.headers.date)) - Date.now())).toBeLessThan(5_000);
});

test("an SDK client whose clock is an hour off corrects itself and succeeds", async () => {
  const client = new SSMClient({
    endpoint: server.endpoint,
    region: "eu-west-1",
    credentials: server.dana,
    systemClockOffset: -3_600_000,
  });
  await client.send(new DescribeSessionsCommand({ State: "Active" }));
});

test("no signature, and half of one", async () => {
  expect(await all({ change: (headers) => delete headers.authorization })).toEqual({
    ssm: [400, "MissingAuthenticationTokenException"],
    sts: [403, "MissingAuthenticationToken"],
    ec2: [403, "MissingAuthenticationToken"],
  });
  const half = (headers: Record<string, string>) => {
    headers.authorization = String(headers.authorization).replace(/, Signature=.*/, "");
  };
  expect(await all({ change: half })).toEqual({
    ssm: [400, "IncompleteSignatureException"],
    sts: [400, "IncompleteSignature"],
    ec2: [400, "IncompleteSignature"],
  });
});

test("a body, target or date that was changed on the way", async () => {
  const change = (headers: Record<string, string>) => {
    headers["x-amz-target"] = "AmazonSSM.DescribeInstanceInformation";
  };
  expect(refusal(await sendSigned(server, SSM, { change }))).toEqual([400, "InvalidSignatureException"]);
  const later = (headers: Record<string, string>) => {
    headers["x-amz-date"] = String(headers["x-amz-date"]).replace(/\dZ$/, (end) => (end === "0Z" ? "1Z" : "0Z"));
  };
  expect(refusal(await sendSigned(server, STS, { change: later }))).toEqual([403, "SignatureDoesNotMatch"]);
});

test("a signature of one service is worth nothing at another, nor in a region that is not there", async () => {
  expect(refusal(await sendSigned(server, { ...SSM, service: "sts" }))).toEqual([400, "InvalidSignatureException"]);
  expect(refusal(await sendSigned(server, { ...STS, service: "ssm" }))).toEqual([403, "SignatureDoesNotMatch"]);
  expect(refusal(await sendSigned(server, { ...SSM, region: "ap-south-1" }))).toEqual([
    400,
    "InvalidSignatureException",
  ]);
});

test("no refusal repeats a key's secret, a signature or a token", async () => {
  const sessionToken = "canary-session-token";
  const change = (headers: Record<string, string>) => {
    headers["x-amz-date"] = "20200101T000000Z";
  };
  for (const call of [SSM, STS, EC2]) {
    const { body } = await sendSigned(server, call, { key: { ...server.dana, sessionToken }, change });
    expect(body).not.toContain(sessionToken);
    expect(body).not.toContain(server.dana.secretAccessKey);
    expect(body).not.toMatch(/[0-9a-f]{64}/);
  }
});

describe("the SDK's own clients name the error", () => {
  const wrong = (): AccessKey => ({ ...server.dana, secretAccessKey: "x" });
  test("SSM", async () => {
    await expect(
      ssmClient(server, wrong()).send(new DescribeSessionsCommand({ State: "Active" })),
    ).rejects.toMatchObject({
      name: "InvalidSignatureException",
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
  });
  test("STS", async () => {
    await expect(stsClient(server, wrong()).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      $metadata: { httpStatusCode: 403 },
    });
  });
  test("EC2", async () => {
    await expect(ec2Client(server, wrong()).send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: "AuthFailure",
      message: "AWS was not able to validate the provided access credentials",
      $metadata: { httpStatusCode: 401 },
    });
  });
});

describe("web pages are kept out", () => {
  const status = async (change: (headers: Record<string, string>) => void) =>
    (await sendSigned(server, SSM, { change })).status;

  test("a correctly signed request with an Origin is refused", async () => {
    for (const origin of [server.endpoint, "https://evil.example", "null"])
      expect(await status((headers) => Object.assign(headers, { origin }))).toBe(403);
  });
  test("a host name that was rebound to loopback is refused, by HTTP and by websocket", async () => {
    const host = `evil.example:${server.port}`;
    expect(await status((headers) => Object.assign(headers, { host }))).toBe(403);
    const upgrade = {
      method: "GET",
      path: "/v1/data-channel/x",
      headers: { connection: "upgrade", upgrade: "websocket", host },
    };
    expect((await send(server.port, upgrade)).status).toBe(403);
    expect(
      (await send(server.port, { ...upgrade, headers: { ...upgrade.headers, host: `localhost:${server.port}` } }))
        .status,
    ).toBe(404);
  });
  test("a preflight gets no permission", async () => {
    const reply = await send(server.port, {
      method: "OPTIONS",
      headers: {
        host: `127.0.0.1:${server.port}`,
        origin: "https://evil.example",
        "access-control-request-method": "POST",
      },
    });
    expect(reply.status).toBe(403);
    expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("bounds", () => {
  const host = () => `127.0.0.1:${server.port}`;

  test("a body of 1 MiB is read, one byte more is refused, announced or not", async () => {
    const body = (bytes: number) => `{"State":"Active","x":"${"x".repeat(bytes - 25)}"}`;
    expect((await sendSigned(server, { ...SSM, body: body(BODY_BYTES_MAX) })).status).toBe(200);
    expect((await sendSigned(server, { ...SSM, body: body(BODY_BYTES_MAX + 1) })).status).toBe(413);
    const chunked = await send(server.port, {
      headers: { host: host(), "transfer-encoding": "chunked" },
      body: "x".repeat(BODY_BYTES_MAX + 1),
    });
    expect(chunked.status).toBe(413);
  });

  test("headers beyond 32 KiB are refused", async () => {
    const reply = await send(server.port, { headers: { host: host(), "x-long": "x".repeat(HEADER_BYTES_MAX) } });
    expect(reply.status).toBe(431);
  });

  test("a connection that is cut in the middle of a body harms nobody", async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(`POST / HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 100\r\n\r\n{`, () => socket.destroy());
      });
      socket.on("close", () => resolve());
      socket.on("error", reject);
    });
    expect((await sendSigned(server, SSM)).status).toBe(200);
  });
});

describe("what is not emulated", () => {
  const headers = () => ({ host: `127.0.0.1:${server.port}` });

  test("a JSON service that is not here, and a plain request, are unknown operations", async () => {
    const kms = await send(server.port, { headers: { ...headers(), "x-amz-target": "TrentService.ListKeys" } });
    expect(refusal(kms)).toEqual([400, "UnknownOperationException"]);
    const plain = await send(server.port, { method: "GET", path: "/v1/apis", headers: headers() });
    expect(refusal(plain)).toEqual([404, "UnknownOperationException"]);
  });
  test("names of Object.prototype are no operations", async () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"])
      expect(refusal(await sendSigned(server, jsonCall(name)))).toEqual([400, "UnknownOperationException"]);
    expect(refusal(await sendSigned(server, queryCall("sts", "Action=toString&Version=2011-06-15")))).toEqual([
      400,
      "InvalidAction",
    ]);
  });
  test("a query call of a service or version that is not here is an invalid action", async () => {
    for (const call of ["Action=ListUsers&Version=2010-05-08", "Action=GetCallerIdentity&Version=1999-01-01", ""])
      expect(refusal(await sendSigned(server, queryCall("sts", call)))).toEqual([400, "InvalidAction"]);
  });
});

test("nothing of all this was an internal error", () => {
  expect(server.bugs).toEqual([]);
});
