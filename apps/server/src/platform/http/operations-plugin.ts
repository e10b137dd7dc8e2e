import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import { CatalogError } from "../catalog-error.ts";
import type { Metrics } from "../metrics.ts";

export const OPERATIONS_PATHS: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** One thing that must hold before people are sent here. */
export interface ReadyCheck {
  name: string;
  /** Rejects with a plain line when it does not hold. */
  check(): Promise<void>;
}

export interface OperationsPluginDeps {
  metrics: Metrics;
  metricsToken: string | undefined;
  /** Nobody beyond this machine can ask: metrics then need no token. */
  isForThisMachineAlone: boolean;
  readyChecks: readonly ReadyCheck[];
  isStopping(): boolean;
}

/** /healthz: the process lives. /readyz: it can do its work. /metrics: Prometheus text. No word of persons in any. */
export const operationsPlugin = (deps: OperationsPluginDeps): FastifyPluginAsync =>
  async function operations(app) {
    app.get("/healthz", { config: { access: "public" }, schema: { hide: true } }, async () => ({ status: "ok" }));

    app.get("/readyz", { config: { access: "public" }, schema: { hide: true } }, async (request, reply) => {
      const checks: Record<string, "ok" | "failed"> = {};
      for (const { name, check } of deps.readyChecks) {
        try {
          await check();
          checks[name] = "ok";
        } catch (error) {
          checks[name] = "failed";
          request.log.warn({ err: error, check: name }, "not ready");
        }
      }
      const ready = !deps.isStopping() && Object.values(checks).every((result) => result === "ok");
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", checks });
    });

    app.get("/metrics", { config: { access: "public" }, schema: { hide: true } }, async (request, reply) => {
      if (deps.metricsToken !== undefined) {
        if (!isBearer(request.headers.authorization, deps.metricsToken))
          throw new CatalogError("METRICS_TOKEN_REQUIRED");
      } else if (!deps.isForThisMachineAlone) throw new CatalogError("ROUTE_NOT_FOUND");
      return reply.type(deps.metrics.contentType).send(await deps.metrics.text());
    });
  };

function isBearer(header: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(header ?? ""), hash(`Bearer ${token}`));
}
