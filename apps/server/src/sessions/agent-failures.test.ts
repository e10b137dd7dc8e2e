import { expect, test } from "vitest";
import { agentFailure, SUBJECT_CHARACTERS_MAX } from "./agent-failures.ts";

const block = (words: string) => `----------ERROR------- ${words}`;

test.each([
  ["Unable to start command: failed to start pty since RunAs user ops does not exist", "RUN_AS_USER_MISSING"],
  ["Unable to start command: please set the RunAs default user", "RUN_AS_USER_NOT_SET"],
  ["Unable to start command: the agent must run as root to use RunAs", "RUN_AS_NOT_POSSIBLE"],
  [
    "We couldn't start the session because encryption is not set up on the selected CloudWatch Logs log group. Either encrypt the log group or choose an option to enable logging without encryption.",
    "LOG_GROUP_NOT_ENCRYPTED",
  ],
  [
    "We couldn't start the session because encryption is not set up on the selected Amazon S3 bucket. Either encrypt the bucket or choose an option to enable logging without encryption.",
    "LOG_BUCKET_NOT_ENCRYPTED",
  ],
  [
    "Couldn't start the session because we are unable to validate encryption on CloudWatch Logs log group. Error: AccessDeniedException: …",
    "LOG_GROUP_UNREADABLE",
  ],
  [
    "Couldn't start the session because we are unable to validate encryption on Amazon S3 bucket. Error: AccessDenied: …",
    "LOG_BUCKET_UNREADABLE",
  ],
  [
    "Setting up data channel with id dana-0abc failed: failed to create websocket for datachannel with error: CreateDataChannel failed with error: createDataChannel request failed: unexpected response from the service <AccessDeniedException>",
    "INSTANCE_CHANNEL_DENIED",
  ],
  [
    "Setting up data channel with id dana-0abc failed: failed to create websocket for datachannel with error: CreateDataChannel failed with no output or error",
    "INSTANCE_CHANNEL_FAILED",
  ],
  [
    "Encountered error while initiating handshake. Fetching data key failed: Unable to retrieve data key",
    "INSTANCE_KEY_REFUSED",
  ],
  [
    "Encountered error while initiating handshake. Handshake timed out. Please ensure that you have the latest version of the session manager plugin.",
    "HANDSHAKE_FAILED",
  ],
  ["Encountered an error while executing shell profile: exit status 1", "SHELL_PROFILE_FAILED"],
  ["Encountered error while executing shell profile: exit status 127", "SHELL_PROFILE_FAILED"],
  [
    "Unable to start command: Failed to start pty: fork/exec /usr/bin/sh: no space left on device",
    "AGENT_SHELL_NOT_STARTED",
  ],
])("the agent's words %j mean %s", (words, code) => {
  expect(agentFailure(block(words))?.code).toBe(code);
});

test("a sentence without dashes is the agent's where no plugin ran: missing, or of an agent that is too old", () => {
  const of = (type: string, what: string) => `Plugin with name ${type} ${what} Step name: ${type}`;
  expect(agentFailure(of("Standard_Stream", "not found."))).toEqual({ code: "AGENT_SHELL_PLUGIN_MISSING" });
  expect(
    agentFailure(of("Port", "is not supported by this version of ssm agent, please update to latest version.")),
  ).toEqual({ code: "AGENT_OUTDATED" });
});

test("the user that Run As wants is named, also one with a blank, and cut at 64 characters", () => {
  const failure = (user: string) => agentFailure(block(`failed to start pty since RunAs user ${user} does not exist`));
  expect(failure("ops")?.subject).toBe("ops");
  expect(failure("on call")?.subject).toBe("on call");
  expect(failure("u".repeat(500))?.subject).toHaveLength(SUBJECT_CHARACTERS_MAX);
});

test("words of the agent that nobody knows are the agent's all the same", () => {
  expect(agentFailure(block("something new"))).toEqual({});
});

test("AWS's own words are not the agent's, whatever they hold", () => {
  expect(agentFailure("Your session timed out due to inactivity and has been terminated.")).toBeUndefined();
  expect(agentFailure("the log said: Plugin with name Standard_Stream not found.")).toBeUndefined();
  expect(agentFailure("")).toBeUndefined();
});

test("a session id that holds a word of a denial denies nothing", () => {
  expect(agentFailure(block("Setting up data channel with id AccessDenied-0abc failed: EOF"))?.code).toBe(
    "INSTANCE_CHANNEL_FAILED",
  );
});
