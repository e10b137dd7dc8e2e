// The part of the admin API that makes things go wrong: faults, keys that end, a session ended from elsewhere.
import { FaultPlanError, readObject } from "../faults/plan-object.ts";
import type { HttpReply } from "../http/protocol.ts";
import { LIFETIME_SECONDS_MAX, type PeopleKeys } from "../iam/people-keys.ts";
import { json, NOT_FOUND } from "./admin-replies.ts";
import type { FaultControl } from "./fault-control.ts";

export interface FaultRoutesDeps {
  faults: Pick<FaultControl, "show" | "readAndSetPlan" | "cut">;
  people: Pick<PeopleKeys, "renew" | "expire">;
}

/** See docs/sandbox-coverage.md. */
export const FAULT_ROUTES: readonly string[] = [
  "GET /_sandbox/faults",
  "PUT /_sandbox/faults",
  "POST /_sandbox/faults/cut",
  "POST /_sandbox/people/{id}/renew",
  "POST /_sandbox/people/{id}/expire",
];

/** @param path what follows /_sandbox/ @returns undefined: not one of these routes */
export async function answerFaultRoute(
  deps: FaultRoutesDeps,
  request: { method: string; path: readonly string[]; body: Uint8Array },
): Promise<HttpReply | undefined> {
  const { method, path } = request;
  const [section, name, verb, ...rest] = path;
  if (rest.length > 0) return undefined;
  try {
    if (section === "faults" && verb === undefined) return answerFaults(deps, method, name, request.body);
    if (section === "people" && method === "POST" && name !== undefined)
      return await answerPeople(deps, name, verb, request.body);
  } catch (error) {
    if (error instanceof FaultPlanError) return json(400, { error: error.message });
    throw error;
  }
  return undefined;
}

function answerFaults(
  { faults }: FaultRoutesDeps,
  method: string,
  name: string | undefined,
  body: Uint8Array,
): HttpReply | undefined {
  if (name === undefined && method === "GET") return json(200, faults.show());
  if (name === undefined && method === "PUT") {
    faults.readAndSetPlan(parseBody(body));
    return json(200, faults.show());
  }
  if (name === "cut" && method === "POST") return json(200, { sockets: faults.cut(parseBody(body)) });
  return undefined;
}

async function answerPeople(
  { people }: FaultRoutesDeps,
  id: string,
  verb: string | undefined,
  body: Uint8Array,
): Promise<HttpReply | undefined> {
  if (verb === "expire") return people.expire(id) ? json(200, { id }) : NOT_FOUND;
  if (verb !== "renew") return undefined;
  const lifetimeSeconds = readObject(parseBody(body), "", (object) =>
    object.number("lifetimeSeconds", { min: 1, max: LIFETIME_SECONDS_MAX }),
  );
  const renewal = await people.renew(id, lifetimeSeconds);
  return renewal === undefined ? NOT_FOUND : json(200, renewal);
}

/** Nothing at all is an empty object. @throws FaultPlanError */
export function parseBody(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new FaultPlanError("", "it is not JSON");
  }
}
