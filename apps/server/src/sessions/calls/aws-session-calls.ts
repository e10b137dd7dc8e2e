import type { Session, SessionFilter } from "@aws-sdk/client-ssm";
import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { type AwsClientFactory, type AwsClients, callAws } from "../../aws/index.ts";
import type { AwsIdentity } from "../../identity/index.ts";
import { plainText } from "../../instances/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import { isStopped } from "./instance-words.ts";
import type {
  ActiveSession,
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

/** Bytes of a session's data key: 32 for each direction (data-channel.md §8.1). */
const DATA_KEY_BYTES = 64;
/** AWS's largest page (aws-facts §1), and how many of them are read: 1,000 sessions of one person. */
const SESSION_PAGE_SIZE = 200;
export const SESSION_PAGES_MAX = 5;

export class AwsSessionCalls implements SessionCalls {
  readonly #factory: AwsClientFactory;

  constructor(factory: AwsClientFactory) {
    this.#factory = factory;
  }

  async start(identity: AwsIdentity, target: StartTarget): Promise<StartedSession> {
    // `once`: a repeated StartSession would leave a second shell that nobody sees.
    const client = await this.#clients(identity, target.region).ssm("once");
    const { StartSessionCommand } = await import("@aws-sdk/client-ssm");
    const answer = await againWithAwsClock(() =>
      callAws("ssm", "StartSession", () =>
        client.send(
          new StartSessionCommand({
            Target: target.instanceId,
            DocumentName: target.documentName,
            Reason: target.reason,
          }),
        ),
      ),
    );
    if (!answer.SessionId || !answer.StreamUrl || !answer.TokenValue)
      throw new CatalogError("AWS_FAILED", { detail: "StartSession answered without session, address or token" });
    return { awsSessionId: answer.SessionId, streamUrl: answer.StreamUrl, token: answer.TokenValue };
  }

  async resume(
    identity: AwsIdentity,
    { region, awsSessionId }: SessionAddress,
    { withinMs }: Patience = {},
  ): Promise<ResumeAnswer> {
    const client = await this.#clients(identity, region).ssm("once");
    const { ResumeSessionCommand } = await import("@aws-sdk/client-ssm");
    try {
      const answer = await againWithAwsClock(() =>
        callAws("ssm", "ResumeSession", () =>
          client.send(
            new ResumeSessionCommand({ SessionId: awsSessionId }),
            withinMs === undefined ? {} : { requestTimeout: withinMs },
          ),
        ),
      );
      if (!answer.TokenValue) return { kind: "gone" };
      return { kind: "token", token: answer.TokenValue, streamUrl: answer.StreamUrl || undefined };
    } catch (error) {
      if (isGone(error)) return { kind: "gone" };
      throw error;
    }
  }

  async terminate(identity: AwsIdentity, { region, awsSessionId }: SessionAddress): Promise<void> {
    const client = await this.#clients(identity, region).ssm();
    const { TerminateSessionCommand } = await import("@aws-sdk/client-ssm");
    try {
      await callAws("ssm", "TerminateSession", () =>
        client.send(new TerminateSessionCommand({ SessionId: awsSessionId })),
      );
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async generateDataKey(
    identity: AwsIdentity,
    region: string,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): Promise<DataKey> {
    const client = await this.#clients(identity, region).kms();
    const { GenerateDataKeyCommand } = await import("@aws-sdk/client-kms");
    const answer = await callAws("kms", "GenerateDataKey", () =>
      client.send(
        new GenerateDataKeyCommand({
          KeyId: keyId,
          NumberOfBytes: DATA_KEY_BYTES,
          EncryptionContext: encryptionContext,
        }),
      ),
    );
    if (answer.Plaintext?.length !== DATA_KEY_BYTES || answer.CiphertextBlob === undefined)
      throw new CatalogError("AWS_FAILED", { detail: "GenerateDataKey answered without a usable key" });
    return { plaintext: answer.Plaintext, ciphertextBlob: answer.CiphertextBlob };
  }

  async listActive(identity: AwsIdentity, region: string, awsSessionId?: string): Promise<ActiveSessions> {
    const client = await this.#clients(identity, region).ssm();
    const { DescribeSessionsCommand } = await import("@aws-sdk/client-ssm");
    const Filters: SessionFilter[] = [{ key: "Owner", value: identity.arn }];
    if (awsSessionId !== undefined) Filters.push({ key: "SessionId", value: awsSessionId });
    const sessions: ActiveSession[] = [];
    let token: string | undefined;
    for (let page = 0; page < SESSION_PAGES_MAX; page++) {
      const answer = await callAws("ssm", "DescribeSessions", () =>
        client.send(
          new DescribeSessionsCommand({ State: "Active", MaxResults: SESSION_PAGE_SIZE, Filters, NextToken: token }),
        ),
      );
      for (const session of answer.Sessions ?? []) sessions.push(activeSession(session));
      token = answer.NextToken || undefined;
      if (token === undefined) return { sessions, truncated: false };
    }
    return { sessions, truncated: true };
  }

  async registration(identity: AwsIdentity, region: string, instanceId: string): Promise<Registration> {
    const client = await this.#clients(identity, region).ssm("once");
    const { DescribeInstanceInformationCommand } = await import("@aws-sdk/client-ssm");
    try {
      const answer = await callAws("ssm", "DescribeInstanceInformation", () =>
        client.send(
          new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [instanceId] }] }),
        ),
      );
      const node = answer.InstanceInformationList?.at(0);
      if (node === undefined) return { kind: "never" };
      if (node.PingStatus === "Online") return { kind: "online" };
      return { kind: "lost", lastPingAtMs: node.LastPingDateTime?.getTime() };
    } catch {
      return { kind: "unknown" }; // not allowed, or AWS is what does not answer: nothing is known of the instance
    }
  }

  async instanceProblem(identity: AwsIdentity, region: string, instanceId: string): Promise<ErrorCode | undefined> {
    const { kind } = await this.registration(identity, region, instanceId);
    if (kind === "online" || kind === "unknown") return undefined;
    const { ec2State } = await this.describeInstance(identity, region, instanceId);
    return isStopped(ec2State) ? "INSTANCE_STOPPED" : "INSTANCE_NOT_CONNECTED";
  }

  async describeInstance(identity: AwsIdentity, region: string, instanceId: string): Promise<InstanceFacts> {
    const clients = this.#clients(identity, region);
    try {
      return instanceId.startsWith("mi-")
        ? await hybridFacts(clients, instanceId)
        : await ec2Facts(clients, instanceId);
    } catch {
      return {}; // not allowed, not there, not reachable: the session does not depend on it
    }
  }

  #clients(identity: AwsIdentity, region: string): AwsClients {
    return this.#factory.create({ credentials: () => identity.credentials(), region });
  }
}

