/**
 * What must never reach a log or an answer. Two nets, because either may have a hole: field names that hold
 * secrets, and text that looks like one. Pure.
 */

export const REDACTED = "[redacted]";

/** Nesting that is followed in a log field; below it everything is cut. */
const DEPTH_MAX = 6;

/** Compared in lower case without `-` and `_`, so that headers and our own names meet. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  "accesskeyid",
  "secretaccesskey",
  "sessiontoken",
  "xamzsecuritytoken",
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "ticket",
  "token",
  "tokenvalue",
  "streamurl",
  "secret",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "clientsecret",
  "devicecode",
  "usercode",
  "mfacode",
  "password",
  "credentials",
  "body",
  "payload",
]);

/** AWS secret keys are 40 characters of base64, session and stream tokens are longer. */
const LONG_BASE64 = /[A-Za-z0-9+/=]{40,}/g;
/** Ours (cookie, ticket, launch secret) are 32 bytes as base64url: 43 characters. */
const OUR_TOKEN = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;
/** A stream URL's query names the role and the cell; its path names the session. The token never is in it, but might be one day. */
const WEBSOCKET_QUERY = /(wss?:\/\/[^\s"'?]+)\?[^\s"']*/g;

/** Replaces what looks like a secret; ARNs, hexadecimal digests, ids and paths stay readable. */
export function redactText(text: string): string {
  return text
    .replace(WEBSOCKET_QUERY, `$1?${REDACTED}`)
    .replace(LONG_BASE64, (run) => (looksRandom(run) ? REDACTED : run))
    .replace(OUR_TOKEN, (run) => (looksRandom(run) ? REDACTED : run));
}

function looksRandom(run: string): boolean {
  return /[0-9]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
}

/** A copy of log fields in which every field named like a secret is replaced, at any depth. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactValue(fields, 0) as Record<string, unknown>;
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error || typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_MAX) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value))
    copy[name] = SECRET_FIELDS.has(name.toLowerCase().replace(/[-_]/g, "")) ? REDACTED : redactValue(item, depth + 1);
  return copy;
}
