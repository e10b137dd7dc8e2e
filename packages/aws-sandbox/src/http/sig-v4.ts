// AWS Signature Version 4, header form, as pure functions: what is hashed and how. Signer and verifier both use this file, so
// that a mistake in it cannot hide behind agreement: the tests check it against the signer that the AWS SDK ships.
// Source: AWS General Reference, "Create a signed AWS API request".
import { createHash, createHmac } from "node:crypto";

export const SIGNATURE_ALGORITHM = "AWS4-HMAC-SHA256";

export interface CredentialScope {
  /** YYYYMMDD */
  date: string;
  region: string;
  service: string;
}

export interface CanonicalInput {
  method: string;
  /** Path and query as they stand on the request line. */
  target: string;
  /** Every header value by lower-case name; several values of one name in order of arrival. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** Lower-case, sorted. */
  signedHeaders: readonly string[];
  /** SHA-256 of the body, in hex. */
  payloadHash: string;
}

/** The text whose hash is signed. A signed header that is absent counts as empty. */
export function canonicalRequest(input: CanonicalInput): string {
  const queryStart = input.target.indexOf("?");
  const path = queryStart < 0 ? input.target : input.target.slice(0, queryStart);
  const query = queryStart < 0 ? "" : input.target.slice(queryStart + 1);
  const headerLines = input.signedHeaders.map((name) => `${name}:${canonicalHeader(input.headers.get(name) ?? [])}\n`);
  return [
    input.method,
    canonicalPath(path),
    canonicalQuery(query),
    headerLines.join(""),
    input.signedHeaders.join(";"),
    input.payloadHash,
  ].join("\n");
}

/** @param amzDate YYYYMMDDTHHMMSSZ */
export function stringToSign(amzDate: string, scope: CredentialScope, canonical: string): string {
  return [SIGNATURE_ALGORITHM, amzDate, scopeText(scope), sha256Hex(canonical)].join("\n");
}

/** @returns the signature in lower-case hex */
export function signatureOf(secretAccessKey: string, scope: CredentialScope, toSign: string): string {
  const dateKey = hmac(`AWS4${secretAccessKey}`, scope.date);
  const regionKey = hmac(dateKey, scope.region);
  const serviceKey = hmac(regionKey, scope.service);
  return hmac(hmac(serviceKey, "aws4_request"), toSign).toString("hex");
}

export const scopeText = (scope: CredentialScope): string =>
  `${scope.date}/${scope.region}/${scope.service}/aws4_request`;

export const sha256Hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** @returns YYYYMMDDTHHMMSSZ */
export const amzDateOf = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");

/** @returns milliseconds since the epoch, or undefined when the text is not YYYYMMDDTHHMMSSZ */
export function parseAmzDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Header values by lower-case name from Node's flat `rawHeaders`, which alone keeps repeated headers apart. */
export function headerMap(rawHeaders: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    const values = headers.get(name);
    if (values) values.push(rawHeaders[i + 1] as string);
    else headers.set(name, [rawHeaders[i + 1] as string]);
  }
  return headers;
}

const canonicalHeader = (values: readonly string[]): string =>
  values.map((value) => value.trim().replace(/ +/g, " ")).join(",");

/** Every service but S3: dot segments and empty ones go, and what is left is percent-encoded once more. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(percentEncode(segment));
  }
  const trailing = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${trailing}`;
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query
    .split("&")
    .filter((part) => part !== "")
    .map((part): [string, string] => {
      const equals = part.indexOf("=");
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? "" : part.slice(equals + 1);
      return [percentEncode(percentDecode(name)), percentEncode(percentDecode(value))];
    });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compareText(nameA, nameB) || compareText(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** RFC 3986: everything but letters, digits and `-._~`. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Never throws: an escape that is not valid stays as it is, and the signature then does not match. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
