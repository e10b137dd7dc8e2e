import { InstanceDetail, InstanceList, InstanceParams, ListInstancesQuery } from "@causeway/wire-contract/instances";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { AttemptLimiter } from "../platform/attempt-limiter.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { detailOf } from "./instance-detail.ts";
import type { InstanceDirectory } from "./instance-directory.ts";
import type { Inventory } from "./inventory.ts";
import type { CallBudget } from "./inventory-source.ts";
import { moreTelling } from "./more-telling.ts";
import { serviceOf } from "./page-reader.ts";
import { personPace } from "./person-turn.ts";

/** Details opened by one person: three calls to AWS each, which throttles the account as a whole. */
const DETAIL_LIMITS = { attemptsMax: 60, windowMs: 60_000, addressesMax: 10_000 };

export interface InstancesDependencies {
  inventory: Inventory;
  directory: Pick<InstanceDirectory, "facts">;
  /** That of the lists. */
  budget: CallBudget;
  clock: Clock;
  /** Regions of the configuration; others are refused before AWS is asked. */
  regions: readonly string[];
}

/** The list of machines of one region, and one machine in full, as the signed-in person may see them. */
export const instancesPlugin = (deps: InstancesDependencies): FastifyPluginAsyncTypebox =>
  async function instances(app) {
    const details = new AttemptLimiter(DETAIL_LIMITS, deps.clock);

    app.get(
      "/instances",
      {
        config: { access: "signed-in" },
        schema: { querystring: ListInstancesQuery, response: { 200: InstanceList } },
      },
      async (request): Promise<InstanceList> => {
        const { region } = request.query;
        checkRegion(region);
        const source = deps.inventory.source(request.awsIdentity, region);
        const unwatch = source.watch(request.awsIdentity, () => undefined);
        try {
          await source.refresh();
        } finally {
          unwatch();
        }
        const { errors, fetchedAtMs, truncated } = source.state;
        if (fetchedAtMs === undefined || (errors.ec2 && errors.ssm)) throw moreTelling(errors.ec2, errors.ssm);
        return {
          region,
          instances: source.table.instances().sort((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)),
          sources: { ec2: serviceOf(errors.ec2, request.id), ssm: serviceOf(errors.ssm, request.id) },
          truncated,
          fetchedAt: fetchedAtMs,
        };
      },
    );

    app.get(
      "/instances/:instanceId",
      {
        config: { access: "signed-in" },
        schema: { params: InstanceParams, querystring: ListInstancesQuery, response: { 200: InstanceDetail } },
      },
      async (request): Promise<InstanceDetail> => {
        const { region } = request.query;
        checkRegion(region);
        details.admit(request.awsIdentity.ownerKey);
        const { instanceId } = request.params;
        const pace = personPace(deps, request.awsIdentity.account, region);
        const facts = await deps.directory.facts(request.awsIdentity, region, instanceId, pace);
        return detailOf(instanceId, facts, request.id, deps.clock.nowMs());
      },
    );

    function checkRegion(region: string): void {
      if (!deps.regions.includes(region)) throw new CatalogError("REGION_NOT_ALLOWED");
    }
  };

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
