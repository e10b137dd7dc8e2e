import { expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { toCatalogError } from "./aws-errors.ts";

const NOW_MS = Date.parse("2026-11-22T12:00:00Z");

interface Thrown {
  name: string;
  message?: string;
  status?: number;
  date?: string;
  fields?: object;
}

function thrown({ name, message = "no", status, date, fields }: Thrown): Error {
  return Object.assign(new Error(message), {
    name,
    $metadata: { requestId: "11112222-3333", ...(status === undefined ? {} : { httpStatusCode: status }) },
    ...(date === undefined ? {} : { $response: { statusCode: status, headers: { date } } }),
    ...fields,
  });
}

const inTime = "Sun, 22 Nov 2026 12:00:03 GMT";
const tenMinutesAhead = "Sun, 22 Nov 2026 12:10:00 GMT";

test.each<[string, Thrown, string]>([
  ["an unknown key", { name: "InvalidClientTokenId", status: 403 }, "ACCESS_KEYS_REFUSED"],
  ["an unknown key at SSM", { name: "UnrecognizedClientException", status: 400 }, "ACCESS_KEYS_REFUSED"],
  ["a wrong secret", { name: "SignatureDoesNotMatch", status: 403, date: inTime }, "ACCESS_KEYS_REFUSED"],
  ["a wrong secret at SSM", { name: "InvalidSignatureException", status: 400, date: inTime }, "ACCESS_KEYS_REFUSED"],
  ["keys that EC2 does not know", { name: "AuthFailure", status: 401, date: inTime }, "ACCESS_KEYS_REFUSED"],
  ["a token that ran out", { name: "ExpiredTokenException", status: 400 }, "CREDENTIALS_EXPIRED"],
  ["a token that ran out, at STS", { name: "ExpiredToken", status: 403 }, "CREDENTIALS_EXPIRED"],
  ["a request that ran out, at EC2", { name: "RequestExpired", status: 400, date: inTime }, "CREDENTIALS_EXPIRED"],
  [
    "a token that ran out, said as a denial",
    { name: "AccessDeniedException", message: "The security token included in the request is expired", status: 403 },
    "CREDENTIALS_EXPIRED",
  ],
  [
    "a signature from the past",
    { name: "SignatureDoesNotMatch", message: "Signature expired: 20261122T110000Z is now earlier than …" },
    "CLOCK_SKEWED",
  ],
  [
    "a signature from the future",
    { name: "InvalidSignatureException", message: "Signature not yet current: 20261122T130000Z" },
    "CLOCK_SKEWED",
  ],
  ["a signature error while AWS's clock differs", { name: "AuthFailure", date: tenMinutesAhead }, "CLOCK_SKEWED"],
  ["an expired request while AWS's clock differs", { name: "RequestExpired", date: tenMinutesAhead }, "CLOCK_SKEWED"],
  ["a skew that S3 would report", { name: "RequestTimeTooSkewed", status: 403 }, "CLOCK_SKEWED"],
  ["a denial", { name: "AccessDeniedException", status: 400 }, "AWS_ACCESS_DENIED"],
  ["a denial at EC2", { name: "UnauthorizedOperation", status: 403 }, "AWS_ACCESS_DENIED"],
  ["a denial while clocks differ", { name: "AccessDenied", date: tenMinutesAhead }, "AWS_ACCESS_DENIED"],
  ["throttling", { name: "ThrottlingException", status: 400 }, "AWS_THROTTLED"],
  ["throttling at EC2", { name: "RequestLimitExceeded", status: 503 }, "AWS_THROTTLED"],
  ["throttling by a name of its own", { name: "EC2ThrottledException", status: 400 }, "AWS_THROTTLED"],
  ["an answer 429", { name: "Unknown", status: 429 }, "AWS_THROTTLED"],
  ["an operation the endpoint does not know", { name: "UnknownOperationException", status: 400 }, "AWS_SERVICE_ABSENT"],
  ["an action the endpoint does not know", { name: "InvalidAction", status: 400 }, "AWS_SERVICE_ABSENT"],
  ["an emulator that answers 501", { name: "InternalFailure501", status: 501 }, "AWS_SERVICE_ABSENT"],
  ["a page 404 in HTML", { name: "SyntaxError", message: "<html>Not Found", status: 404 }, "AWS_SERVICE_ABSENT"],
  ["a page 200 in HTML", { name: "SyntaxError", message: "<!DOCTYPE html>", status: 200 }, "AWS_SERVICE_ABSENT"],
  ["an answer 403 without a code", { name: "Unknown", status: 403 }, "AWS_ACCESS_DENIED"],
  ["a proxy that wants a password", { name: "Unknown", status: 407 }, "AWS_UNREACHABLE"],
  ["a server error", { name: "InternalServerError", status: 500 }, "AWS_FAILED"],
  ["a gateway's HTML 502", { name: "SyntaxError", message: "<html>", status: 502 }, "AWS_FAILED"],
  ["an instance that is not connected", { name: "TargetNotConnected", status: 400 }, "INSTANCE_NOT_CONNECTED"],
  ["a missing document", { name: "InvalidDocument", status: 400 }, "SESSION_DOCUMENT_MISSING"],
  ["a session that is gone", { name: "DoesNotExistException", status: 400 }, "SESSION_ENDED"],
  ["an instance EC2 does not know", { name: "InvalidInstanceID.NotFound", status: 400 }, "INSTANCE_UNKNOWN"],
  ["a refused connection", { name: "Error", fields: { code: "ECONNREFUSED" } }, "AWS_UNREACHABLE"],
  ["a name that does not resolve", { name: "Error", fields: { code: "ENOTFOUND" } }, "AWS_UNREACHABLE"],
  ["a timeout of the SDK", { name: "TimeoutError" }, "AWS_UNREACHABLE"],
  [
    "all addresses refused",
    { name: "AggregateError", fields: { errors: [{ code: "ECONNREFUSED" }] } },
    "AWS_UNREACHABLE",
  ],
  ["a wrapped reset", { name: "Error", fields: { cause: { code: "ECONNRESET" } } }, "AWS_UNREACHABLE"],
  ["a certificate nobody trusts", { name: "Error", fields: { code: "SELF_SIGNED_CERT_IN_CHAIN" } }, "AWS_UNREACHABLE"],
  [
    "another name's certificate",
    { name: "Error", fields: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } },
    "AWS_UNREACHABLE",
  ],
  ["an unknown error", { name: "WeirdException", status: 400 }, "AWS_FAILED"],
])("%s", (_name, error, code) => {
  expect(toCatalogError(thrown(error), "ssm", "StartSession", NOW_MS).code).toBe(code);
});

