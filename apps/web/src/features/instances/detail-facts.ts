/** What the details say of a machine, in words. Pure; times are the server's clock, in milliseconds since the epoch. */
import type { Instance, InstanceDetail } from "@causeway/wire-contract/instances";
import { formatSpan } from "../../lib/relative-time.ts";
import type { ListedInstance } from "./instance-index.ts";
import { reasonText } from "./instance-words.ts";

export interface Fact {
  name: string;
  value: string;
  mono?: boolean;
}

export interface FactGroup {
  title: string;
  facts: readonly Fact[];
}

/** Can a shell be opened, as far as the newest answer goes: the connection itself before the ping, which lags minutes. */
export function connectionWords(
  instance: Instance,
  detail: InstanceDetail | undefined,
  nowMs: number,
): { title: string; text: string; tone: "ok" | "warn" | "plain" } {
  const { lastPingAt } = instance;
  const ping = lastPingAt === undefined ? "" : `Last ping ${formatSpan(nowMs - lastPingAt)} ago.`;
  const status = detail?.connection.status ?? "unknown";
  if (status === "connected") return { title: "Connected.", text: ping, tone: "ok" };
  const reason = reasonText(instance, nowMs);
  const text = reason === "" ? ping : `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`;
  if (status === "not-connected") return { title: "Not connected.", text, tone: "warn" };
  if (instance.state === "online") return { title: "Online, as SSM says.", text: ping, tone: "plain" };
  return { title: "It cannot be reached.", text, tone: "warn" };
}

export function detailFacts(instance: ListedInstance, detail: InstanceDetail | undefined, nowMs: number): FactGroup[] {
  const { ec2, agent } = detail ?? {};
  const isHybrid = instance.kind === "hybrid";
  const machine = [
    fact("EC2 state", instance.ec2State),
    fact("Why", instance.stateReason),
    fact("Launched", ago(ec2?.launchedAt, nowMs)),
    fact("Type", [instance.instanceType, ec2?.architecture].filter(Boolean).join(", ")),
    fact("Zone", instance.availabilityZone, true),
    fact("Private address", instance.privateIp, true),
    fact("Public address", ec2?.publicIp, true),
    fact("Private name", ec2?.privateDns, true),
    fact("VPC", ec2?.vpcId, true),
    fact("Subnet", ec2?.subnetId, true),
    fact("Image", ec2?.imageId, true),
    fact("Instance profile", ec2?.instanceProfileArn, true),
    fact("Account", instance.account),
    fact("Region", instance.region, true),
  ].flat();
  const node = [
    fact("Platform", instance.platform),
    fact("Agent", agentText(instance.agentVersion, agent?.isLatest)),
    fact("Last ping", ago(instance.lastPingAt, nowMs)),
    fact("Computer name", agent?.computerName, true),
    fact("Registered", ago(agent?.registeredAt, nowMs)),
    fact("Activation", agent?.activationId, true),
    fact("Role", agent?.iamRole, true),
  ].flat();
  return [
    { title: isHybrid ? "Machine" : "EC2", facts: machine },
    { title: "Systems Manager", facts: node },
  ];
}

function fact(name: string, value: string | undefined, mono = false): Fact[] {
  return value === undefined || value === "" ? [] : [{ name, value, ...(mono ? { mono } : {}) }];
}

function ago(atMs: number | undefined, nowMs: number): string | undefined {
  return atMs === undefined ? undefined : `${formatSpan(nowMs - atMs)} ago`;
}

function agentText(version: string | undefined, isLatest: boolean | undefined): string | undefined {
  if (version === undefined || isLatest === undefined) return version;
  return isLatest ? `${version}, the latest` : `${version}, not the latest`;
}
