/** The machines that stand in one network: those of an account in a region, as far as they run. Pure. */
import { instanceShape } from "../ec2/instance-shape.ts";
import type { FleetInstance } from "../instances/fleet.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";

/**
 * @param host lower case: a name, an id, an address, or what EC2 calls it in DNS
 * @returns the other machine's id
 */
export function neighbourOf(
  { id, account, region, kind }: FleetInstance,
  host: string,
  registry: Pick<InstanceRegistry, "list">,
): string | undefined {
  if (kind === "hybrid") return undefined; // a shop's cellar is another network
  const found = registry.list(account, region).find((instance) => {
    const { definition, state } = instance;
    if (definition.id === id || definition.kind === "hybrid" || state !== "running") return false;
    const names = [definition.id, definition.name.toLowerCase(), definition.privateIp];
    return names.includes(host) || instanceShape(instance).privateDnsName === host;
  });
  return found?.definition.id;
}
