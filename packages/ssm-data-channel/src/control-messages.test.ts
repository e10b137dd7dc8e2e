import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { vectorPayload } from "../test/vectors/vectors.ts";
import {
  buildAgentTaskAcknowledge,
  buildAgentTaskComplete,
  buildInteractiveShell,
  readAgentTaskAcknowledge,
  readAgentTaskComplete,
  readInteractiveShell,
} from "./control-messages.ts";

const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const parsed = (payload: Uint8Array): Record<string, unknown> => JSON.parse(Buffer.from(payload).toString());
const SESSION = {
  sessionId: "alice-0a1b2c3d4e5f60718",
  documentName: "SSM-SessionManagerRunShell",
  sessionOwner: "arn:aws:iam::111122223333:user/alice",
};
const NO_INPUTS = {
  kmsKeyId: "",
  runAsEnabled: false,
  runAsDefaultUser: "",
  idleSessionTimeout: "",
  maxSessionDuration: "",
  s3BucketName: "",
  s3KeyPrefix: "",
  s3EncryptionEnabled: false,
  cloudWatchLogGroupName: "",
  cloudWatchEncryptionEnabled: false,
  cloudWatchStreamingEnabled: false,
  shellProfile: { linux: "", windows: "" },
};

describe("interactive_shell", () => {
  test("as the real agent's own struct spells it is read; what is missing has its zero value", () => {
    expect(readInteractiveShell(vectorPayload("mt-interactive-shell"))).toEqual({
      taskId: "alice-0a1b2c3d4e5f60718",
      topic: "aws.ssm.startSession",
      sessionId: "alice-0a1b2c3d4e5f60718",
      documentName: "SSM-SessionManagerRunShell",
      sessionOwner: "",
      runAsUser: "",
      parameters: new Map(),
      documentContent: {
        schemaVersion: "1.0",
        description: "",
        sessionType: "Standard_Stream",
        inputs: NO_INPUTS,
        parameters: undefined,
        properties: undefined,
      },
    });
  });

  test("is built with the envelope keys of the real service, and the content as text", () => {
    const payload = buildInteractiveShell({ ...SESSION, documentContent: { sessionType: "Standard_Stream" } });
    const { content, ...envelope } = parsed(payload);
    expect(envelope).toEqual({ schemaVersion: 1, taskId: SESSION.sessionId, topic: "aws.ssm.startSession" });
    expect(JSON.parse(content as string)).toEqual({
      RunAsUser: "",
      Parameters: {},
      DocumentContent: { schemaVersion: "1.0", description: "", sessionType: "Standard_Stream", inputs: NO_INPUTS },
      SessionId: SESSION.sessionId,
      DocumentName: SESSION.documentName,
      SessionOwner: SESSION.sessionOwner,
    });
  });

  test("that was built is read back whole", () => {
    const shell = {
      ...SESSION,
      taskId: "t",
      topic: "any",
      runAsUser: "ec2-user",
      parameters: new Map([["command", ["top -b", "é 漢字 🎉"]]]),
      documentContent: {
        schemaVersion: "1.0",
        description: "d",
        sessionType: "InteractiveCommands",
        inputs: {
          ...NO_INPUTS,
          runAsEnabled: true,
          idleSessionTimeout: "20",
          shellProfile: { linux: "cd ~", windows: "" },
        },
        parameters: { command: { type: "String", default: "top" } },
        properties: { linux: { commands: "{{ command }}", runAsElevated: false } },
      },
    };
    expect(readInteractiveShell(buildInteractiveShell(shell))).toEqual(shell);
  });

  test("may have a single text for a parameter, and text for a boolean or a number for a time limit", () => {
    const content = {
      Parameters: { portNumber: "22" },
      DocumentContent: { inputs: { runAsEnabled: "true", idleSessionTimeout: 20, maxSessionDuration: null } },
    };
    const shell = readInteractiveShell(utf8(JSON.stringify({ content: JSON.stringify(content) })));
    expect(shell?.parameters).toEqual(new Map([["portNumber", ["22"]]]));
    expect(shell?.documentContent.inputs).toMatchObject({
      runAsEnabled: true,
      idleSessionTimeout: "20",
      maxSessionDuration: "",
    });
  });

  test("keeps parameters of hostile names out of every object", () => {
    const content = '{"Parameters":{"constructor":"a","__proto__":["b"],"toString":[]}}';
    const shell = readInteractiveShell(utf8(JSON.stringify({ content })));
    expect([...(shell?.parameters.keys() ?? [])]).toEqual(["constructor", "toString"]);
  });

  test.each([
    ["no content", "{}"],
    ["content that is no text", '{"content":{}}'],
    ["content that is no JSON", '{"content":"x"}'],
    ["content nested without end", JSON.stringify({ content: '{"a":'.repeat(50_000) })],
    ["a document that is no object", JSON.stringify({ content: '{"DocumentContent":"x"}' })],
    ["a session type that is no text", JSON.stringify({ content: '{"DocumentContent":{"sessionType":1}}' })],
    ["a parameter that is a number", JSON.stringify({ content: '{"Parameters":{"a":1}}' })],
    ["parameters that are a list", JSON.stringify({ content: '{"Parameters":[]}' })],
  ])("with %s is none", (_, text) => {
    expect(readInteractiveShell(utf8(text))).toBeUndefined();
  });
});

