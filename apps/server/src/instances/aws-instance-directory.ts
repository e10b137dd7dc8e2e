import type { Instance as AwsInstance } from "@aws-sdk/client-ec2";
import type { InstanceInformation } from "@aws-sdk/client-ssm";
import { type AwsClientFactory, type AwsClients, callAws } from "../aws/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { InstanceDirectory, InstanceFacts, InstancePages, Page, Told } from "./instance-directory.ts";
import { type Ec2Instance, type InstanceTags, plainText, type SsmInstance } from "./join-instances.ts";
import type { Pace } from "./person-turn.ts";

/**
 * DescribeInstances gives up to 1,000 (aws-facts §1). Ours are smaller: the SDK reads a page's XML in one turn of the
 * event loop, and the terminals of everybody wait for it (decision 0014).
 */
export const EC2_PAGE_SIZE = 100;
/** The largest page of DescribeInstanceInformation (aws-facts §1). */
export const SSM_PAGE_SIZE = 50;

/** Translates between AWS's two lists and our words; no SDK type leaves this file. */
export class AwsInstanceDirectory implements InstanceDirectory {
  readonly #factory: AwsClientFactory;

  constructor(factory: AwsClientFactory) {
    this.#factory = factory;
  }

  pages(identity: AwsIdentity, region: string): InstancePages {
    const clients = this.#clients(identity, region);
    return { ec2: (token) => ec2Page(clients, token), ssm: (token) => ssmPage(clients, token) };
  }

  async facts(identity: AwsIdentity, region: string, instanceId: string, pace: Pace): Promise<InstanceFacts> {
    const clients = this.#clients(identity, region);
    const isHybrid = instanceId.startsWith("mi-");
    const [ec2, ssm, connected, tags] = await Promise.all([
      isHybrid ? { value: undefined } : told(pace("ec2", () => ec2Facts(clients, instanceId))),
      told(pace("ssm", () => ssmFacts(clients, instanceId))),
      told(pace("ssm", () => isConnected(clients, instanceId))),
      isHybrid ? told(pace("ssm", () => hybridTags(clients, instanceId))) : undefined,
    ]);
    return {
      ec2,
      ssm,
      connected: "error" in connected ? connected : { value: connected.value === true },
      ...(tags === undefined ? {} : { tags }),
    };
  }

  #clients(identity: AwsIdentity, region: string): AwsClients {
    return this.#factory.create({ credentials: () => identity.credentials(), region });
  }
}

async function ec2Page(clients: AwsClients, token: string | undefined): Promise<Page<Ec2Instance>> {
  const client = await clients.ec2("once");
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const page = await callAws("ec2", "DescribeInstances", () =>
    client.send(new DescribeInstancesCommand({ MaxResults: EC2_PAGE_SIZE, NextToken: token })),
  );
  const machines = (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
  return { items: machines.map(machineOf), nextToken: page.NextToken || undefined };
}

async function ssmPage(clients: AwsClients, token: string | undefined): Promise<Page<SsmInstance>> {
  const client = await clients.ssm("once");
  const { DescribeInstanceInformationCommand } = await import("@aws-sdk/client-ssm");
  const page = await callAws("ssm", "DescribeInstanceInformation", () =>
    client.send(new DescribeInstanceInformationCommand({ MaxResults: SSM_PAGE_SIZE, NextToken: token })),
  );
  return { items: (page.InstanceInformationList ?? []).map(nodeOf), nextToken: page.NextToken || undefined };
}

async function ec2Facts(clients: AwsClients, instanceId: string) {
  const client = await clients.ec2();
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const answer = await callAws("ec2", "DescribeInstances", () =>
    client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
  ).catch((error: unknown) => {
    // EC2 fails the call for a machine that it does not know, e.g. one that went a while ago.
    if (error instanceof CatalogError && error.aws?.code.startsWith("InvalidInstanceID")) return undefined;
    throw error;
  });
  const machine = answer?.Reservations?.[0]?.Instances?.[0];
  if (machine === undefined) return undefined;
  return {
    machine: machineOf(machine),
    facts: {
      ...given("imageId", machine.ImageId),
      ...given("vpcId", machine.VpcId),
      ...given("subnetId", machine.SubnetId),
      ...given("privateDns", machine.PrivateDnsName),
      ...given("publicIp", machine.PublicIpAddress),
      ...given("architecture", machine.Architecture),
      ...given("instanceProfileArn", machine.IamInstanceProfile?.Arn),
      ...givenTime("launchedAt", machine.LaunchTime),
    },
  };
}

async function ssmFacts(clients: AwsClients, instanceId: string) {
  const client = await clients.ssm();
  const { DescribeInstanceInformationCommand } = await import("@aws-sdk/client-ssm");
  const answer = await callAws("ssm", "DescribeInstanceInformation", () =>
    client.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [instanceId] }] })),
  );
  const node = answer.InstanceInformationList?.[0];
  if (node === undefined) return undefined;
  return {
    node: nodeOf(node),
    facts: {
      ...(node.IsLatestVersion === undefined ? {} : { isLatest: node.IsLatestVersion }),
      ...given("computerName", node.ComputerName),
      ...given("activationId", node.ActivationId),
      ...given("iamRole", node.IamRole),
      ...givenTime("registeredAt", node.RegistrationDate),
    },
  };
}

