import { type AwsClientFactory, type AwsClients, callAws } from "../aws/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { INSTANCES_MAX, type InstanceDirectory, type InstancePage } from "./instance-directory.ts";
import { type Ec2Instance, joinInstances, type SsmInstance } from "./join-instances.ts";

/** AWS's largest pages (aws-facts §1): DescribeInstances 1,000, DescribeInstanceInformation 50. */
const EC2_PAGE_SIZE = 1_000;
const SSM_PAGE_SIZE = 50;
/** A service that keeps handing out the same next token must not hold us for ever. */
const PAGES_MAX = Math.ceil(INSTANCES_MAX / SSM_PAGE_SIZE) + 1;

/** Asks EC2 and SSM at the same time; the list stands if either answers. */
export class AwsInstanceDirectory implements InstanceDirectory {
  readonly #clients: AwsClientFactory;

  constructor(clients: AwsClientFactory) {
    this.#clients = clients;
  }

  async list(identity: AwsIdentity, region: string): Promise<InstancePage> {
    await identity.credentials(); // an ended login is one clear error, not two problems beside an empty list
    const clients = this.#clients.create({ credentials: () => identity.credentials(), region });
    const [ec2, ssm] = await Promise.all([attempt(listEc2(clients)), attempt(listSsm(clients))]);
    if (ec2.error !== undefined && ssm.error !== undefined) throw moreTelling(ec2.error, ssm.error);
    const joined = joinInstances(ec2.value?.items, ssm.value?.items, INSTANCES_MAX);
    return {
      instances: joined.instances,
      sources: { ec2: ec2.error, ssm: ssm.error },
      truncated: joined.truncated || ec2.value?.more === true || ssm.value?.more === true,
    };
  }
}

interface Listed<T> {
  items: T[];
  /** There were more pages than we read. */
  more: boolean;
}

async function listEc2(clients: AwsClients): Promise<Listed<Ec2Instance>> {
  const client = await clients.ec2();
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  return allPages(async (token) => {
    const page = await callAws("ec2", "DescribeInstances", () =>
      client.send(new DescribeInstancesCommand({ MaxResults: EC2_PAGE_SIZE, NextToken: token })),
    );
    const items = (page.Reservations ?? [])
      .flatMap((reservation) => reservation.Instances ?? [])
      .map((machine) => ({
        id: machine.InstanceId ?? "",
        state: machine.State?.Name,
        privateIp: machine.PrivateIpAddress,
        availabilityZone: machine.Placement?.AvailabilityZone,
        instanceType: machine.InstanceType,
        platform: machine.Platform?.toLowerCase(),
        tags: (machine.Tags ?? []).map((tag) => ({ key: tag.Key, value: tag.Value })),
      }));
    return { items, nextToken: page.NextToken };
  });
}

async function listSsm(clients: AwsClients): Promise<Listed<SsmInstance>> {
  const client = await clients.ssm();
  const { DescribeInstanceInformationCommand } = await import("@aws-sdk/client-ssm");
  return allPages(async (token) => {
    const page = await callAws("ssm", "DescribeInstanceInformation", () =>
      client.send(new DescribeInstanceInformationCommand({ MaxResults: SSM_PAGE_SIZE, NextToken: token })),
    );
    const items = (page.InstanceInformationList ?? []).map((node) => ({
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
    }));
    return { items, nextToken: page.NextToken };
  });
}

type Page<T> = { items: T[]; nextToken: string | undefined };

async function allPages<T>(read: (token: string | undefined) => Promise<Page<T>>): Promise<Listed<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX && items.length <= INSTANCES_MAX; page++) {
    const answer = await read(token);
    items.push(...answer.items);
    token = answer.nextToken || undefined;
    if (token === undefined) return { items, more: false };
  }
  return { items, more: true };
}

type Attempt<T> = { value: T; error: undefined } | { value: undefined; error: CatalogError };

async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work, error: undefined };
  } catch (error) {
    if (error instanceof CatalogError) return { value: undefined, error };
    throw error;
  }
}

/** Of two failures the one a person can act on: an ended login, a wrong clock, no network; else what SSM said. */
function moreTelling(ec2: CatalogError, ssm: CatalogError): CatalogError {
  const general = new Set(["CREDENTIALS_EXPIRED", "SIGN_IN_REQUIRED", "CLOCK_SKEWED", "AWS_UNREACHABLE"]);
  return general.has(ec2.code) && !general.has(ssm.code) ? ec2 : ssm;
}