test.each([[undefined], [null], ["text"], [42], [{}]])("whatever is thrown becomes a catalog error: %s", (value) => {
  expect(toCatalogError(value, "ssm", "StartSession", NOW_MS).code).toBe("AWS_FAILED");
});

test("a catalog error passes unchanged", () => {
  const error = new CatalogError("CREDENTIALS_EXPIRED");
  expect(toCatalogError(error, "ssm", "StartSession", NOW_MS)).toBe(error);
});

test("what AWS said is kept for the details, with service, operation and request id, and the original as cause", () => {
  const original = thrown({ name: "AccessDeniedException", message: "not authorized: ssm:StartSession" });
  const error = toCatalogError(original, "ssm", "StartSession", NOW_MS);
  expect(error.aws).toEqual({
    service: "ssm",
    operation: "StartSession",
    code: "AccessDeniedException",
    message: "not authorized: ssm:StartSession",
    requestId: "11112222-3333",
  });
  expect(error.cause).toBe(original);
});

test("a network failure names its kind, not the address that may hold a session's name", () => {
  const original = thrown({
    name: "Error",
    message: "connect ECONNREFUSED 10.0.0.1:443 alice-0a1b",
    fields: { code: "ECONNREFUSED" },
  });
  expect(toCatalogError(original, "ssm", "StartSession", NOW_MS).aws?.message).toBe("connection failed: ECONNREFUSED");
});
