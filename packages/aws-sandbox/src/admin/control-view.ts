// What the page shows of fleet and sessions.
import { BROKEN_MACHINES, DEFAULT_FLEET } from "../instances/default-fleet.ts";
import { type InstanceRegistry, pingStatus } from "../instances/instance-registry.ts";
import type { GatewaySession } from "../ssm-messages/session-types.ts";
import type { ControlPageView } from "./control-page-view.ts";

/** Rows of machines; of a larger fleet the ready-made ones come first. */
export const MACHINES_SHOWN_MAX = 200;
const SESSIONS_SHOWN_MAX = 200;

interface Gateway {
  isConnected(instanceId: string): boolean;
  listSessions(): readonly GatewaySession[];
}

export function controlView(
  registry: InstanceRegistry,
  gateway: Gateway,
  nowMs: number,
): Pick<ControlPageView, "machines" | "machineCount" | "sessions"> {
  const all = registry.all();
  const place = new Map(DEFAULT_FLEET.map(({ id }, index) => [id, index]));
  const order = (id: string): number => place.get(id) ?? DEFAULT_FLEET.length;
  const shown = all.sort((a, b) => order(a.definition.id) - order(b.definition.id)).slice(0, MACHINES_SHOWN_MAX);
  return {
    machineCount: all.length,
    machines: shown.map((instance) => {
      const { definition, state } = instance;
      const { id, name, account, region, managed, agentVersion } = definition;
      return {
        id,
        name,
        account,
        region,
        state,
        pingStatus: managed ? pingStatus(instance, nowMs) : "",
        agentVersion: managed ? agentVersion : "",
        isConnected: gateway.isConnected(id),
        trouble: BROKEN_MACHINES.find((broken) => broken.name === name)?.cause ?? "",
      };
    }),
    sessions: gateway
      .listSessions()
      .filter(({ endDate }) => endDate === undefined)
      .slice(0, SESSIONS_SHOWN_MAX),
  };
}
