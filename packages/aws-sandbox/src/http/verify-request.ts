// Checks the SigV4 signature of a request, header form. Pure: headers, body and clock come in, a verdict goes out.
// Says why in our words; each protocol turns that into the code and text its AWS service would send (signature-errors.ts).
import { constants, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import {
  amzDateOf,
  type CredentialScope,
  canonicalRequest,
  parseAmzDate,
  SIGNATURE_ALGORITHM,
  sha256Hex,
  signatureOf,
  stringToSign,
} from "./sig-v4.ts";

/** How far the client's clock may be off, either way. Source: AWS General Reference (5 minutes for most services). */
export const CLOCK_SKEW_MAX_MS = 5 * 60_000;
/** More than any SDK signs; a longer list is refused before any of it is looked at. */
export const SIGNED_HEADERS_MAX = 64;

export interface RequestToVerify {
  method: string;
  /** Path and query as they stand on the request line. */
  target: string;
  headers: ReadonlyMap<string, readonly string[]>;
  body: Uint8Array;
}

/**
 * What is known of an access key: its secret; or, where a machine that registered itself signs as its own id, the public half of the key
 * that it made.
 */
export type StoredCredential<Owner> = ({ secretAccessKey: string } | { publicKey: KeyObject }) & {
  /** Only temporary keys have these two. */
  sessionToken?: string;
  expiresAtMs?: number;
  owner: Owner;
};

export type SignatureRefusal =
  | { kind: "missing" }
  | { kind: "incomplete"; detail: string }
  | { kind: "wrong_scope"; detail: string }
  | { kind: "unknown_key" }
  | { kind: "expired_key" }
  | { kind: "too_old"; detail: string }
  | { kind: "too_new"; detail: string }
  | { kind: "mismatch" };

export type Verification<Owner> = { ok: true; owner: Owner; region: string } | { ok: false; refusal: SignatureRefusal };

export interface VerifyOptions<Owner> {
  /** The service that the request is routed to; the scope must name it. */
  service: string;
  regions: readonly string[];
  find(accessKeyId: string): StoredCredential<Owner> | undefined;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

export function verifyRequest<Owner>(request: RequestToVerify, options: VerifyOptions<Owner>): Verification<Owner> {
  const authorization = single(request.headers, "authorization");
  if (authorization === undefined || authorization === "") return refuse({ kind: "missing" });
  const parsed = parseAuthorization(authorization);
  if ("detail" in parsed) return refuse({ kind: "incomplete", detail: parsed.detail });
  const { accessKeyId, scope, signedHeaders, signature } = parsed;

  const amzDate = single(request.headers, "x-amz-date");
  const sentAtMs = amzDate === undefined ? undefined : parseAmzDate(amzDate);
  if (amzDate === undefined || sentAtMs === undefined)
    return refuse({
      kind: "incomplete",
      detail:
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header, as YYYYMMDDTHHMMSSZ. Authorization=AWS4-HMAC-SHA256",
    });

  const credential = options.find(accessKeyId);
  const unsigned = unsignedHeader(
    request.headers,
    signedHeaders,
    credential !== undefined && "publicKey" in credential,
  );
  if (unsigned !== undefined) return refuse({ kind: "incomplete", detail: unsigned });
  if (credential === undefined) return refuse({ kind: "unknown_key" });
  if (!tokenFits(single(request.headers, "x-amz-security-token"), credential.sessionToken))
    return refuse({ kind: "unknown_key" });

  const misplaced = scopeProblem(scope, amzDate, options);
  if (misplaced !== undefined) return refuse({ kind: "wrong_scope", detail: misplaced });
  const skew = skewProblem(amzDate, sentAtMs, options.nowMs);
  if (skew !== undefined) return refuse(skew);

  // The hash is always ours: a body that differs from the signed hash then fails like any other change.
  const payloadHash = sha256Hex(request.body);
  const claimedHash = single(request.headers, "x-amz-content-sha256");
  if (claimedHash !== undefined && claimedHash !== payloadHash) return refuse({ kind: "mismatch" });
  const canonical = canonicalRequest({ ...request, signedHeaders, payloadHash });
  if (!isSignedBy(credential, scope, stringToSign(amzDate, scope, canonical), signature))
    return refuse({ kind: "mismatch" });
  if (credential.expiresAtMs !== undefined && credential.expiresAtMs <= options.nowMs)
    return refuse({ kind: "expired_key" });
  return { ok: true, owner: credential.owner, region: scope.region };
}

/** Machines' own keys: RSA-PSS with SHA-256, in base64. Source: amazon-ssm-agent, agent/managedInstances/auth/rsa_key.go. */
function isSignedBy(
  credential: StoredCredential<unknown>,
  scope: CredentialScope,
  toSign: string,
  signature: string,
): boolean {
  if ("secretAccessKey" in credential)
    return equalInConstantTime(signatureOf(credential.secretAccessKey, scope, toSign), signature);
  const key = { key: credential.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  return verify("sha256", Buffer.from(toSign), key, Buffer.from(signature, "base64"));
}

/** Compares two texts of any length without telling by time where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(a)), Buffer.from(sha256Hex(b)));
}

interface ParsedAuthorization {
  accessKeyId: string;
  scope: CredentialScope;
  signedHeaders: readonly string[];
  signature: string;
}

function parseAuthorization(text: string): ParsedAuthorization | { detail: string } {
  const space = text.indexOf(" ");
  if ((space < 0 ? text : text.slice(0, space)) !== SIGNATURE_ALGORITHM)
    return { detail: "Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 is understood." };
  const parts = new Map<string, string>();
  for (const part of text.slice(space + 1).split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !parts.get(name));
  if (missing.length > 0)
    return { detail: missing.map((name) => `Authorization header requires '${name}' parameter.`).join(" ") };

  const credential = (parts.get("Credential") as string).split("/");
  const [accessKeyId, date, region, service, terminator] = credential;
  if (credential.length !== 5 || !accessKeyId || !date || !region || !service || terminator !== "aws4_request")
    return { detail: "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term." };
  const signedHeaders = (parts.get("SignedHeaders") as string).split(";");
  if (signedHeaders.length > SIGNED_HEADERS_MAX) return { detail: "Too many headers in 'SignedHeaders'." };
  const sorted = [...signedHeaders].map((name) => name.toLowerCase()).sort();
  if (sorted.some((name, index) => name !== signedHeaders[index]))
    return { detail: "'SignedHeaders' must be lower case and sorted." };
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature: parts.get("Signature") as string };
}

/**
 * What decides the meaning of a request must be under the signature: host, and every x-amz-* header there is. A machine adds the body's hash
 * after it has chosen what to sign; its value is checked by itself.
 */
function unsignedHeader(
  headers: ReadonlyMap<string, readonly string[]>,
  signedHeaders: readonly string[],
  isMachine: boolean,
): string | undefined {
  if (!signedHeaders.includes("host"))
    return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
  for (const name of headers.keys())
    if (name.startsWith("x-amz-") && !signedHeaders.includes(name) && !(isMachine && name === "x-amz-content-sha256"))
      return `'${name}' must be a 'SignedHeader' in the AWS Authorization.`;
  return undefined;
}

const tokenFits = (given: string | undefined, expected: string | undefined): boolean =>
  given === undefined || expected === undefined ? given === expected : equalInConstantTime(given, expected);

function scopeProblem(
  scope: CredentialScope,
  amzDate: string,
  { service, regions }: { service: string; regions: readonly string[] },
): string | undefined {
  if (scope.service !== service) return `Credential should be scoped to correct service: '${service}'. `;
  if (!regions.includes(scope.region))
    return `Credential should be scoped to a valid region: one of ${regions.join(", ")}. `;
  if (scope.date !== amzDate.slice(0, 8))
    return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. ";
  return undefined;
}

function skewProblem(amzDate: string, sentAtMs: number, nowMs: number): SignatureRefusal | undefined {
  const now = amzDateOf(nowMs);
  const earliest = amzDateOf(nowMs - CLOCK_SKEW_MAX_MS);
  const latest = amzDateOf(nowMs + CLOCK_SKEW_MAX_MS);
  // The date has whole seconds; compare in the same unit so that the bound itself is still accepted.
  if (sentAtMs < (parseAmzDate(earliest) as number))
    return {
      kind: "too_old",
      detail: `Signature expired: ${amzDate} is now earlier than ${earliest} (${now} - 5 min.)`,
    };
  if (sentAtMs > (parseAmzDate(latest) as number))
    return {
      kind: "too_new",
      detail: `Signature not yet current: ${amzDate} is still later than ${latest} (${now} + 5 min.)`,
    };
  return undefined;
}

/** A security-relevant header that comes twice is not the one that anybody signed. */
function single(headers: ReadonlyMap<string, readonly string[]>, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0] : values === undefined ? undefined : values.join(",");
}

const refuse = (refusal: SignatureRefusal): { ok: false; refusal: SignatureRefusal } => ({ ok: false, refusal });
