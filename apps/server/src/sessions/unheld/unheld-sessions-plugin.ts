import { UnheldSessionParams, UnheldSessions, UnheldSessionsQuery } from "@causeway/wire-contract/unheld-sessions";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { contextOf } from "../../identity/index.ts";
import { AttemptLimiter } from "../../platform/attempt-limiter.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import type { UnheldSessions as UnheldSessionsOfAws } from "./unheld-sessions.ts";

/** Requests per person: each is a call to AWS or two, of the budget that resuming sessions needs too. */
const REQUEST_LIMITS = { attemptsMax: 60, windowMs: 60_000, addressesMax: 10_000 };

export interface UnheldSessionsDependencies {
  unheld: Pick<UnheldSessionsOfAws, "list" | "end">;
  clock: Clock;
  /** Regions of the configuration; others are refused before AWS is asked. */
  regions: readonly string[];
}

/** The person's sessions in AWS that this server does not hold: see them, end one. */
export const unheldSessionsPlugin = (deps: UnheldSessionsDependencies): FastifyPluginAsyncTypebox =>
  async function unheldSessionRoutes(app) {
    const requests = new AttemptLimiter(REQUEST_LIMITS, deps.clock);
    const admit = (ownerKey: string, region: string): void => {
      if (!deps.regions.includes(region)) throw new CatalogError("REGION_NOT_ALLOWED");
      requests.admit(ownerKey);
    };

    app.get(
      "/sessions/unheld",
      {
        config: { access: "signed-in" },
        schema: { querystring: UnheldSessionsQuery, response: { 200: UnheldSessions } },
      },
      async ({ awsIdentity, query }) => {
        admit(awsIdentity.ownerKey, query.region);
        return deps.unheld.list(awsIdentity, query.region);
      },
    );

    app.delete(
      "/sessions/unheld/:awsSessionId",
      {
        config: { access: "signed-in" },
        schema: { params: UnheldSessionParams, querystring: UnheldSessionsQuery, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const { awsIdentity, params, query } = request;
        admit(awsIdentity.ownerKey, query.region);
        await deps.unheld.end(awsIdentity, query.region, params.awsSessionId, contextOf(request));
        return reply.code(204).send(null);
      },
    );
  };
