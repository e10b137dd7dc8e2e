// The emulated services behind a real socket, with a fake gateway in place of machines and channels; and raw requests to it, for
// what an SDK would never send.
import { randomBytes, randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { afterAll, expect } from "vitest";
import { MessagePolls } from "../src/ec2-messages/ec2-messages-operations.ts";
import { Faults } from "../src/faults/faults.ts";
import { answerChannelRequest, channelPathOf } from "../src/http/agent-channels.ts";
import { answerApiRequest } from "../src/http/api.ts";
import { InjectedFaults } from "../src/http/injected-faults.ts";
import { listen } from "../src/http/listener.ts";
import { type RequestToSign, signRequest } from "../src/http/sign-request.ts";
import { type AccessKey, CredentialStore } from "../src/iam/credential-store.ts";
import { MfaDevices } from "../src/iam/mfa-devices.ts";
import { nodePrincipal } from "../src/iam/node-roles.ts";
import { DEFAULT_PEOPLE, personPrincipal } from "../src/iam/people.ts";
import type { PolicyDocument } from "../src/iam/policy.ts";
import { DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { DEFAULT_ACCOUNT, DEFAULT_REGIONS, type FleetInstance } from "../src/instances/fleet.ts";
import { InstanceRegistry } from "../src/instances/instance-registry.ts";
import { Activations } from "../src/registration/activations.ts";
import { ManagedNodes } from "../src/registration/managed-nodes.ts";
import { NO_NODE_FILE } from "../src/registration/node-file.ts";
import { buildServices } from "../src/services.ts";
import { DeviceGrants } from "../src/sso/device-grants.ts";
import type { OidcProvider } from "../src/sts/web-identity.ts";
import { FakeGateway } from "./fake-gateway.ts";

export interface RawReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export type ApiServer = Awaited<ReturnType<typeof startApiServer>>;

export async function startApiServer(fleet: readonly FleetInstance[] = DEFAULT_FLEET, oidcProvider?: OidcProvider) {
  const gateway = new FakeGateway();
  const credentials = new CredentialStore(randomBytes);
  const registry = new InstanceRegistry(fleet, Date.now());
  const bugs: unknown[] = [];
  const powered: string[] = [];
  const disconnected: string[] = [];
  const faults = new Faults();
  const injected = new InjectedFaults(faults, (sessionId) => gateway.getSession(sessionId)?.target);
  const auth = {
    regions: DEFAULT_REGIONS,
    findCredential: (id: string) => credentials.find(id),
    onBug: (failure: unknown) => bugs.push(failure),
    nowMs: Date.now,
  };
  const grants = new DeviceGrants(randomBytes);
  const mfaDevices = new MfaDevices(randomBytes);
  const polls = new MessagePolls();
  const activations = new Activations(randomBytes);
  const nodes = new ManagedNodes(
    { registry, credentials, file: NO_NODE_FILE, randomBytes, disconnect: (id) => disconnected.push(id) },
    [],
    Date.now(),
  );
  const api = buildServices({
    ...auth,
    activations,
    nodes,
    polls,
    grants,
    mfaDevices,
    power: (id, action) => powered.push(`${action} ${id}`),
    credentials,
    registry,
    sessions: gateway,
    faults: injected,
    oidcProvider,
    randomBytes,
    startedAtMs: Date.now(),
  });
  const listener = await listen(
    { host: "127.0.0.1", port: 0 },
    {
      onRequest: async (request) => {
        const channel = channelPathOf(request.method, request.target);
        const requestId = randomUUID();
        return channel
          ? answerChannelRequest({ ...auth, tokens: gateway, faults: injected }, channel, request, requestId)
          : answerApiRequest(api, { ...request, requestId, nowMs: Date.now() });
      },
      onUpgrade: () => false,
      onBug: auth.onBug,
    },
  );
  const endpoint = `http://127.0.0.1:${listener.port}`;
  const person = (id: string): AccessKey => {
    const found = DEFAULT_PEOPLE.find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`nobody is called ${id}`);
    return credentials.createKey(personPrincipal(found, DEFAULT_ACCOUNT));
  };
  return {
    endpoint,
    port: listener.port,
    gateway,
    registry,
    faults,
    grants,
    mfaDevices,
    bugs,
    activations,
    /** Machines whose channels the gateway was told to end. */
    disconnected,
    /** What EC2 was asked to do to machines. */
    powered,
    api,
    person,
    /** Keys of a session that this person opened, with or without an MFA code. */
    temporary: (id: string, mfa: boolean): AccessKey => {
      const found = DEFAULT_PEOPLE.find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`nobody is called ${id}`);
      const owner = { ...personPrincipal(found, DEFAULT_ACCOUNT), isTemporary: true, mfa };
      return credentials.createKey(owner, Date.now() + 3_600_000);
    },
    dana: person("dana"),
    kofi: person("kofi"),
    node: (instance: FleetInstance): AccessKey => credentials.createKey(nodePrincipal(instance)),
    /** A user with just these policies. */
    user: (name: string, policies: readonly PolicyDocument[]): AccessKey =>
      credentials.createKey(
        personPrincipal(
          { id: name, name, role: "", description: "", userId: `AIDA${name}`, policies },
          DEFAULT_ACCOUNT,
        ),
      ),
    close: () => {
      injected.close();
      polls.close();
      return listener.close();
    },
  };
}

