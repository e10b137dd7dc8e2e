/** A machine by where it is, the same for every identity that sees it: for favourites, recent ones, open tabs. Pure. */
import type { InstanceRef } from "@causeway/wire-contract/preferences";

export function instanceRef(instance: { account: string; region: string; id: string }): string {
  return `${instance.account}/${instance.region}/${instance.id}`;
}

export function formatRef({ account, region, instanceId }: InstanceRef): string {
  return `${account}/${region}/${instanceId}`;
}
