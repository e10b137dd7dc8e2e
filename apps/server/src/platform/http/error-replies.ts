import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CatalogError } from "../catalog-error.ts";
import { catalogErrorOf, problemOf } from "./problem.ts";

/**
 * Turns whatever was thrown into an answer of the catalog, and logs what somebody other than the caller must act on.
 * @param page answers a path that looks like one of the page's; false: there is none
 */
export function replyWithProblems(
  app: FastifyInstance,
  page: (request: FastifyRequest, reply: FastifyReply) => boolean,
): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = catalogErrorOf(error);
    log(request, problem);
    return sendProblem(reply, problem, request.id);
  });
  app.setNotFoundHandler((request, reply) => {
    if (page(request, reply)) return reply;
    return sendProblem(reply, new CatalogError("ROUTE_NOT_FOUND"), request.id);
  });
}

/** The body is serialized here, so that no response schema of a route gets at it. */
export function sendProblem(reply: FastifyReply, error: CatalogError, requestId: string): FastifyReply {
  return reply
    .code(ERROR_CATALOG[error.code].httpStatus)
    .header("content-type", "application/problem+json; charset=utf-8")
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
