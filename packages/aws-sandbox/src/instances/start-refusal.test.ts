import type { InteractiveShell } from "@causeway/ssm-data-channel";
import { describe, expect, test } from "vitest";
import { refusalAtOnce, startFailure, startFailureText } from "./start-refusal.ts";

type Inputs = InteractiveShell["documentContent"]["inputs"];
const INPUTS: Inputs = {
  kmsKeyId: "",
  runAsEnabled: false,
  runAsDefaultUser: "",
  idleSessionTimeout: "20",
  maxSessionDuration: "",
  s3BucketName: "",
  s3KeyPrefix: "",
  s3EncryptionEnabled: true,
  cloudWatchLogGroupName: "",
  cloudWatchEncryptionEnabled: true,
  cloudWatchStreamingEnabled: true,
  shellProfile: { linux: "", windows: "" },
};
const shell = (inputs: Partial<Inputs>, runAsUser = ""): InteractiveShell => ({
  taskId: "t",
  topic: "",
  sessionId: "dana-0",
  documentName: "SSM-SessionManagerRunShell",
  sessionOwner: "",
  runAsUser,
  parameters: new Map(),
  documentContent: {
    schemaVersion: "1.0",
    description: "",
    sessionType: "Standard_Stream",
    inputs: { ...INPUTS, ...inputs },
    parameters: undefined,
    properties: undefined,
  },
});
const failure = (question: Partial<Parameters<typeof startFailure>[0]>) =>
  startFailure({ shell: shell({}), instance: {}, mayUse: () => true, ...question });

describe("the destination of session logs", () => {
  const group = (name: string) => shell({ cloudWatchLogGroupName: name });
  const bucket = (name: string) => shell({ s3BucketName: name });

  test("that is encrypted and can be looked at is no reason", () => {
    expect(failure({ shell: group("/harbor/sessions") })).toBeUndefined();
    expect(failure({ shell: bucket("harbor-sessions") })).toBeUndefined();
  });

  test("must be encrypted where the document demands it", () => {
    expect(failure({ shell: group("/harbor/sessions-plain") })).toBe("log_group_not_encrypted");
    expect(failure({ shell: bucket("harbor-sessions-plain") })).toBe("bucket_not_encrypted");
    const lax = shell({ s3BucketName: "harbor-sessions-plain", s3EncryptionEnabled: false });
    expect(failure({ shell: lax })).toBeUndefined();
  });

  test("must be one that the machine's role may look at", () => {
    const mayUse = (action: string) => action !== "logs:DescribeLogGroups";
    expect(failure({ shell: group("/harbor/sessions"), mayUse })).toBe("log_group_unreadable");
    expect(failure({ shell: bucket("harbor-sessions"), mayUse: () => false })).toBe("bucket_unreadable");
  });
});

describe("Run As", () => {
  test("needs a user that the machine has", () => {
    expect(failure({ shell: shell({ runAsEnabled: true }, "deploy") })).toBeUndefined();
    const instance = { users: ["ssm-user"] };
    expect(failure({ shell: shell({ runAsEnabled: true }, "deploy"), instance })).toBe("run_as_no_user");
    expect(startFailureText("run_as_no_user", "deploy")).toContain("RunAs user deploy does not exist");
  });

  test("needs somebody's name at all, and there is no way back to ssm-user", () => {
    expect(failure({ shell: shell({ runAsEnabled: true }) })).toBe("run_as_not_set");
  });
});

describe("an agent that does not find its part for shells", () => {
  const sentence = "Plugin with name Standard_Stream not found. Step name: Standard_Stream";

  test("is one whose disk is full, or that a plan of faults made so: it begins no session", () => {
    expect(refusalAtOnce("Standard_Stream", { diskFull: true }, undefined)).toBe(sentence);
    expect(refusalAtOnce("Standard_Stream", {}, "no_shell_plugin")).toBe(sentence);
    expect(refusalAtOnce("Standard_Stream", {}, undefined)).toBeUndefined();
  });

  test("forwards ports all the same", () => {
    expect(refusalAtOnce("Port", { diskFull: true }, undefined)).toBeUndefined();
  });

  test("fails otherwise when a plan of faults says so", () => {
    expect(refusalAtOnce("Standard_Stream", { diskFull: true }, "blank")).toBeUndefined();
  });
});

test("a failure that a plan of faults wants comes first", () => {
  expect(failure({ shell: shell({ runAsEnabled: true }), planned: "handshake" })).toBe("handshake");
});
