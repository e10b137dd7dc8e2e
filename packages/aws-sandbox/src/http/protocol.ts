// The four dialects in which AWS refuses and fails: JSON 1.1 (SSM), query XML (STS), EC2's own query XML, and the plain XML of
// the message gateway. Codes and texts as the AWS CLI prints them; a request id goes with every answer.
import { AccessDeniedError, AwsError } from "./aws-error.ts";
import type { SignatureRefusal } from "./verify-request.ts";
import { escapeXml } from "./xml.ts";

export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A reply, or the connection is reset instead of one. */
export type HttpAnswer = HttpReply | "reset";

export interface Protocol {
  /** @returns this service's error for a bad signature */
  refusal(refusal: SignatureRefusal): AwsError;
  error(error: AwsError, requestId: string): HttpReply;
  denied(error: AccessDeniedError): AwsError;
}

const MISMATCH_TEXT =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INVALID_TOKEN_TEXT = "The security token included in the request is invalid.";
const EXPIRED_TOKEN_TEXT = "The security token included in the request is expired";

export const JSON_PROTOCOL: Protocol = {
  refusal(refusal) {
    switch (refusal.kind) {
      case "missing":
        return new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
      case "incomplete":
        return new AwsError("IncompleteSignatureException", refusal.detail);
      case "unknown_key":
        return new AwsError("UnrecognizedClientException", INVALID_TOKEN_TEXT);
      case "expired_key":
        return new AwsError("ExpiredTokenException", EXPIRED_TOKEN_TEXT);
      case "mismatch":
        return new AwsError("InvalidSignatureException", MISMATCH_TEXT);
      default:
        return new AwsError("InvalidSignatureException", refusal.detail);
    }
  },
  denied: (error) => new AwsError("AccessDeniedException", error.message),
  // SSM's own errors spell the member `Message`, those of the framework around it `message`; clients read either.
  error: (error, requestId) => ({
    status: error.httpStatus,
    headers: jsonHeaders(requestId),
    body: JSON.stringify({
      __type: error.code,
      ...(error.message === "" ? {} : { [FRAMEWORK_ERRORS.has(error.code) ? "message" : "Message"]: error.message }),
    }),
  }),
};

/** KMS: the same, but that its own errors spell the member `message`, too. */
export const KMS_PROTOCOL: Protocol = {
  ...JSON_PROTOCOL,
  error: (error, requestId) => ({
    status: error.httpStatus,
    headers: jsonHeaders(requestId),
    body: JSON.stringify({ __type: error.code, ...(error.message === "" ? {} : { message: error.message }) }),
  }),
};

const FRAMEWORK_ERRORS: ReadonlySet<string> = new Set([
  "MissingAuthenticationTokenException",
  "IncompleteSignatureException",
  "UnrecognizedClientException",
  "ExpiredTokenException",
  "InvalidSignatureException",
  "ValidationException",
  "SerializationException",
  "ThrottlingException",
]);

export const QUERY_PROTOCOL: Protocol = {
  refusal(refusal) {
    switch (refusal.kind) {
      case "missing":
        return new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
      case "incomplete":
        return new AwsError("IncompleteSignature", refusal.detail, 400);
      case "unknown_key":
        return new AwsError("InvalidClientTokenId", INVALID_TOKEN_TEXT, 403);
      case "expired_key":
        return new AwsError("ExpiredToken", EXPIRED_TOKEN_TEXT, 403);
      case "mismatch":
        return new AwsError("SignatureDoesNotMatch", MISMATCH_TEXT, 403);
      default:
        return new AwsError("SignatureDoesNotMatch", refusal.detail, 403);
    }
  },
  denied: (error) => new AwsError("AccessDenied", error.message, 403),
  error: (error, requestId) => ({
    status: error.httpStatus,
    headers: xmlHeaders(requestId),
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${error.httpStatus < 500 ? "Sender" : "Receiver"}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  }),
};

