import { expect, test } from "vitest";
import { sourceNotes } from "./source-notes.ts";

test("a denied source says what the list lacks and which action is missing", () => {
  const problem = {
    type: "t",
    title: "AWS did not allow this",
    status: 403,
    code: "AWS_ACCESS_DENIED",
    cause: "c",
    remedy: "r",
    retryable: false,
    requestId: "1",
  };
  const [note] = sourceNotes({ ec2: { ok: false, problem }, ssm: { ok: true } });
  expect(note?.text).toContain("ec2:DescribeInstances");
  expect(sourceNotes({ ec2: { ok: true }, ssm: { ok: true } })).toEqual([]);
});
