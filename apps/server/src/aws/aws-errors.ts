/**
 * What went wrong with an AWS call, in the words of our catalog. Pure but for `callAws`, the wrapper around each call.
 * Besides AWS's own errors it knows what stands in AWS's place: proxies, load balancers and emulators that answer
 * with HTML, 404 or 501, and services that the configured endpoint does not have.
 */
import { ERROR_CATALOG, type ErrorCatalogEntry, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import { type AwsErrorDetail, CatalogError } from "../platform/catalog-error.ts";
import { PROXY_REFUSED } from "./outbound-agents.ts";

/** Signatures may be this far from AWS's clock, in milliseconds (aws-facts: five minutes for SSM, STS and KMS). */
export const CLOCK_SKEW_MAX_MS = 5 * 60_000;
/** Longest message of AWS that is kept for the details view, in characters. */
export const AWS_MESSAGE_CHARACTERS_MAX = 1_000;

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
  "ERR_SOCKET_CONNECTION_TIMEOUT",
  "ECONNTIMEOUT",
  PROXY_REFUSED,
]);
/** Node's names of TLS failures: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `ERR_TLS_CERT_ALTNAME_INVALID`, `EPROTO`, … */
const TLS_CODE = /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|UNABLE_TO_(GET|VERIFY)|SELF_SIGNED/;
/** SSM, STS and KMS say it in the message of a signature error; EC2 by RequestExpired. */
const SKEW_TEXT = /signature expired|signature not yet current|request (time )?too skewed|is now (earlier|later) than/i;
const SIGNATURE_CODES = new Set([
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "AuthFailure",
  "RequestExpired",
]);
const HTML = /^\s*<(!doctype|html)/i;

/** Errors of AWS, by code, from the catalog; what needs a closer look is decided in `classify`. */
const CODE_OF_AWS_ERROR: ReadonlyMap<string, ErrorCode> = new Map(
  (Object.keys(ERROR_CATALOG) as ErrorCode[]).flatMap((code) => {
    const entry: ErrorCatalogEntry = ERROR_CATALOG[code];
    return (entry.awsErrors ?? []).map((awsError) => [awsError, code] as const);
  }),
);

/** The parts of an error of SDK or network that decide; everything is optional because anything may be thrown. */
interface ErrorFacts {
  code: string;
  message: string;
  httpStatus: number | undefined;
  requestId: string | undefined;
  /** AWS's clock minus ours, in milliseconds, when the answer had a Date header. */
  clockOffsetMs: number | undefined;
}

/** @param nowMs our own clock, to compare with the Date header of the answer. */
export function toCatalogError(error: unknown, service: string, operation: string, nowMs: number): CatalogError {
  if (error instanceof CatalogError) return error;
  const facts = readFacts(error, nowMs);
  const aws: AwsErrorDetail = {
    service,
    operation,
    code: facts.code,
    message: facts.message.slice(0, AWS_MESSAGE_CHARACTERS_MAX),
    ...(facts.requestId === undefined ? {} : { requestId: facts.requestId }),
  };
  return new CatalogError(classify(facts), { cause: error, aws });
}

/** Makes the call; whatever it throws becomes a CatalogError. */
export async function callAws<T>(service: string, operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toCatalogError(error, service, operation, Date.now());
  }
}

function classify({ code, message, httpStatus, clockOffsetMs }: ErrorFacts): ErrorCode {
  if (NETWORK_CODES.has(code) || TLS_CODE.test(code)) return "AWS_UNREACHABLE";
  if (SIGNATURE_CODES.has(code)) {
    const offset = clockOffsetMs === undefined ? 0 : Math.abs(clockOffsetMs);
    if (SKEW_TEXT.test(message) || offset > CLOCK_SKEW_MAX_MS) return "CLOCK_SKEWED";
    return code === "RequestExpired" ? "CREDENTIALS_EXPIRED" : "ACCESS_KEYS_REFUSED";
  }
  // KMS and STS say AccessDenied also for a token that has run out.
  if (/^AccessDenied/.test(code) && /security token.*expired/i.test(message)) return "CREDENTIALS_EXPIRED";
  const known = CODE_OF_AWS_ERROR.get(code);
  if (known !== undefined) return known;
  if (/throttl|rate exceeded|TooManyRequests/i.test(code) || httpStatus === 429) return "AWS_THROTTLED";
  // No error of the service itself: something else answered, or an endpoint without this service (HTML, 404, 501).
  if (httpStatus === 501 || httpStatus === 404 || (HTML.test(message) && httpStatus !== undefined && httpStatus < 500))
    return "AWS_SERVICE_ABSENT";
  if (httpStatus === 407) return "AWS_UNREACHABLE";
  if (httpStatus === 403) return "AWS_ACCESS_DENIED";
  return "AWS_FAILED";
}

function readFacts(error: unknown, nowMs: number): ErrorFacts {
  const root = asRecord(error);
  const metadata = asRecord(root.$metadata);
  const response = asRecord(root.$response);
  const headers = asRecord(response.headers);
  // The network's code may be wrapped (AggregateError of Happy Eyeballs, `cause` of a fetch-like error).
  const inner = [root, asRecord(root.cause), asRecord(Array.isArray(root.errors) ? root.errors[0] : undefined)];
  const network = inner.map((each) => text(each.code)).find((code) => NETWORK_CODES.has(code) || TLS_CODE.test(code));
  const serverDateMs = Date.parse(text(headers.date) || text(headers.Date));
  return {
    code: network ?? (text(root.Code) || text(root.name) || text(root.code) || "Unknown"),
    message: network === undefined ? text(root.message) : `connection failed: ${network}`,
    httpStatus: number(metadata.httpStatusCode) ?? number(response.statusCode),
    requestId: text(metadata.requestId) || undefined,
    clockOffsetMs: Number.isNaN(serverDateMs) ? undefined : serverDateMs - nowMs,
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
