/** For tests: instances as the list has them. */
import type { SourceStatus } from "@causeway/wire-contract/instances";
import { type IndexedInstance, indexInstance, type ListedInstance, mergeIndex } from "../instance-index.ts";
import type { InventorySnapshot } from "../inventory-store.ts";

export function listed(name: string, part: Partial<ListedInstance> = {}): ListedInstance {
  return {
    id: `i-${name}`,
    name,
    kind: "ec2",
    state: "online",
    tags: {},
    account: "111122223333",
    region: "eu-west-1",
    identityId: "first",
    ...part,
    key: part.key ?? `first ${part.region ?? "eu-west-1"} ${part.id ?? `i-${name}`}`,
  };
}

export function indexOf(instances: readonly ListedInstance[]): readonly IndexedInstance[] {
  return mergeIndex([], instances.map(indexInstance), new Set());
}

export const COMPLETE: SourceStatus = {
  phase: "complete",
  refreshing: false,
  loaded: 0,
  truncated: false,
  ec2: { ok: true },
  ssm: { ok: true },
  fetchedAt: 0,
};

export function snapshotOf(
  instances: readonly ListedInstance[],
  status: Partial<SourceStatus> = {},
  more: Partial<InventorySnapshot> = {},
): InventorySnapshot {
  const source = { identityId: "first", account: "111122223333", region: "eu-west-1", refused: undefined };
  const index = indexOf(instances);
  return {
    index,
    texts: index,
    sources: [{ ...source, status: { ...COMPLETE, ...status } }],
    left: [],
    connected: true,
    error: undefined,
    clockOffsetMs: 0,
    ...more,
  };
}
