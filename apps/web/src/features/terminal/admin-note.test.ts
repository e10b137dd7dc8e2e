import { expect, test } from "vitest";
import { adminNote, isForAdmin, whoOf } from "./admin-note.ts";

const NOTE = {
  code: "INSTANCE_CHANNEL_DENIED",
  title: "The instance may not open its channel to AWS.",
  why: "AWS refused it.",
  instance: { name: "web-1", id: "i-0a1f6c83e5d2b7940", region: "eu-west-1" },
  askedBy: "SRE-Operator in harbor-prod",
};

test("a note for an admin has what happened, where, who asked, and the statement that is missing, a line each", () => {
  const lines = adminNote({ ...NOTE, awsSessionId: "dana-0abc", said: "AccessDeniedException" }).split("\n");
  expect(lines.slice(0, 8)).toEqual([
    "The instance may not open its channel to AWS.",
    "AWS refused it.",
    "Instance: web-1 (i-0a1f6c83e5d2b7940) in eu-west-1",
    "Asked by: SRE-Operator in harbor-prod",
    "Session: dana-0abc",
    "Said: AccessDeniedException",
    "Code: INSTANCE_CHANNEL_DENIED",
    "Policy statement:",
  ]);
  expect(JSON.parse(lines[8] ?? "")).toMatchObject({ Effect: "Allow" });
});

test("what is not known is left out, and a statement that fits better goes before the catalog's", () => {
  const note = adminNote({ ...NOTE, policy: '{"Effect":"Allow","Action":"x:Y","Resource":"r"}' });
  expect(note).not.toMatch(/Session:|Said:|CreateDataChannel/);
  expect(note).toContain("x:Y");
});

test("commands for the instance go with the note", () => {
  expect(adminNote({ ...NOTE, code: "AGENT_SHELL_PLUGIN_MISSING" })).toMatch(/Commands for the instance:\ndf -h/);
});

test("a note is offered where an admin of the account has to act", () => {
  expect(isForAdmin("RUN_AS_USER_MISSING")).toBe(true);
  expect(isForAdmin("SERVER_STOPPING")).toBe(false);
  expect(isForAdmin(undefined)).toBe(false);
});

test("who asked is the role, and of a user of IAM the name", () => {
  expect(whoOf({ name: "dana", role: "SRE-Operator" })).toBe("SRE-Operator");
  expect(whoOf({ name: "dana", role: "IAM user" })).toBe("dana (IAM user)");
});
