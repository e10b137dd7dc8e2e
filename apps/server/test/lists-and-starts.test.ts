/** Lists that have used up all their calls, and somebody who opens a shell meanwhile: through the real AWS SDK. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { awsDomains } from "../src/aws-domains.ts";
import { CALLS_BURST_MAX } from "../src/sessions/calls/call-bucket.ts";
import { startTestServer, TestBrowser, type TestServer } from "../src/test-support/test-server.ts";

const WITHIN = { timeout: 30_000 };
let aws: Server;
let server: TestServer;
let dana: TestBrowser;
/** How often each operation was asked for. */
let asked: Map<string, number>;
const count = (operation: string) => asked.get(operation) ?? 0;

/** A region without an end: each page says that there is another one. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? /Action=(\w+)/.exec(body)?.[1] ?? "";
  asked.set(operation, count(operation) + 1);
  const json = (status: number, value: object) =>
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(value));
  if (operation === "GetCallerIdentity")
    response
      .writeHead(200, { "content-type": "text/xml" })
      .end(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/dana</Arn><UserId>AIDADANA</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
  else if (operation === "DescribeInstances")
    response
      .writeHead(200, { "content-type": "text/xml" })
      .end("<DescribeInstancesResponse><reservationSet/><nextToken>more</nextToken></DescribeInstancesResponse>");
  else if (operation === "DescribeInstanceInformation") json(200, { InstanceInformationList: [], NextToken: "more" });
  else if (operation === "GetDocument") json(200, { Content: '{"sessionType":"Port"}' });
  else json(400, { __type: "AccessDeniedException", message: "not authorized" });
}

beforeAll(async () => {
  asked = new Map();
  aws = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  const { port } = aws.address() as AddressInfo;
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  server = await startTestServer({
    env: { ...env, CAUSEWAY_REGIONS: "eu-west-1" },
    aws: (config, deps) =>
      awsDomains(config, env, {
        ...deps, // its clock stands still: what is used up is not given again
        wallClock: deps.clock,
        bootId: "boot 1",
        database: deps.store.database,
        masterKey: randomBytes(32),
      }),
  });
  dana = new TestBrowser(server);
  await dana.signIn();
});
afterAll(async () => {
  await server.close();
  aws.closeAllConnections();
  await new Promise((resolve) => aws.close(resolve));
});

test("a list that has used up its calls waits, and holds up no start, nor the look at the document of one", async () => {
  const list = dana.get("/api/v1/instances?region=eu-west-1");
  await vi.waitFor(() => {
    const lists = ["DescribeInstances", "DescribeInstanceInformation"].map(count);
    expect(lists).toEqual([CALLS_BURST_MAX, CALLS_BURST_MAX]);
  }, WITHIN);
  const start = { region: "eu-west-1", target: "i-0123456789abcdef0", cols: 80, rows: 24 };
  expect((await dana.send("POST", "/api/v1/sessions", start)).json().code).toBe("AWS_ACCESS_DENIED");
  expect(count("StartSession")).toBe(1);
  const tunnel = await dana.send("POST", "/api/v1/sessions", { ...start, documentName: "Tunnel" });
  expect(tunnel.json().code).toBe("SESSION_DOCUMENT_NOT_A_SHELL");
  expect(count("DescribeInstanceInformation")).toBe(CALLS_BURST_MAX);
  server.clock.advance(1_000);
  await vi.waitFor(() => expect(count("DescribeInstanceInformation")).toBeGreaterThan(CALLS_BURST_MAX), WITHIN);
  await dana.send("POST", "/api/v1/sign-out");
  await list;
}, 60_000);
