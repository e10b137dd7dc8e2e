import type { FastifyInstance } from "fastify";
import type { Metrics } from "../metrics.ts";

const SECONDS_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10] as const;

/** Counts and times requests by route pattern, never by address: ids and names stay out of metrics. */
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
  });
}
