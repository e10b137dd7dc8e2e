/** For tests: AWS's two lists in memory, in small pages, with failures that are scripted. */
import type { AwsIdentity } from "../../identity/index.ts";
import type { CatalogError } from "../../platform/catalog-error.ts";
import type { InstanceDirectory, InstanceFacts, InstancePages, ListService, Page } from "../instance-directory.ts";
import type { CallBudget } from "../inventory-source.ts";
import type { Ec2Instance, SsmInstance } from "../join-instances.ts";
import type { Pace } from "../person-turn.ts";

export class FakeDirectory implements InstanceDirectory {
  ec2: Ec2Instance[] = [];
  ssm: SsmInstance[] = [];
  pageSize = 2;
  /** Every call of the service fails with it while it is set. */
  readonly failWith: Partial<Record<ListService, CatalogError>> = {};
  /** "dana eu-west-1 ec2 first", in the order of the calls. */
  readonly calls: string[] = [];
  factsAnswer: InstanceFacts | undefined;
  #gate: Promise<void> | undefined;
  #openGate: () => void = () => undefined;

  /** Calls wait from now on, until the returned function is called. */
  hold(): () => void {
    this.#gate = new Promise((resolve) => {
      this.#openGate = resolve;
    });
    return () => {
      this.#gate = undefined;
      this.#openGate();
    };
  }

  pages(identity: AwsIdentity, region: string): InstancePages {
    const read = async <T>(service: ListService, items: readonly T[], token: string | undefined): Promise<Page<T>> => {
      this.calls.push(`${identity.name} ${region} ${service} ${token ?? "first"}`);
      await this.#gate;
      const error = this.failWith[service];
      if (error) throw error;
      const from = Number(token ?? 0);
      const to = from + this.pageSize;
      return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : undefined };
    };
    return { ec2: (token) => read("ec2", this.ec2, token), ssm: (token) => read("ssm", this.ssm, token) };
  }

  async facts(identity: AwsIdentity, region: string, instanceId: string, pace: Pace): Promise<InstanceFacts> {
    await pace("ssm", async () => undefined);
    this.calls.push(`${identity.name} ${region} facts ${instanceId}`);
    return this.factsAnswer ?? { ec2: { value: undefined }, ssm: { value: undefined }, connected: { value: false } };
  }

  /** `count` machines that run, each with an agent that pings. */
  fill(count: number): void {
    for (let n = 0; n < count; n++) {
      const id = `i-${n.toString(16).padStart(8, "0")}`;
      this.ec2.push({ id, state: "running", tags: [{ key: "Name", value: `web-${n}` }] });
      this.ssm.push({ id, pingStatus: "Online" });
    }
  }
}

/** Calls leave at once; who throttled is remembered. */
export class OpenBudget implements CallBudget {
  readonly taken: string[] = [];
  readonly throttled: string[] = [];

  async take(service: ListService, account: string, region: string, urgency: string): Promise<void> {
    this.taken.push(`${service} ${account} ${region} ${urgency}`);
  }
  handleThrottled(service: ListService, account: string, region: string): void {
    this.throttled.push(`${service} ${account} ${region}`);
  }
}

/** Lets everything run that waits for nothing but a turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