async function isConnected(clients: AwsClients, instanceId: string): Promise<boolean> {
  const client = await clients.ssm("once");
  const { GetConnectionStatusCommand } = await import("@aws-sdk/client-ssm");
  const answer = await callAws("ssm", "GetConnectionStatus", () =>
    client.send(new GetConnectionStatusCommand({ Target: instanceId })),
  );
  return answer.Status === "connected";
}

/** Neither list has them, and there is a call for one node only: never asked for a whole list. Source: SSM API Reference. */
async function hybridTags(clients: AwsClients, instanceId: string): Promise<InstanceTags> {
  const client = await clients.ssm("once");
  const { ListTagsForResourceCommand } = await import("@aws-sdk/client-ssm");
  const answer = await callAws("ssm", "ListTagsForResource", () =>
    client.send(new ListTagsForResourceCommand({ ResourceType: "ManagedInstance", ResourceId: instanceId })),
  );
  return tagsOf(answer.TagList);
}

function tagsOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): InstanceTags {
  return (tags ?? []).map((tag) => ({ key: tag.Key, value: tag.Value }));
}

function machineOf(machine: AwsInstance): Ec2Instance {
  return {
    id: machine.InstanceId ?? "",
    state: machine.State?.Name,
    stateReason: machine.StateReason?.Message,
    hasProfile: machine.IamInstanceProfile?.Arn !== undefined,
    privateIp: machine.PrivateIpAddress,
    publicIp: machine.PublicIpAddress,
    availabilityZone: machine.Placement?.AvailabilityZone,
    instanceType: machine.InstanceType,
    platform: machine.Platform?.toLowerCase(),
    tags: tagsOf(machine.Tags),
  };
}

function nodeOf(node: InstanceInformation): SsmInstance {
  return {
    id: node.InstanceId ?? "",
    pingStatus: node.PingStatus,
    lastPingAtMs: node.LastPingDateTime?.getTime(),
    agentVersion: node.AgentVersion,
    platformType: node.PlatformType,
    platformName: node.PlatformName,
    platformVersion: node.PlatformVersion,
    ipAddress: node.IPAddress,
    name: node.Name,
    computerName: node.ComputerName,
  };
}

async function told<T>(work: Promise<T>): Promise<Told<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof CatalogError) return { error };
    throw error;
  }
}

function given<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  const text = plainText(value);
  return text === "" ? {} : ({ [key]: text } as { [P in K]?: string });
}

function givenTime<K extends string>(key: K, value: Date | undefined): { [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value.getTime() } as { [P in K]?: number });
}
