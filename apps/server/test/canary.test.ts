/**
 * Secrets that could leak are given recognisable values, every kind of failure is provoked through the real AWS SDK, and
 * then nothing that left the process or was written to disk may hold one: logs, answers, metrics, files.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { awsDomains } from "../src/aws-domains.ts";
import { systemClock } from "../src/platform/clock.ts";
import { HOST, ORIGIN, startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const CANARIES = {
  accessKeyId: "AKIACANARYCANARY1234",
  secretAccessKey: "c4n4ryS3cr3tK3yc4n4ryS3cr3tK3yc4n4ryS3c1",
  sessionToken: `c4n4ryS3ss10nT0ken${"Xy9+".repeat(60)}==`,
  streamToken: `c4n4ryStr34mT0ken${"Ab7/".repeat(60)}==`,
  streamQuery: "c4n4ryStr34mQu3ry",
  wrongSecret: "c4n4ryWr0ngS3cr3t",
};

/** What the fake AWS does next, by operation; anything not named succeeds or fails plainly. */
const answers: Record<string, (response: ServerResponse) => void> = {};
let aws: Server;
let server: TestServer;
const replies: string[] = [];

const SIGNATURE_ERROR = (response: ServerResponse): void => {
  response.writeHead(403, { "content-type": "text/xml", "x-amzn-requestid": "aws-request" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.

The Canonical String for this request should have been
'POST
x-amz-security-token:${CANARIES.sessionToken}
${CANARIES.secretAccessKey}'</Message></Error></ErrorResponse>`,
  );
};
const IDENTITY = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/xml" });
  response.end(
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/dana</Arn><UserId>AIDADANA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
};
const jsonError = (type: string, message: string) => (response: ServerResponse) => {
  response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ __type: type, message }));
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
  const operation = target ?? /Action=(\w+)/.exec(body)?.[1] ?? "";
  const reply = answers[operation];
  if (reply) reply(response);
  else jsonError("AccessDeniedException", `not authorized; token ${CANARIES.sessionToken}`)(response);
}

beforeAll(async () => {
  aws = createServer((request, response) => void answer(request, response));
  // The "data channel" refuses the upgrade and repeats what it was sent.
  aws.on("upgrade", (request, socket) => socket.end(`HTTP/1.1 403 Forbidden\r\n\r\n${request.url}`));
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  const { port } = aws.address() as AddressInfo;
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  answers.StartSession = (response) => {
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(
      JSON.stringify({
        SessionId: "dana-0123456789abcdef0",
        TokenValue: CANARIES.streamToken,
        StreamUrl: `ws://127.0.0.1:${port}/v1/data-channel/dana-0123456789abcdef0?q=${CANARIES.streamQuery}`,
      }),
    );
  };
  server = await startTestServer({
    env: { ...env, CAUSEWAY_REGIONS: "eu-west-1" },
    aws: (config, deps) =>
      awsDomains(config, env, {
        ...deps,
        clock: systemClock,
        wallClock: systemClock,
        bootId: "boot 1",
        database: deps.store.database,
        masterKey: randomBytes(32),
      }),
  });
});
afterAll(async () => {
  await server.close();
  aws.closeAllConnections();
  await new Promise((resolve) => aws.close(resolve));
});

async function keep<T extends { body: string; headers: object }>(reply: Promise<T>): Promise<T> {
  const got = await reply;
  replies.push(got.body, JSON.stringify({ ...got.headers, "set-cookie": undefined }));
  return got;
}

const { accessKeyId, secretAccessKey, sessionToken } = CANARIES;

test("no secret gets out, whatever fails", async () => {
  const browser = new TestBrowser(server);
  const signIn = (keys: object) => keep(browser.send("POST", "/api/v1/sign-in/access-keys", keys));
  const keys = { accessKeyId, secretAccessKey, sessionToken };

  answers.GetCallerIdentity = SIGNATURE_ERROR;
  expect((await signIn(keys)).json().code).toBe("ACCESS_KEYS_REFUSED");
  expect((await signIn({ ...keys, secretAccessKey: CANARIES.wrongSecret })).statusCode).toBe(401);
  expect((await signIn({ ...keys, unknownField: secretAccessKey })).statusCode).toBe(400);
  expect((await signIn({ ...keys, sessionToken: [sessionToken] })).statusCode).toBe(400);
  const notJson = `{"accessKeyId":"${accessKeyId}","secretAccessKey":"${secretAccessKey}",}`;
  const headers = { host: HOST, origin: ORIGIN, "content-type": "application/json" };
  const url = "/api/v1/sign-in/access-keys";
  expect((await keep(server.app.inject({ method: "POST", url, headers, payload: notJson }))).statusCode).toBe(400);
  await keep(browser.send("POST", "/api/v1/sign-in/launch", { secret: `${secretAccessKey}guess` }));

  answers.GetCallerIdentity = IDENTITY;
  expect((await signIn(keys)).json().identities[0].person.name).toBe("dana");
  const cookie = browser.cookie?.split("=")[1] ?? "";
  await keep(browser.send("POST", "/api/v1/sign-in/launch", { secret: server.launchSecrets[0] }));
  const launchSecret = server.launchSecrets[0] ?? "";

  await keep(browser.get("/api/v1/instances?region=eu-west-1"));
  await keep(browser.get(`/api/v1/instances?region=${encodeURIComponent(secretAccessKey)}`));
  await keep(browser.get(`/api/v1/sessions/${encodeURIComponent(secretAccessKey)}`));
  const start = { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 };
  const started = await keep(browser.send("POST", "/api/v1/sessions", start));
  expect(started.json().code).toBe("CHANNEL_OPEN_FAILED");
  for (const type of ["ExpiredTokenException", "ThrottlingException", "InternalServerError", "NeverHeardOf"]) {
    answers.StartSession = jsonError(type, `failed for ${sessionToken} with ${secretAccessKey}`);
    expect((await keep(browser.send("POST", "/api/v1/sessions", start))).statusCode).toBeGreaterThanOrEqual(400);
  }
  answers.StartSession = (response) => response.writeHead(502).end(`<html>${secretAccessKey}</html>`);
  await keep(browser.send("POST", "/api/v1/sessions", start));
  answers.StartSession = (response) => void response.destroy();
  await keep(browser.send("POST", "/api/v1/sessions", start));
  server.deps.log.error({ err: new Error(`thrown with ${secretAccessKey}`), request: { headers: { cookie } } }, "boom");
  await keep(browser.get("/api/v1/me"));
  await keep(browser.get("/api/v1/openapi.json"));
  await keep(browser.get("/metrics"));
  await keep(browser.get("/readyz"));
  await keep(browser.send("POST", "/api/v1/sign-out"));

  const canaries = Object.entries({ ...CANARIES, cookie, launchSecret });
  const places: Record<string, string> = { log: server.logLines.join(""), answers: replies.join("\n") };
  for (const file of readdirSync(server.dataDir, { recursive: true, encoding: "utf8" }))
    if (statSync(join(server.dataDir, file)).isFile())
      places[`file ${file}`] = readFileSync(join(server.dataDir, file), "latin1");
  expect(server.logLines.length).toBeGreaterThan(15);
  expect(Object.keys(places)).toContain("file causeway.db-wal");
  for (const [place, text] of Object.entries(places))
    for (const [name, canary] of canaries) {
      expect(canary.length).toBeGreaterThan(10);
      for (const form of [canary, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1)])
        expect([place, name, text.includes(form)]).toEqual([place, name, false]);
    }
}, 60_000);
