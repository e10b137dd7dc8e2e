/** For tests: an endpoint that answers as AWS does, by operation, so that the real SDK is part of what is tested. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsIdentity } from "../../identity/index.ts";
import { type AwsClientFactory, createAwsClientFactory } from "../aws-clients.ts";
import { OutboundAgents } from "../outbound-agents.ts";

export interface AwsAnswer {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** @param input JSON members, or the form fields of the query protocol */
export type AwsOperation = (input: Record<string, unknown>) => AwsAnswer;

export class AwsEndpoint {
  /** By operation name; an unknown one is answered as AWS does. */
  readonly operations: Record<string, AwsOperation> = {};
  readonly calls: { operation: string; input: Record<string, unknown>; accessKeyId: string; signedAtMs: number }[] = [];
  readonly #server: Server;
  readonly #agents = new OutboundAgents();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<AwsEndpoint> {
    const server = createServer();
    const endpoint = new AwsEndpoint(server);
    server.on("request", async (request, response) => {
      const answer = endpoint.#answer(request, await readBody(request));
      const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status ?? 200, { "x-amzn-requestid": "req-aws-1", ...answer.headers }).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return endpoint;
  }

  get factory(): AwsClientFactory {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return createAwsClientFactory({
      agents: this.#agents,
      version: "test",
      endpoints: { ssm: url, ec2: url, kms: url, sts: url, sso: url, "sso-oidc": url },
    });
  }

  async close(): Promise<void> {
    this.#agents.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, body: string): AwsAnswer {
    const path = request.url?.split("?")[0] ?? "";
    const unsigned = UNSIGNED_OPERATIONS.get(path);
    const target = unsigned === undefined ? request.headers["x-amz-target"] : `sso.${unsigned}`;
    const form = new URLSearchParams(body);
    const operation = typeof target === "string" ? (target.split(".")[1] ?? "") : (form.get("Action") ?? "");
    const input = typeof target === "string" ? JSON.parse(body || "{}") : Object.fromEntries(form);
    const accessKeyId = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(String(request.headers["x-amz-date"])) ?? [];
    const signedAtMs = Date.parse(
      `${date?.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time?.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`,
    );
    this.calls.push({ operation, input, accessKeyId, signedAtMs });
    return this.operations[operation]?.(input) ?? awsError("UnknownOperationException");
  }
}

/** Operations of Identity Center have an address each. Source: SSO OIDC and SSO Portal API References. */
const UNSIGNED_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["/client/register", "RegisterClient"],
  ["/device_authorization", "StartDeviceAuthorization"],
  ["/token", "CreateToken"],
  ["/assignment/accounts", "ListAccounts"],
  ["/assignment/roles", "ListAccountRoles"],
  ["/federation/credentials", "GetRoleCredentials"],
  ["/logout", "Logout"],
]);

/** An error of Identity Center's protocol. */
export function ssoError(code: string, status = 400): AwsAnswer {
  return { status, body: { message: "no" }, headers: { "x-amzn-errortype": code, "content-type": "application/json" } };
}

/** An error of the JSON protocol (SSM, KMS). */
export function awsError(code: string, message = "no", status = 400): AwsAnswer {
  return { status, body: { __type: code, message }, headers: { "content-type": "application/x-amz-json-1.1" } };
}

/** An error of EC2's protocol. */
export function ec2Error(code: string, status = 403): AwsAnswer {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`;
  return { status, body, headers: { "content-type": "text/xml" } };
}

export function testIdentity(credentials: AwsIdentity["credentials"] = async () => KEYS): AwsIdentity {
  return {
    loginId: "login-1",
    identityId: "identity-1",
    method: "access-keys",
    ownerKey: "111122223333/AIDADANA",
    account: "111122223333",
    userId: "AIDADANA",
    arn: "arn:aws:iam::111122223333:user/dana",
    name: "dana",
    role: "IAM user",
    proven: true,
    credentials,
  };
}

const KEYS = { accessKeyId: "AKIADANA00000000", secretAccessKey: "secret" };

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
