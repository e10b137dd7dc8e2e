// The part of the admin API about Identity Center: approving without a page, ending portal sessions, shortening lives.
import { FaultPlanError, readObject } from "../faults/plan-object.ts";
import type { HttpReply } from "../http/protocol.ts";
import type { MfaDevices } from "../iam/mfa-devices.ts";
import { DEFAULT_PEOPLE, personPrincipal } from "../iam/people.ts";
import { DEFAULT_ACCOUNT } from "../instances/fleet.ts";
import type { DeviceGrants } from "../sso/device-grants.ts";
import { findSsoPerson } from "../sso/directory.ts";
import { json, NOT_FOUND } from "./admin-replies.ts";

export interface SsoRoutesDeps {
  grants: DeviceGrants;
  mfaDevices: Pick<MfaDevices, "codeOf">;
  nowMs(): number;
}

/** See docs/sandbox-coverage.md. */
export const SSO_ROUTES: readonly string[] = [
  "GET /_sandbox/portal/codes",
  "POST /_sandbox/portal/codes/{userCode}/deny",
  "POST /_sandbox/portal/codes/{userCode}/allow/{person}",
  "POST /_sandbox/portal/people/{id}/sign-out",
  "PUT /_sandbox/portal/lifetimes",
  "GET /_sandbox/portal/people/{id}/mfa-code",
];

const SECONDS_MAX = 90 * 86_400;

/** @param path what follows /_sandbox/ @returns undefined: not one of these routes */
export function answerSsoRoute(
  { grants, mfaDevices, nowMs }: SsoRoutesDeps,
  request: { method: string; path: readonly string[]; body: Uint8Array },
): HttpReply | undefined {
  const [section, what, id = "", verb, personId, ...rest] = request.path;
  if (section !== "portal" || rest.length > 0) return undefined;
  const route = `${request.method} ${what} ${verb ?? ""}`;
  if (route === "GET codes " && id === "")
    return json(200, {
      codes: grants.pending(nowMs()).map(({ userCode, expiresAtMs }) => ({ userCode, expiresAtMs })),
    });
  if (route === "POST codes deny" && personId === undefined)
    return grants.decide(id, "deny", nowMs()) ? json(200, { userCode: id }) : NOT_FOUND;
  if (route === "POST codes allow") {
    const person = findSsoPerson(personId ?? "");
    return person !== undefined && grants.decide(id, person, nowMs()) ? json(200, { userCode: id }) : NOT_FOUND;
  }
  if (route === "POST people sign-out" && personId === undefined) {
    if (findSsoPerson(id) === undefined) return NOT_FOUND;
    grants.endAllOf(id);
    return json(200, { id });
  }
  if (route === "GET people mfa-code" && personId === undefined) {
    const person = DEFAULT_PEOPLE.find((each) => each.id === id);
    if (person === undefined) return NOT_FOUND;
    return json(200, { code: mfaDevices.codeOf(personPrincipal(person, DEFAULT_ACCOUNT).arn, nowMs()) });
  }
  if (route === "PUT lifetimes " && id === "") return setLifetimes(grants, request.body);
  return undefined;
}

function setLifetimes(grants: DeviceGrants, body: Uint8Array): HttpReply {
  const bounds = { min: 1, max: SECONDS_MAX };
  try {
    const given = readObject(JSON.parse(new TextDecoder().decode(body)), "", (object) => ({
      codeSeconds: object.number("codeSeconds", bounds),
      tokenSeconds: object.number("tokenSeconds", bounds),
      credentialSeconds: object.number("credentialSeconds", bounds),
      intervalSeconds: object.number("intervalSeconds", bounds),
      portalSeconds: object.number("portalSeconds", bounds),
    }));
    for (const [name, seconds] of Object.entries(given))
      if (seconds !== undefined) grants.lifetimes[name as keyof typeof given] = seconds;
  } catch (error) {
    if (error instanceof FaultPlanError || error instanceof SyntaxError) return json(400, { error: error.message });
    throw error;
  }
  return json(200, grants.lifetimes);
}
