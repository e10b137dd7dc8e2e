import { expect, test } from "vitest";
import { failedWords } from "./failed-words.ts";
import { problemFromCode } from "./problems.ts";

const PLACE = { instanceName: "batch-1", region: "eu-west-1", who: "SRE-ReadOnly", nowMs: 1_700_000_840_000 };
const titleOf = (code: string) => failedWords(problemFromCode(code), PLACE).title;
const denied = (message: string, operation = "StartSession") =>
  failedWords(
    {
      ...problemFromCode("AWS_ACCESS_DENIED"),
      aws: { service: "ssm", operation, code: "AccessDeniedException", message },
    },
    PLACE,
  );

test("a failure names the instance or the region it is about", () => {
  expect(titleOf("INSTANCE_STOPPED")).toBe("batch-1 is stopped");
  expect(titleOf("INSTANCE_NOT_MANAGED")).toBe("batch-1 is not managed by SSM");
  expect(titleOf("AWS_FAILED")).toBe("AWS had a problem in eu-west-1");
  expect(titleOf("AWS_THROTTLED")).toBe("AWS asked us to slow down");
});

test("a session document that is missing is named, where the server knows which was asked for", () => {
  const title = (detail?: string) =>
    failedWords({ ...problemFromCode("SESSION_DOCUMENT_MISSING"), ...(detail && { detail }) }, PLACE).title;
  expect(title("SSM-SessionManagerRunShell")).toBe("The session document SSM-SessionManagerRunShell is missing");
  expect(title()).toBe("The session document is missing");
});

test("a start that AWS answered with an error of its own says why it was not repeated", () => {
  const aws = { service: "ssm", operation: "StartSession", code: "InternalServerError", message: "" };
  expect(failedWords({ ...problemFromCode("AWS_FAILED"), aws }, PLACE).cause).toContain("not repeated by itself");
  expect(failedWords(problemFromCode("AWS_FAILED"), PLACE).cause).not.toContain("repeated");
});

test("an instance that was lost is named with how long ago it was heard, if that is known", () => {
  const lost = (lastPingAt: number) =>
    failedWords({ ...problemFromCode("INSTANCE_LOST"), lastPingAt }, PLACE).title.replaceAll("\u00a0", " ");
  expect(lost(1_700_000_000_000)).toBe("batch-1 stopped answering 14 min ago");
  expect(lost(1_700_000_800_000)).toBe("batch-1 stopped answering 40 s ago");
  expect(lost(1_700_009_000_000)).toBe("batch-1 stopped answering 0 s ago");
  expect(titleOf("INSTANCE_LOST")).toBe("batch-1 stopped answering");
});

test("a denied start names role, action and resource, and has the statement that is missing", () => {
  const words = denied(
    "User: arn:aws:iam::1:user/dana is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:r:1:instance/i-1 because no identity-based policy allows the ssm:StartSession action",
  );
  expect(words.title).toBe("AWS did not allow this session");
  expect(words.cause).toBe(
    "SRE-ReadOnly may not call ssm:StartSession on arn:aws:ec2:r:1:instance/i-1. No policy of this identity allows it.",
  );
  expect(words.policy).toContain("ssm:StartSession");
});

test("a denied start that AWS does not explain keeps the catalog's words under its own title", () => {
  expect(denied("no")).toMatchObject({
    title: "AWS did not allow this session",
    cause: expect.stringContaining("No policy"),
  });
  expect(denied("no", "DescribeSessions").title).toBe("AWS did not allow this");
});
