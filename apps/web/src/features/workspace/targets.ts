/** What a tab or pane is on, made from what the list or the server says; and what was opened lately. Pure. */
import type { Instance } from "@causeway/wire-contract/instances";
import type { Session } from "@causeway/wire-contract/sessions";
import type { TabTarget } from "./tab-state.ts";

/** Instances opened lately, kept for the list's first group. More than it shows: it shows one region's. */
export const RECENT_KEPT_MAX = 20;

export interface Recent {
  instanceId: string;
  region: string;
}

/** An instance, and the identity that sees it where there is more than one. */
export type OpenedInstance = Instance & { identityId?: string; account?: string };

export function targetOfSession({ identityId, account, instanceId, instanceName, region }: Session): TabTarget {
  return { identityId, account, instanceId, instanceName, region };
}

export function targetOfInstance(instance: OpenedInstance, region: string): TabTarget {
  const { id, name, identityId, account, availabilityZone, platform } = instance;
  return {
    ...(identityId === undefined ? {} : { identityId }),
    ...(account === undefined ? {} : { account }),
    instanceId: id,
    instanceName: name,
    region,
    ...(availabilityZone === undefined ? {} : { availabilityZone }),
    ...(platform === undefined ? {} : { platform }),
  };
}

export function withRecent(recent: readonly Recent[], opened: Recent): Recent[] {
  const others = recent.filter((one) => one.instanceId !== opened.instanceId || one.region !== opened.region);
  return [opened, ...others].slice(0, RECENT_KEPT_MAX);
}

/** Those of this page before those that the server tells, newest first. */
export function recentFrom(sessions: readonly Session[], opened: readonly Recent[]): readonly Recent[] {
  const oldestFirst = [...sessions].sort((a, b) => a.startedAt - b.startedAt);
  const fromServer = oldestFirst.reduce<readonly Recent[]>(
    (recent, { instanceId, region }) => withRecent(recent, { instanceId, region }),
    [],
  );
  return [...opened].reverse().reduce(withRecent, fromServer);
}
