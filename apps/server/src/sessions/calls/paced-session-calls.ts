/** The calls of sessions to AWS, each within the budget of its account and region (./call-bucket.ts). */
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import { CallBuckets, type Urgency } from "./call-bucket.ts";
import type {
  ActiveSessions,
  DataKey,
  InstanceFacts,
  Patience,
  Registration,
  ResumeAnswer,
  SessionAddress,
  SessionCalls,
  StartedSession,
  StartTarget,
} from "./session-calls.ts";

export class PacedSessionCalls implements SessionCalls {
  readonly #calls: SessionCalls;
  readonly #buckets: CallBuckets;

  constructor(calls: SessionCalls, clock: Clock) {
    this.#calls = calls;
    this.#buckets = new CallBuckets(clock);
  }

  start(identity: AwsIdentity, target: StartTarget): Promise<StartedSession> {
    return this.#paced(identity, target.region, "person", () => this.#calls.start(identity, target));
  }

  resume(identity: AwsIdentity, address: SessionAddress, patience: Patience = {}): Promise<ResumeAnswer> {
    const call = () => this.#calls.resume(identity, address, patience);
    return this.#paced(identity, address.region, "background", call, patience.signal);
  }

  terminate(identity: AwsIdentity, address: SessionAddress): Promise<void> {
    return this.#paced(identity, address.region, "person", () => this.#calls.terminate(identity, address));
  }

  listActive(identity: AwsIdentity, region: string, awsSessionId?: string): Promise<ActiveSessions> {
    return this.#paced(identity, region, "person", () => this.#calls.listActive(identity, region, awsSessionId));
  }

  async instanceProblem(identity: AwsIdentity, region: string, instanceId: string): Promise<ErrorCode | undefined> {
    const ask = () => this.#calls.instanceProblem(identity, region, instanceId);
    return this.#paced(identity, region, "background", ask).catch(() => undefined);
  }

  async registration(identity: AwsIdentity, region: string, instanceId: string): Promise<Registration> {
    const ask = () => this.#calls.registration(identity, region, instanceId);
    return this.#paced(identity, region, "person", ask).catch((): Registration => ({ kind: "unknown" }));
  }

  /** KMS has a budget of its own, of thousands a second. */
  generateDataKey(
    identity: AwsIdentity,
    region: string,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): Promise<DataKey> {
    return this.#calls.generateDataKey(identity, region, keyId, encryptionContext);
  }

  /** EC2's budget, and once per start. */
  describeInstance(identity: AwsIdentity, region: string, instanceId: string): Promise<InstanceFacts> {
    return this.#calls.describeInstance(identity, region, instanceId);
  }

  /** For a call of somebody else that belongs to a start. Resolves when it may leave. @throws CatalogError AWS_THROTTLED */
  async takeTurn(account: string, region: string): Promise<void> {
    await this.#buckets.of(account, region).take("person");
  }

  async #paced<T>(
    { account }: AwsIdentity,
    region: string,
    urgency: Urgency,
    call: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const bucket = this.#buckets.of(account, region);
    await bucket.take(urgency, signal);
    try {
      return await call();
    } catch (error) {
      if (error instanceof CatalogError && error.code === "AWS_THROTTLED") bucket.handleThrottled();
      throw error;
    }
  }
}
