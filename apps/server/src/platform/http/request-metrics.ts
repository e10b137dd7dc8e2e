import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";

const SECONDS_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10] as const;

/** Probes and scrapes come every few seconds: logged for who looks closely only. */
const QUIET_ROUTES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/**
 * Counts, times and logs requests by route pattern, never by address: ids and names stay out of metrics, and
 * queries out of the log.
 */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter("causeway_http_requests_total", "HTTP requests answered", [
    "method",
    "route",
    "status",
  ]);
  const seconds = metrics.histogram("causeway_http_request_seconds", "Time to answer", SECONDS_BUCKETS, ["route"]);
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "other";
    requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    if (!request.ws) seconds.observe({ route }, reply.elapsedTime / 1000);
    const { statusCode: status } = reply;
    const fields = { method: request.method, route, status, ms: Math.round(reply.elapsedTime), ip: request.ip };
    if (QUIET_ROUTES.has(route) || route === "other") request.log.debug(fields, "request answered");
    else request.log.info(fields, "request answered");
  });
}