const EC2_INVALID_TEXT = "AWS was not able to validate the provided access credentials";

export const EC2_PROTOCOL: Protocol = {
  refusal(refusal) {
    switch (refusal.kind) {
      case "missing":
        return new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
      case "incomplete":
        return new AwsError("IncompleteSignature", refusal.detail, 400);
      case "too_old":
      case "expired_key":
        return new AwsError("RequestExpired", "Request has expired.", 400);
      default:
        return new AwsError("AuthFailure", EC2_INVALID_TEXT, 401);
    }
  },
  denied: (error) =>
    new AwsError("UnauthorizedOperation", `You are not authorized to perform this operation. ${error.message}`, 403),
  error: (error, requestId) => ({
    status: error.httpStatus,
    headers: xmlHeaders(requestId),
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  }),
};

/** The agent only looks for `<AccessDeniedException>` and for one sentence (data-channel.md §13.1), and logs the rest. */
export const GATEWAY_PROTOCOL: Protocol = {
  refusal(refusal) {
    const { code, message } = JSON_PROTOCOL.refusal(refusal);
    return new AwsError(code, message, 403);
  },
  denied: (error) => new AwsError("AccessDeniedException", error.message, 403),
  error: (error, requestId) => ({
    status: error.httpStatus,
    headers: xmlHeaders(requestId),
    body: `<${error.code}><Message>${escapeXml(error.message)}</Message></${error.code}>`,
  }),
};

/** Identity Center's portal: the code in a header, the text in the body. */
export const REST_PORTAL_PROTOCOL: Protocol = {
  refusal: () => new AwsError("UnauthorizedException", "Session token not found or invalid", 401),
  denied: (error) => new AwsError("UnauthorizedException", error.message, 401),
  error: (error, requestId) => {
    const code = restCode(error.code);
    return {
      status: error.httpStatus,
      headers: restHeaders(code, requestId),
      body: JSON.stringify({ message: error.message, __type: `com.amazonaws.switchboard.portal#${code}` }),
    };
  },
};

/** Identity Center's token service: besides the header, the words of OAuth (RFC 6749 §5.2, RFC 8628 §3.5). */
export const REST_OIDC_PROTOCOL: Protocol = {
  refusal: () => new AwsError("ExpiredTokenException", "Device code has expired"),
  denied: (error) => new AwsError("AccessDeniedException", error.message),
  error: (error, requestId) => {
    const code = restCode(error.code);
    const word = code
      .replace(/Exception$/, "")
      .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
      .toLowerCase();
    return {
      status: error.httpStatus,
      headers: restHeaders(code, requestId),
      body: JSON.stringify({ error: word, error_description: error.message }),
    };
  },
};

/** What our own readers of JSON say is said otherwise here. */
const restCode = (code: string): string =>
  code === "ValidationException" || code === "SerializationException" ? "InvalidRequestException" : code;

const restHeaders = (code: string, requestId: string): Record<string, string> => ({
  "content-type": "application/json",
  "x-amzn-errortype": code,
  "x-amzn-requestid": requestId,
});

export const jsonHeaders = (requestId: string): Record<string, string> => ({
  "content-type": "application/x-amz-json-1.1",
  "x-amzn-requestid": requestId,
});

export const xmlHeaders = (requestId: string): Record<string, string> => ({
  "content-type": "text/xml;charset=UTF-8",
  "x-amzn-requestid": requestId,
});

/** Any failure as this protocol says it. @param onBug called with what is none of AWS's errors, before a bare 500 goes out */
export function failureReply(
  protocol: Protocol,
  failure: unknown,
  requestId: string,
  onBug: (failure: unknown) => void,
): HttpReply {
  if (failure instanceof AwsError) return protocol.error(failure, requestId);
  if (failure instanceof AccessDeniedError) return protocol.error(protocol.denied(failure), requestId);
  onBug(failure);
  return protocol.error(new AwsError("InternalServerError", "An internal error occurred.", 500), requestId);
}