async function ec2Facts(clients: AwsClients, instanceId: string): Promise<InstanceFacts> {
  const client = await clients.ec2();
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const answer = await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const machine = answer.Reservations?.flatMap((reservation) => reservation.Instances ?? []).at(0);
  return facts(machine?.Tags?.find((tag) => tag.Key === "Name")?.Value, machine?.State?.Name);
}

async function hybridFacts(clients: AwsClients, instanceId: string): Promise<InstanceFacts> {
  const client = await clients.ssm();
  const { DescribeInstanceInformationCommand } = await import("@aws-sdk/client-ssm");
  const answer = await client.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [instanceId] }] }),
  );
  const node = answer.InstanceInformationList?.at(0);
  return facts(node?.Name || node?.ComputerName, undefined);
}

function facts(name: string | undefined, ec2State: string | undefined): InstanceFacts {
  const shown = plainText(name);
  return { ...(shown === "" ? {} : { name: shown }), ...(ec2State === undefined ? {} : { ec2State }) };
}

function activeSession(session: Session): ActiveSession {
  return {
    awsSessionId: session.SessionId ?? "",
    instanceId: session.Target ?? "",
    documentName: session.DocumentName,
    status: session.Status ?? "",
    startedAtMs: session.StartDate?.getTime(),
  };
}

/** The client has learned AWS's clock from the refusal, and a refused signature did nothing. */
async function againWithAwsClock<T>(send: () => Promise<T>): Promise<T> {
  return send().catch((error: unknown) => {
    if (error instanceof CatalogError && error.code === "CLOCK_SKEWED") return send();
    throw error;
  });
}

function isGone(error: unknown): boolean {
  return error instanceof CatalogError && error.aws?.code === "DoesNotExistException";
}
