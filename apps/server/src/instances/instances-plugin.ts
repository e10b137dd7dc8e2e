import { InstanceList, ListInstancesQuery } from "@causeway/wire-contract/instances";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { problemOf } from "../platform/http/problem.ts";
import type { InstanceDirectory } from "./instance-directory.ts";

export interface InstancesDependencies {
  directory: InstanceDirectory;
  clock: Clock;
  /** Regions of the configuration; others are refused before AWS is asked. */
  regions: readonly string[];
}

/** The list of machines of one region, as the signed-in person may see it. */
export const instancesPlugin = (deps: InstancesDependencies): FastifyPluginAsyncTypebox =>
  async function instances(app) {
    app.get(
      "/instances",
      {
        config: { access: "signed-in" },
        schema: { querystring: ListInstancesQuery, response: { 200: InstanceList } },
      },
      async (request): Promise<InstanceList> => {
        const { region } = request.query;
        if (!deps.regions.includes(region)) throw new CatalogError("REGION_NOT_ALLOWED");
        const page = await deps.directory.list(request.awsIdentity, region);
        const source = (error: CatalogError | undefined) =>
          error === undefined ? { ok: true } : { ok: false, problem: problemOf(error, request.id) };
        return {
          region,
          instances: page.instances,
          sources: { ec2: source(page.sources.ec2), ssm: source(page.sources.ssm) },
          truncated: page.truncated,
          fetchedAt: deps.clock.nowMs(),
        };
      },
    );
  };
