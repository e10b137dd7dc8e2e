/**
 * Why an agent gave no shell, told from its own words. Pure.
 *
 * The words reach us as the text of `channel_closed`. A session plugin's failure stands below a line of dashes (data-channel.md
 * §10.2); a session that never reached a plugin has its sentence alone. Both are told by parts that the agent's source writes
 * literally (agent 3.3, paths of its repository beside each); what surrounds them may be cut or translated by nobody.
 */

import type { ErrorCode } from "@causeway/wire-contract/error-catalog";

/** Longest name taken from an agent's text, in characters: a user of Linux has at most 32, one of Windows 20. */
export const SUBJECT_CHARACTERS_MAX = 64;

export interface AgentFailure {
  code?: ErrorCode;
  /** The name that the code is about. */
  subject?: string;
}

/** `errTitle` of framework/processor/executer/iohandler/iohandler.go, white space made one blank each. */
const ERROR_BLOCK = /-{5,}ERROR-{5,}/;

/** The first that fits. A pattern's group, if it has one, is the name that the code is about. */
const FAILURES: readonly (readonly [RegExp, ErrorCode])[] = [
  // session/shell/shell_unix.go, `startPty`
  [/failed to start pty since RunAs user (.+?) does not exist/i, "RUN_AS_USER_MISSING"],
  [/please set the RunAs default user/i, "RUN_AS_USER_NOT_SET"],
  [/the agent must run as root to use RunAs/i, "RUN_AS_NOT_POSSIBLE"],
  // session/config/config.go, `CloudWatchEncryptionErrorMsg` and `S3EncryptionErrorMsg`
  [/encryption is not set up on the selected CloudWatch Logs log group/i, "LOG_GROUP_NOT_ENCRYPTED"],
  [/encryption is not set up on the selected Amazon S3 bucket/i, "LOG_BUCKET_NOT_ENCRYPTED"],
  // session/shell/shell.go, `validate`
  [/unable to validate encryption on CloudWatch Logs log group/i, "LOG_GROUP_UNREADABLE"],
  [/unable to validate encryption on Amazon S3 bucket/i, "LOG_BUCKET_UNREADABLE"],
  // session/plugins/sessionplugin/sessionplugin.go, `Execute`; the service's own words follow
  [
    /Setting up data channel with id \S+ failed:.*(?:AccessDenied|not authorized|explicit deny)/i,
    "INSTANCE_CHANNEL_DENIED",
  ],
  [/Setting up data channel with id \S+ failed/i, "INSTANCE_CHANNEL_FAILED"],
  // session/datachannel/datachannel.go, the handshake
  [/Fetching data key failed/i, "INSTANCE_KEY_REFUSED"],
  [/Handshake timed out\. Please ensure that you have the latest version/i, "HANDSHAKE_FAILED"],
  [/Encountered error while initiating handshake/i, "HANDSHAKE_FAILED"],
  // session/shell/shell.go: "an error" in 3.3, without the article in earlier ones (aws-facts.md §7)
  [/Encountered (?:an )?error while executing shell profile/i, "SHELL_PROFILE_FAILED"],
  [/Unable to start command:|Error occurred starting the command:/i, "AGENT_SHELL_NOT_STARTED"],
];

/** framework/runpluginutil/runpluginutil.go, `getStepExecutionOperation`: no plugin ran, so no block of dashes. */
const NO_PLUGIN: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^Plugin with name \S+ not found\./, "AGENT_SHELL_PLUGIN_MISSING"],
  [/^Plugin with name \S+ is not supported by this version of ssm agent/, "AGENT_OUTDATED"],
];

/**
 * @param text of `channel_closed`, white space made one blank each
 * @returns without a code: the agent's words, and of a failure that has no entry in the catalog; undefined: not the agent's words
 */
export function agentFailure(text: string): AgentFailure | undefined {
  const block = ERROR_BLOCK.exec(text);
  if (block === null) return firstOf(NO_PLUGIN, text);
  const words = text.slice(block.index + block[0].length).trimStart();
  return firstOf(FAILURES, words) ?? firstOf(NO_PLUGIN, words) ?? {};
}

function firstOf(table: readonly (readonly [RegExp, ErrorCode])[], text: string): AgentFailure | undefined {
  for (const [pattern, code] of table) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const subject = found[1]?.slice(0, SUBJECT_CHARACTERS_MAX);
    return subject === undefined ? { code } : { code, subject };
  }
  return undefined;
}
