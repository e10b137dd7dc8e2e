import { createHash, randomBytes } from "node:crypto";
import { decodeAgentMessage } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import { createServiceFrames } from "./service-frames.ts";
import type { SessionDocument, StartSessionInput } from "./session-types.ts";

const frames = createServiceFrames({
  nowMs: () => 1_729_000_000_000,
  randomBytes,
  sha256: (data) => createHash("sha256").update(data).digest(),
});
const COMMAND_DOCUMENT: SessionDocument = {
  schemaVersion: "1.0",
  sessionType: "InteractiveCommands",
  parameters: { command: { type: "String" }, words: { type: "StringList" } },
  properties: { linux: { commands: "{{ command }}" } },
};
const sentParameters = (parameters: StartSessionInput["parameters"]): unknown => {
  const frame = frames.interactiveShell({
    sessionId: "dana-0a1b2c3d4e5f60718",
    region: "eu-west-1",
    target: "i-0a1f6c83e5d2b7940",
    owner: { arn: "arn:aws:iam::111122223333:user/dana", userId: "AIDA", account: "111122223333", sessionName: "dana" },
    documentName: "AWS-StartInteractiveCommand",
    document: COMMAND_DOCUMENT,
    parameters,
  });
  const decoded = decodeAgentMessage(frame);
  if (!decoded.ok) throw new Error(decoded.reason);
  return JSON.parse(JSON.parse(Buffer.from(decoded.message.payload).toString()).content).Parameters;
};

test("a real agent given a command does not fail with 'cannot unmarshal array': a String parameter is sent as text", () => {
  expect(sentParameters({ command: ["ls -l"] })).toEqual({ command: "ls -l" });
});

test("a StringList parameter is sent as a list", () => {
  expect(sentParameters({ words: ["a", "b"] })).toEqual({ words: ["a", "b"] });
});

test("a parameter that the document does not declare, or without a value, is text", () => {
  expect(sentParameters({ constructor: ["x"], command: [] })).toEqual({ constructor: "x", command: "" });
});
