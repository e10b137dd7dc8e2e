// The page where a person approves a device code, in place of AWS's own. Plain HTML without scripts: the browser sends a form.
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

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:4rem auto;padding:0 1rem;color:#16181d;background:#f7f8fa}
.code{font:600 2rem monospace;letter-spacing:.08em}label{display:block;margin:.5rem 0}fieldset{border:1px solid #b8bcc6;margin:1rem 0}
button{font:inherit;padding:.4rem 1.2rem}.hint{color:#4d535f}
@media(prefers-color-scheme:dark){body{color:#e9ebf0;background:#101216}.hint{color:#a4abb8}}`;

function page(status: number, content: string): HttpReply {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      // `form-action`: the form goes to this page and nowhere else; nobody may frame it.
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      // With `no-referrer` the browser would say Origin: null, and the form could not be told from a foreign one.
      "referrer-policy": "same-origin",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox Identity Center</title><style>${STYLE}</style></head><body><main><h1>Sandbox Identity Center</h1>${content}</main></body></html>\n`,
  };
}
