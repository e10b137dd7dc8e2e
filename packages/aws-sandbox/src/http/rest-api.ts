// The REST dialect of Identity Center: no signature, a path per operation, a bearer token in a header where one is needed. Pure but
// for the operations.
import type { SsoPerson } from "../sso/directory.ts";
import { AwsError } from "./aws-error.ts";
import type { InjectedFaults } from "./injected-faults.ts";
import { type JsonInput, parseJsonBody } from "./json-input.ts";
import { failureReply, type HttpAnswer, type Protocol, REST_OIDC_PROTOCOL, REST_PORTAL_PROTOCOL } from "./protocol.ts";

/** Both services, by the names they have in faults and coverage. */
export type RestService = "sso" | "sso-oauth";

export interface RestCall {
  body: JsonInput;
  query: URLSearchParams;
  /** Of `x-amz-sso_bearer_token`. */
  bearer: string | undefined;
  /** `host:port` that the caller used. */
  host: string;
  /** It came over TLS. */
  isSecure: boolean;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

export interface RestOperation {
  method: "GET" | "POST";
  path: string;
  run(call: RestCall): unknown;
}

export type RestOperations = Readonly<Record<string, RestOperation>>;
export type RestServices = Readonly<Record<RestService, RestOperations>>;

export interface RestRequest {
  method: string;
  target: string;
  headers: ReadonlyMap<string, readonly string[]>;
  body: Uint8Array;
  isSecure: boolean;
  requestId: string;
  nowMs: number;
}

interface RestDeps {
  rest: RestServices;
  faults: InjectedFaults;
  /** Whose token this is; undefined: nobody's. */
  bearerPerson(token: string, nowMs: number): SsoPerson | undefined;
  onBug(failure: unknown): void;
}

const PROTOCOLS: Readonly<Record<RestService, Protocol>> = {
  sso: REST_PORTAL_PROTOCOL,
  "sso-oauth": REST_OIDC_PROTOCOL,
};

/** @returns undefined when the path is none of these services' */
export async function answerRestRequest(deps: RestDeps, request: RestRequest): Promise<HttpAnswer | undefined> {
  const [path = "", query = ""] = request.target.split("?", 2);
  for (const service of ["sso", "sso-oauth"] as const)
    for (const [name, operation] of Object.entries(deps.rest[service])) {
      if (operation.path !== path || operation.method !== request.method) continue;
      return run(deps, request, { service, name, operation, query: new URLSearchParams(query) });
    }
  return undefined;
}

async function run(
  deps: RestDeps,
  request: RestRequest,
  found: { service: RestService; name: string; operation: RestOperation; query: URLSearchParams },
): Promise<HttpAnswer> {
  const { requestId, nowMs } = request;
  const protocol = PROTOCOLS[found.service];
  try {
    const bearer = request.headers.get("x-amz-sso_bearer_token")?.[0];
    const call: RestCall = {
      body: parseJsonBody(request.body),
      query: found.query,
      bearer,
      host: request.headers.get("host")?.[0] ?? "",
      isSecure: request.isSecure,
      nowMs,
    };
    const faultable = {
      service: found.service,
      operation: found.name,
      caller: undefined,
      personId: bearer === undefined ? undefined : deps.bearerPerson(bearer, nowMs)?.id,
      region: "",
      protocol,
      nowMs,
    };
    return await deps.faults.around(faultable, () => {
      const answer = found.operation.run(call);
      return {
        status: 200,
        headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
        body: answer === undefined ? "" : JSON.stringify(answer),
      };
    });
  } catch (failure) {
    return failureReply(protocol, failure, requestId, deps.onBug);
  }
}

/** @throws AwsError InvalidRequestException when the member is absent or no text */
export function neededText(body: JsonInput, member: string): string {
  const text = body.text(member);
  if (text === undefined || text === "")
    throw new AwsError("InvalidRequestException", `Missing required parameter: ${member}`);
  return text;
}
