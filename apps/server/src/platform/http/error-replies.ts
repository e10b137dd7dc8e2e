import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CatalogError } from "../catalog-error.ts";
import { catalogErrorOf, problemOf } from "./problem.ts";

export interface Answers {
  /** Methods of the routes at a path; empty: there is none. */
  methodsAt(path: string): readonly string[];
  /** Answers a path that looks like one of the page's; false: there is none. */
  page(request: FastifyRequest, reply: FastifyReply): boolean;
}

/**
 * Turns whatever was thrown into an answer of the catalog, and logs what somebody other than the caller must act on.
 * A path of the API or of the probes is never a page, whatever the method.
 */
export function replyWithProblems(app: FastifyInstance, answers: Answers): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = catalogErrorOf(error);
    log(request, problem);
    return sendProblem(reply, problem, request.id);
  });
  app.setNotFoundHandler((request, reply) => {
    const methods = answers.methodsAt(request.url.split("?", 1)[0] ?? "");
    if (methods.length > 0 && !methods.includes(request.method))
      return sendProblem(reply.header("allow", methods.join(", ")), new CatalogError("METHOD_NOT_ALLOWED"), request.id);
    if (methods.length === 0 && answers.page(request, reply)) return reply;
    return sendProblem(reply, new CatalogError("ROUTE_NOT_FOUND"), request.id);
  });
}

/**
 * An address that the router cannot even read. No hook has run for such a request: whose it is, is not known, and the
 * headers that hook sets for all others are set here.
 */
export function replyToUnreadableAddress(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const isTooLong = (error as { code?: unknown }).code === "FST_ERR_MAX_PARAM_LENGTH";
  void reply.headers(BARE_HEADERS);
  // An id of that length is nobody's.
  sendProblem(reply, new CatalogError(isTooLong ? "ROUTE_NOT_FOUND" : "REQUEST_INVALID"), request.id);
}

/** Bytes that are no HTTP request, or one that never ends: answered on the connection itself, which is then closed. */
export function answerBrokenRequest(error: ConnectionError, socket: Socket, requestId: string): void {
  if (error.code === "ECONNRESET" || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const problem = problemOf(new CatalogError(isTooLarge ? "REQUEST_HEADERS_TOO_LARGE" : "REQUEST_INVALID"), requestId);
  const body = JSON.stringify(problem);
  const headers = { ...BARE_HEADERS, "content-type": PROBLEM_CONTENT_TYPE, "content-length": Buffer.byteLength(body) };
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join("")}\r\n${body}`);
}

const TOO_MANY_REQUESTS = 429;
/** What a 429 asks to wait where nobody knows better, in seconds: a window of ours is a minute long. */
export const RETRY_AFTER_S = 60;
/** RFC 9457 §3. */
export const PROBLEM_TYPE = "application/problem+json";
const PROBLEM_CONTENT_TYPE = `${PROBLEM_TYPE}; charset=utf-8`;
/** What no answer goes without, where helmet cannot add the rest. */
const BARE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

/** The body is serialized here, so that no response schema of a route gets at it. */
export function sendProblem(reply: FastifyReply, error: CatalogError, requestId: string): FastifyReply {
  const { httpStatus } = ERROR_CATALOG[error.code];
  if (httpStatus === TOO_MANY_REQUESTS) void reply.header("retry-after", error.retryAfterS ?? RETRY_AFTER_S);
  return reply
    .code(httpStatus)
    .header("content-type", PROBLEM_CONTENT_TYPE)
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemOf(error, requestId));
}

function log(request: FastifyRequest, error: CatalogError): void {
  const { actor, httpStatus } = ERROR_CATALOG[error.code];
  const fields = { code: error.code, err: error };
  if (error.code === "INTERNAL_ERROR") request.log.error(fields, "a request failed");
  else if (actor === "server-operator" && httpStatus >= 500) request.log.warn(fields, "a request failed");
  else request.log.debug(fields, "a request was refused");
}
