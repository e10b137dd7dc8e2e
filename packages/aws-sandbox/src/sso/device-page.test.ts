import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { DeviceGrants } from "./device-grants.ts";
import { answerDevicePage } from "./device-page.ts";
import { DEVICE_PAGE_PATH } from "./oidc-operations.ts";
import { PortalPasscode, WRONG_PASSCODES_MAX } from "./portal-passcode.ts";

let grants: DeviceGrants;
let passcode: PortalPasscode;
let nowMs: number;
let userCode: string;
beforeEach(() => {
  nowMs = 1_000_000;
  grants = new DeviceGrants(randomBytes);
  passcode = new PortalPasscode(randomBytes);
  const { clientId, clientSecret } = grants.registerClient([], nowMs);
  userCode = grants.startDevice(clientId, clientSecret, nowMs).userCode;
});

const ask = (method: string, query = "", form: Record<string, string> = {}) =>
  answerDevicePage(
    { grants, passcode, nowMs: () => nowMs },
    {
      method,
      target: `${DEVICE_PAGE_PATH}${query}`,
      headers: new Map(),
      body: new TextEncoder().encode(new URLSearchParams(form).toString()),
    },
  );
const decide = (decision: string, text = passcode.text) =>
  ask("POST", "", { user_code: userCode, person: "dana", passcode: text, decision });

test("the page shows the code that is to be compared, and what it shows of the address is escaped", () => {
  expect(ask("GET", `?user_code=${userCode}`).body).toContain(userCode);
  expect(ask("GET", `?user_code=${encodeURIComponent("<b>x")}`).body).not.toContain("<b>x");
});

test("it may be framed by nobody and sends its form only here", () => {
  expect(ask("GET").headers["content-security-policy"]).toMatch(/form-action 'self'; frame-ancestors 'none'/);
});

test("with the passcode a code is approved or denied once", () => {
  expect(decide("allow").status).toBe(200);
  expect(grants.findByUserCode(userCode, nowMs)?.decision.kind).toBe("allowed");
  expect(decide("deny").status).toBe(404);
});

test("a wrong passcode decides nothing", () => {
  expect(decide("allow", "WRONG").status).toBe(403);
  expect(grants.findByUserCode(userCode, nowMs)?.decision.kind).toBe("pending");
});

test("after so many wrong passcodes even the right one waits for the minute to end", () => {
  for (let count = 0; count < WRONG_PASSCODES_MAX; count++) decide("allow", "WRONG");
  expect(decide("allow").status).toBe(429);
  nowMs += 60_000;
  expect(decide("allow").status).toBe(200);
});

test("a code that ran out cannot be approved any more", () => {
  nowMs += 600_000;
  expect(decide("allow").status).toBe(404);
});
