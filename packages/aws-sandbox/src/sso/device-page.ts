// The page where a person approves a device code, in place of AWS's own. Plain HTML without scripts: the browser sends a form.
import { htmlPage } from "../http/html-page.ts";
import type { HttpReply } from "../http/protocol.ts";
import { escapeXml } from "../http/xml.ts";
import type { DeviceGrants } from "./device-grants.ts";
import { findSsoPerson, SSO_PEOPLE } from "./directory.ts";
import { DEVICE_PAGE_PATH } from "./oidc-operations.ts";
import type { PortalPasscode } from "./portal-passcode.ts";

export interface DevicePageDeps {
  grants: DeviceGrants;
  passcode: PortalPasscode;
  nowMs(): number;
}

interface PageRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: ReadonlyMap<string, readonly string[]>;
  body: Uint8Array;
}

export const isDevicePage = (target: string): boolean => target.split("?", 1)[0] === DEVICE_PAGE_PATH;

/** @param request one that the listener let through: from a browser, only a navigation or a form of this very page */
export function answerDevicePage(deps: DevicePageDeps, request: PageRequest): HttpReply {
  const nowMs = deps.nowMs();
  if (request.method === "GET") {
    const query = new URLSearchParams(request.target.split("?", 2)[1] ?? "");
    const userCode = (query.get("user_code") ?? "").slice(0, 20);
    if (userCode === "") return page(200, askForCode());
    return deps.grants.findByUserCode(userCode, nowMs)?.decision.kind === "pending"
      ? page(200, askForApproval(userCode))
      : page(404, `${NO_SUCH_CODE}${askForCode()}`);
  }
  if (request.method !== "POST") return page(405, "<p>This page is read or sent.</p>");
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  return decide(deps, form, nowMs);
}

function decide({ grants, passcode }: DevicePageDeps, form: URLSearchParams, nowMs: number): HttpReply {
  const userCode = (form.get("user_code") ?? "").slice(0, 20);
  const checked = passcode.check(form.get("passcode") ?? "", nowMs);
  if (checked === "wait") return page(429, "<p>Too many wrong passcodes. Wait a minute.</p>");
  if (checked === "wrong") return page(403, `<p role="alert">The passcode is wrong.</p>${askForApproval(userCode)}`);
  const person = findSsoPerson(form.get("person") ?? "");
  const isAllowed = form.get("decision") === "allow";
  if (isAllowed && person === undefined) return page(400, `<p>Nobody is called so.</p>${askForApproval(userCode)}`);
  const done = grants.decide(userCode, isAllowed && person !== undefined ? person : "deny", nowMs);
  if (!done) return page(404, `${NO_SUCH_CODE}${askForCode()}`);
  return page(
    200,
    `<p role="status">${isAllowed ? "Request approved." : "Request denied."} You can close this page.</p>`,
  );
}

const NO_SUCH_CODE = '<p role="alert">No request waits under this code: it is mistyped, or it ran out.</p>';

const askForCode = (): string => `<form method="get" action="${DEVICE_PAGE_PATH}">
<label>Code <input name="user_code" autocomplete="off" required maxlength="20"></label>
<button>Next</button></form>`;

const askForApproval = (userCode: string): string => `<p>A device asks to sign in. Does it show this code?</p>
<p class="code">${escapeXml(userCode)}</p>
<form method="post" action="${DEVICE_PAGE_PATH}">
<input type="hidden" name="user_code" value="${escapeXml(userCode)}">
<fieldset><legend>Who you are here</legend>${SSO_PEOPLE.map(
  ({ id, userName }, index) =>
    `<label><input type="radio" name="person" value="${id}"${index === 0 ? " checked" : ""}> ${escapeXml(userName)}</label>`,
).join("")}</fieldset>
<label>Passcode of this sandbox <input name="passcode" type="password" autocomplete="off" required maxlength="40"></label>
<p class="hint">It is printed when the sandbox starts, and stands in its people's file.</p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`;

const STYLE = `body{font-size:16px;max-width:30rem;margin:4rem auto}
.code{font:600 2rem monospace;letter-spacing:.08em}label{display:block;margin:.5rem 0}fieldset{border:1px solid #8a92a0;margin:1rem 0}
button{padding:.4rem 1.2rem}`;

const page = (status: number, content: string): HttpReply =>
  htmlPage(status, { title: "Sandbox Identity Center", style: STYLE, content });