describe("agent_task_complete", () => {
  test("of the real agent is read", () => {
    expect(readAgentTaskComplete(vectorPayload("mt-agent-task-complete"))).toEqual({
      taskId: "alice-0a1b2c3d4e5f60718",
      finalTaskStatus: "Success",
      instanceId: "i-0123456789abcdef0",
      output: "",
      retryNumber: 0,
    });
  });

  test("is built with every field the real agent writes, and read back", () => {
    const complete = {
      taskId: SESSION.sessionId,
      finalTaskStatus: "Failed",
      instanceId: "i-1",
      output: "\n----------ERROR-------\nno",
      retryNumber: 2,
    };
    const payload = buildAgentTaskComplete(complete);
    expect(parsed(payload)).toEqual({
      SchemaVersion: 1,
      TaskId: SESSION.sessionId,
      Topic: "agent_task_complete",
      FinalTaskStatus: "Failed",
      IsRoutingFailure: false,
      AwsAccountId: "",
      InstanceId: "i-1",
      Output: "\n----------ERROR-------\nno",
      S3Bucket: "",
      S3UrlSuffix: "",
      CwlGroup: "",
      CwlStream: "",
      RetryNumber: 2,
    });
    expect(readAgentTaskComplete(payload)).toEqual(complete);
  });
});

describe("agent_task_acknowledge", () => {
  test("of the specification is read and built", () => {
    const acknowledge = readAgentTaskAcknowledge(vectorPayload("mt-agent-task-acknowledge"));
    expect(acknowledge).toEqual({
      messageId: "01020304-0506-4708-890a-0b0c0d0e0f10",
      taskId: "alice-0a1b2c3d4e5f60718",
    });
    expect(acknowledge && parsed(buildAgentTaskAcknowledge(acknowledge))).toEqual(
      parsed(vectorPayload("mt-agent-task-acknowledge")),
    );
  });
});

test("no reader throws, whatever the bytes", () => {
  const readers = [readInteractiveShell, readAgentTaskComplete, readAgentTaskAcknowledge];
  const contents = fc.json({ maxDepth: 4 }).map((content) => JSON.stringify({ content }));
  const payloads = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.oneof(fc.json(), contents).map(utf8));
  fc.assert(
    fc.property(fc.constantFrom(...readers), payloads, (read, payload) => {
      read(payload);
    }),
    { numRuns: 1000 },
  );
});
