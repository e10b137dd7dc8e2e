// The two calls with which an agent asks the message gateway for a channel token, and the check of its signed websocket upgrades.
// Shapes: data-channel.md §13.1. Service name in the signature: ssmmessages.
import type { IncomingMessage } from "node:http";
import { authorize, type Principal } from "../iam/principal.ts";
import type { AgentIdentity } from "../ssm-messages/session-types.ts";
import { AwsError } from "./aws-error.ts";
import type { InjectedFaults } from "./injected-faults.ts";
import { parseJsonBody } from "./json-input.ts";
import { failureReply, GATEWAY_PROTOCOL, type HttpAnswer, xmlHeaders } from "./protocol.ts";
import { headerMap } from "./sig-v4.ts";
import { type RequestToVerify, type StoredCredential, verifyRequest } from "./verify-request.ts";
import { xmlElement } from "./xml.ts";

/** The gateway's part of it; SessionGateway has it. */
export interface ChannelTokens {
  createControlChannelToken(instanceId: string): string;
  createDataChannelToken(sessionId: string, instanceId: string): string | "terminated" | "unknown";
}

export interface AgentChannelDeps {
  tokens: ChannelTokens;
  faults: InjectedFaults;
  regions: readonly string[];
  findCredential(accessKeyId: string): StoredCredential<Principal> | undefined;
  nowMs(): number;
  onBug(failure: unknown): void;
}

export interface ChannelPath {
  channel: "control" | "data";
  /** Instance id or session id. */
  id: string;
}

/** @returns undefined when the request is for something else */
/** What an agent asks for, as IAM calls it: for rules of faults. */
export const CHANNEL_OPERATIONS: readonly string[] = ["CreateControlChannel", "CreateDataChannel"];

export function channelPathOf(method: string, target: string): ChannelPath | undefined {
  const match = /^\/v1\/(control|data)-channel\/([^/?]+)$/.exec(target);
  if (method !== "POST" || match === null) return undefined;
  try {
    return { channel: match[1] as "control" | "data", id: decodeURIComponent(match[2] as string) };
  } catch {
    return undefined;
  }
}

export async function answerChannelRequest(
  deps: AgentChannelDeps,
  path: ChannelPath,
  request: RequestToVerify,
  requestId: string,
): Promise<HttpAnswer> {
  try {
    const operation = path.channel === "control" ? "CreateControlChannel" : "CreateDataChannel";
    const { caller, region } = verifiedMachine(deps, `ssmmessages:${operation}`, request);
    const call = {
      service: "ssmmessages",
      operation,
      caller,
      region,
      protocol: GATEWAY_PROTOCOL,
      nowMs: deps.nowMs(),
      sessionId: path.channel === "data" ? path.id : undefined,
      instanceId: caller.instanceId,
    } as const;
    return await deps.faults.around(call, () => {
      const token =
        path.channel === "control"
          ? controlToken(deps, path.id, caller.instanceId)
          : dataToken(deps, path.id, caller.instanceId);
      const root = `${operation}Response`;
      return {
        status: 201,
        headers: xmlHeaders(requestId),
        body: xmlElement(root, { MessageSchemaVersion: "1.0", TokenValue: token }),
      };
    });
  } catch (failure) {
    return failureReply(GATEWAY_PROTOCOL, failure, requestId, deps.onBug);
  }
}

/** @returns the machine whose key signed this upgrade; undefined: no valid signature, or a person's */
export function verifyAgentRequest(
  deps: Omit<AgentChannelDeps, "tokens" | "faults" | "onBug">,
  request: IncomingMessage,
): AgentIdentity | undefined {
  const verification = verifyRequest(
    {
      method: request.method ?? "GET",
      target: request.url ?? "/",
      headers: headerMap(request.rawHeaders),
      body: new Uint8Array(0),
    },
    { service: "ssmmessages", regions: deps.regions, find: deps.findCredential, nowMs: deps.nowMs() },
  );
  if (!verification.ok || verification.owner.instanceId === undefined) return undefined;
  const { instanceId, account } = verification.owner;
  return { instanceId, accountId: account, region: verification.region };
}

function controlToken(deps: AgentChannelDeps, instanceId: string, machine: string): string {
  if (machine !== instanceId)
    throw new AwsError("AccessDeniedException", `${machine} may not open the control channel of another machine.`, 403);
  return deps.tokens.createControlChannelToken(instanceId);
}

function dataToken(deps: AgentChannelDeps, sessionId: string, machine: string): string {
  const token = deps.tokens.createDataChannelToken(sessionId, machine);
  // The agent looks for exactly this sentence, and then tries no more (data-channel.md §13.1).
  if (token === "terminated") throw new AwsError("BadRequestException", "Session is already terminated", 400);
  if (token === "unknown") throw new AwsError("ResourceNotFoundException", "There is no such session", 404);
  return token;
}

function verifiedMachine(
  deps: AgentChannelDeps,
  action: string,
  request: RequestToVerify,
): { caller: Principal & { instanceId: string }; region: string } {
  const verification = verifyRequest(request, {
    service: "ssmmessages",
    regions: deps.regions,
    find: deps.findCredential,
    nowMs: deps.nowMs(),
  });
  if (!verification.ok) throw GATEWAY_PROTOCOL.refusal(verification.refusal);
  const { owner, region } = verification;
  authorize(owner, { action, region, resource: "*" });
  const body = parseJsonBody(request.body);
  body.requiredText("MessageSchemaVersion", { oneOf: ["1.0"] });
  body.requiredText("RequestId", { charsMin: 1, charsMax: 128 });
  body.check();
  if (owner.instanceId === undefined) throw new AwsError("AccessDeniedException", "This key is no machine's.", 403);
  return { caller: { ...owner, instanceId: owner.instanceId }, region };
}
