/**
 * Why an agent that was told of a session does not start it, in the agent's own words as far as they are known (aws-facts.md §7).
 * A session's document asks for something that this machine, its role or the logs' destination does not have. Pure.
 */
import type { InteractiveShell } from "@causeway/ssm-data-channel";
import type { StartFailure } from "../faults/fault-plan.ts";
import { type FleetInstance, USERS_DEFAULT } from "./fleet.ts";
import { noPluginOutput } from "./session-plan.ts";

/** CloudWatch Logs and Amazon S3 are not emulated: every log group and bucket is there and encrypted, but these. */
export const UNENCRYPTED_DESTINATIONS: readonly string[] = ["/harbor/sessions-plain", "harbor-sessions-plain"];

/** The session did not start; `output` is what the person reads. */
export class StartRefusedError extends Error {
  readonly output: string;
  constructor(output: string) {
    super("the session was refused by the machine");
    this.name = "StartRefusedError";
    this.output = output;
  }
}

export interface StartQuestion {
  shell: InteractiveShell;
  instance: Pick<FleetInstance, "users">;
  /** Whether the machine's role allows this. */
  mayUse(action: string): boolean;
  /** What a plan of faults wants here. */
  planned?: StartFailure | undefined;
}

/**
 * An agent that does not find its own part for shells has nothing that could open a data channel: the task fails at once, with the
 * sentence of `getStepExecutionOperation` (agent, framework/runpluginutil/runpluginutil.go). A full disk does so, and no watches left.
 * @returns what the person reads; undefined: the session is begun
 */
export function refusalAtOnce(
  sessionType: string,
  instance: Pick<FleetInstance, "diskFull">,
  planned: StartFailure | undefined,
): string | undefined {
  const isMissing = planned === undefined ? instance.diskFull : planned === "no_shell_plugin";
  return isMissing && sessionType !== "Port" ? noPluginOutput(sessionType) : undefined;
}

/** Why a session that was begun has no shell. */
export type LateFailure = Exclude<StartFailure, "no_shell_plugin">;

/** @returns undefined when the session can start. Logs are looked at before there is a shell, Run As when it is made. */
export function startFailure({ shell, instance, mayUse, planned }: StartQuestion): LateFailure | undefined {
  if (planned !== undefined && planned !== "no_shell_plugin") return planned;
  const { inputs, sessionType } = shell.documentContent;
  if (sessionType === "Port") return undefined;
  const { cloudWatchLogGroupName: group, s3BucketName: bucket } = inputs;
  if (group !== "" && inputs.cloudWatchEncryptionEnabled) {
    if (!mayUse("logs:DescribeLogGroups")) return "log_group_unreadable";
    if (UNENCRYPTED_DESTINATIONS.includes(group)) return "log_group_not_encrypted";
  }
  if (bucket !== "" && inputs.s3EncryptionEnabled) {
    if (!mayUse("s3:GetEncryptionConfiguration")) return "bucket_unreadable";
    if (UNENCRYPTED_DESTINATIONS.includes(bucket)) return "bucket_not_encrypted";
  }
  if (!inputs.runAsEnabled) return undefined;
  if (shell.runAsUser.trim() === "") return "run_as_not_set";
  return (instance.users ?? USERS_DEFAULT).includes(shell.runAsUser) ? undefined : "run_as_no_user";
}

/** What the person reads, without the frame of dashes around it. */
export function startFailureText(failure: Exclude<LateFailure, "blank">, runAsUser: string): string {
  switch (failure) {
    case "run_as_no_user":
      return `Unable to start command: failed to start pty since RunAs user ${runAsUser} does not exist`;
    case "run_as_not_set":
      return "Unable to start command: please set the RunAs default user";
    case "log_group_not_encrypted":
      return notEncrypted("CloudWatch Logs log group", "log group");
    case "bucket_not_encrypted":
      return notEncrypted("Amazon S3 bucket", "bucket");
    case "log_group_unreadable":
      return unreadable("CloudWatch Logs log group", "logs:DescribeLogGroups");
    case "bucket_unreadable":
      return unreadable("Amazon S3 bucket", "s3:GetEncryptionConfiguration");
    case "shell_profile":
      return "Encountered an error while executing shell profile: exit status 127";
    case "handshake":
      return "Handshake timed out. Please ensure that you have the latest version of the session manager plugin.";
  }
}

const notEncrypted = (what: string, short: string): string =>
  `We couldn't start the session because encryption is not set up on the selected ${what}. Either encrypt the ${short} or choose an option to enable logging without encryption.`;
const unreadable = (what: string, action: string): string =>
  `Couldn't start the session because we are unable to validate encryption on ${what}. Error: AccessDeniedException: not authorized to perform ${action}`;