/** One for all tests of a file, closed after them; none of them may have met a bug of ours. */
export async function sharedApiServer(): Promise<ApiServer> {
  const server = await startApiServer();
  afterAll(async () => {
    expect(server.bugs).toEqual([]);
    await server.close();
  });
  return server;
}

/** What a client gets that knows only endpoint, region and keys; retries off, so that an error is seen as it came. */
const client = (endpoint: string, credentials: AccessKey, region: string) => ({
  endpoint,
  region,
  credentials,
  maxAttempts: 1,
});
export const ssmClient = (server: ApiServer, key: AccessKey = server.dana, region = "eu-west-1"): SSMClient =>
  new SSMClient(client(server.endpoint, key, region));
export const kmsClient = (server: ApiServer, key: AccessKey = server.dana, region = "eu-west-1"): KMSClient =>
  new KMSClient(client(server.endpoint, key, region));
export const iamClient = (server: ApiServer, key: AccessKey = server.dana, region = "us-east-1"): IAMClient =>
  new IAMClient(client(server.endpoint, key, region));
export const ec2Client = (server: ApiServer, key: AccessKey = server.dana, region = "eu-west-1"): EC2Client =>
  new EC2Client(client(server.endpoint, key, region));
export const stsClient = (server: ApiServer, key: AccessKey = server.dana, region = "eu-west-1"): STSClient =>
  new STSClient(client(server.endpoint, key, region));

/** Sends exactly these headers and this body. */
export function send(
  port: number,
  request: { method?: string; path?: string; headers?: Record<string, string | string[]>; body?: string },
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: "127.0.0.1",
        port,
        method: request.method ?? "POST",
        path: request.path ?? "/",
        headers: request.headers ?? {},
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(request.body ?? "");
  });
}

/** A signed call, with what is wrong about it chosen by the caller. */
export function sendSigned(
  server: ApiServer,
  request: Partial<RequestToSign> & { headers: Record<string, string>; path?: string },
  options: {
    key?: AccessKey & { sessionToken?: string };
    signedAtMs?: number;
    change?(headers: Record<string, string>): void;
  } = {},
): Promise<RawReply> {
  const path = request.path ?? "/";
  const body = typeof request.body === "string" ? request.body : "";
  const headers = signRequest(
    {
      method: "POST",
      url: new URL(path, server.endpoint),
      headers: request.headers,
      body,
      region: request.region ?? "eu-west-1",
      service: request.service ?? "ssm",
    },
    options.key ?? server.dana,
    options.signedAtMs ?? Date.now(),
  );
  options.change?.(headers);
  return send(server.port, { path, headers, body });
}

export const jsonCall = (operation: string, body: unknown = {}) => ({
  service: "ssm",
  headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AmazonSSM.${operation}` },
  body: JSON.stringify(body),
});

export const queryCall = (service: "sts" | "ec2", parameters: string) => ({
  service,
  headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
  body: parameters,
});
