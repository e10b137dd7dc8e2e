/**
 * Asks IAM whether a viewer could start a session on an instance herself: `SimulatePrincipalPolicy` with her own credentials, about
 * herself (IAM API Reference). Never a probe session. Without a clear "allowed" the answer is no.
 */
import { type AwsClientFactory, callAws } from "../aws/index.ts";
import type { AwsIdentity } from "../identity/index.ts";
import type { Log } from "../platform/logger.ts";
import type { SessionFacts } from "../sessions/index.ts";

type Instance = Pick<SessionFacts, "account" | "region" | "instanceId">;

export class AwsStartPermission {
  readonly #factory: AwsClientFactory;
  readonly #log: Log;

  constructor(factory: AwsClientFactory, log: Log) {
    this.#factory = factory;
    this.#log = log;
  }

  /** Never rejects. Of another account's instances nobody is believed to be allowed anything: a simulation does not know them. */
  async mayStartSession(identity: AwsIdentity, instance: Instance): Promise<boolean> {
    if (identity.account !== instance.account) return false;
    for (const sourceArn of policySourcesOf(identity.arn, instance.region)) {
      const answer = await this.#simulate(identity, sourceArn, instance);
      if (answer !== undefined) return answer;
    }
    return false;
  }

  /** @returns undefined: it could not be asked about that user or role */
  async #simulate(identity: AwsIdentity, sourceArn: string, instance: Instance): Promise<boolean | undefined> {
    const { region } = instance;
    try {
      const client = await this.#factory.create({ credentials: () => identity.credentials(), region }).iam();
      const { SimulatePrincipalPolicyCommand } = await import("@aws-sdk/client-iam");
      const answer = await callAws("iam", "SimulatePrincipalPolicy", () =>
        client.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: sourceArn,
            ActionNames: ["ssm:StartSession"],
            ResourceArns: [instanceArn(identity.arn, instance)],
          }),
        ),
      );
      const results = answer.EvaluationResults ?? [];
      return results.length > 0 && results.every(({ EvalDecision }) => EvalDecision === "allowed");
    } catch (error) {
      this.#log.info({ err: error, instanceId: instance.instanceId }, "IAM could not say what a viewer may do");
      return undefined;
    }
  }
}

/**
 * Users and roles whose policies decide for this caller. The ARN of an assumed role leaves out the role's path, which a
 * simulation needs: those of Identity Center are known (IAM User Guide, reserved paths), others are taken to have none.
 */
export function policySourcesOf(callerArn: string, region: string): string[] {
  const found = /^(arn:[\w-]+:)sts(::[0-9]{12}:)assumed-role\/([^/]+)\//.exec(callerArn);
  if (found === null) return /^arn:[\w-]+:iam::[0-9]{12}:user\//.test(callerArn) ? [callerArn] : [];
  const [, partition = "", account = "", role = ""] = found;
  const base = `${partition}iam${account}role/`;
  if (!role.startsWith("AWSReservedSSO_")) return [`${base}${role}`];
  const reserved = `${base}aws-reserved/sso.amazonaws.com/`;
  return [`${reserved}${region}/${role}`, `${reserved}${role}`];
}

function instanceArn(callerArn: string, { account, instanceId, region }: Instance): string {
  const partition = callerArn.split(":")[1] ?? "aws";
  const [service, kind] = instanceId.startsWith("mi-") ? ["ssm", "managed-instance"] : ["ec2", "instance"];
  return `arn:${partition}:${service}:${region}:${account}:${kind}/${instanceId}`;
}
