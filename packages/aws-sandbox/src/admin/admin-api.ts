// `/_sandbox/…`: what only an emulator can do, for tests and the curious. Needs the token of the people's file.
import { FaultPlanError, readObject } from "../faults/plan-object.ts";
import type { HttpReply } from "../http/protocol.ts";
import { equalInConstantTime } from "../http/verify-request.ts";
import { AGENT_VERSION } from "../instances/agent-version.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";
import { pingStatus } from "../instances/instance-registry.ts";
import type { InputChunk } from "../ssm-messages/input-journal.ts";
import type { GatewaySession } from "../ssm-messages/session-types.ts";
import { json, NOT_FOUND } from "./admin-replies.ts";
import { answerFaultRoute, FAULT_ROUTES, type FaultRoutesDeps, parseBody } from "./fault-routes.ts";
import { FLEET_ACTIONS, type FleetAction, type FleetControl } from "./fleet-control.ts";
import { answerSsoRoute, SSO_ROUTES, type SsoRoutesDeps } from "./sso-routes.ts";

export interface AdminDeps extends FaultRoutesDeps, SsoRoutesDeps {
  adminToken: string;
  sessions: {
    listSessions(): readonly GatewaySession[];
    getSession(sessionId: string): GatewaySession | undefined;
    inputJournal(sessionId: string): readonly InputChunk[];
    terminateSession(sessionId: string): boolean;
  };
  registry: InstanceRegistry;
  fleet: Pick<FleetControl, "act">;
}

interface AdminRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: ReadonlyMap<string, readonly string[]>;
  body: Uint8Array;
}

export const isAdminPath = (target: string): boolean => target.startsWith("/_sandbox/");

/** Every route: docs/sandbox-coverage.md is checked against it. */
export const ADMIN_ROUTES: readonly string[] = [
  "GET /_sandbox/sessions",
  "GET /_sandbox/sessions/{id}/input",
  "POST /_sandbox/sessions/{id}/terminate",
  ...FLEET_ACTIONS.map((action) => `POST /_sandbox/instances/{id}/${action}`),
  ...FAULT_ROUTES,
  ...SSO_ROUTES,
];

export async function answerAdminRequest(deps: AdminDeps, request: AdminRequest): Promise<HttpReply> {
  const authorization = request.headers.get("authorization");
  if (authorization?.length !== 1 || !equalInConstantTime(authorization[0] as string, `Bearer ${deps.adminToken}`))
    return json(401, { error: "the bearer token of the people's file is needed" });
  const path = pathParts(request.target) ?? [];
  const [section, id, verb, ...rest] = path;
  if (request.method === "GET" && section === "sessions" && rest.length === 0) {
    if (id === undefined) return json(200, { sessions: deps.sessions.listSessions() });
    if (verb === "input" && deps.sessions.getSession(id) !== undefined)
      return json(200, { sessionId: id, input: deps.sessions.inputJournal(id).map(chunkJson) });
  }
  if (request.method === "POST" && section === "instances" && id !== undefined && isAction(verb) && rest.length === 0)
    return actOnInstance(deps, id, verb, request.body);
  if (
    request.method === "POST" &&
    section === "sessions" &&
    id !== undefined &&
    verb === "terminate" &&
    rest.length === 0
  )
    return deps.sessions.terminateSession(id) ? json(200, { sessionId: id }) : NOT_FOUND;
  const given = { method: request.method, path, body: request.body };
  return answerSsoRoute(deps, given) ?? (await answerFaultRoute(deps, given)) ?? NOT_FOUND;
}

async function actOnInstance(deps: AdminDeps, id: string, action: FleetAction, body: Uint8Array): Promise<HttpReply> {
  const wanted = action === "upgrade" ? readUpgrade(body) : {};
  if ("error" in wanted) return json(400, wanted);
  const result = await deps.fleet.act(id, action, wanted.agentVersion);
  const instance = deps.registry.findAnywhere(id);
  if (result === undefined || instance === undefined) return json(404, { error: "no such instance" });
  if (!result.ok) return json(409, { error: result.reason });
  return json(200, { id, state: instance.state, pingStatus: pingStatus(instance, deps.nowMs()) });
}

/** `{"agentVersion": "3.2.582.0"}`, or nothing for the latest one. */
function readUpgrade(body: Uint8Array): { agentVersion?: string } | { error: string } {
  try {
    const agentVersion = readObject(parseBody(body), "", (object) => object.text("agentVersion", 32));
    if (agentVersion === undefined) return {};
    return AGENT_VERSION.test(agentVersion)
      ? { agentVersion }
      : { error: "agentVersion: numbers between dots are wanted" };
  } catch (error) {
    if (error instanceof FaultPlanError) return { error: error.message };
    throw error;
  }
}

const isAction = (verb: string | undefined): verb is FleetAction => FLEET_ACTIONS.some((action) => action === verb);

const chunkJson = ({ sequenceNumber, bytes }: InputChunk) => ({
  sequenceNumber,
  base64: Buffer.from(bytes).toString("base64"),
});

/** Session ids may hold `@` and `+`, which clients escape. @returns undefined when an escape is broken */
function pathParts(target: string): string[] | undefined {
  try {
    return (target.split("?")[0] as string).split("/").slice(2).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
