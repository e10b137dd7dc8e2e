import { expect, test } from "vitest";
import { failedWords } from "./failed-words.ts";
import { problemFromCode } from "./problems.ts";

const PLACE = { instanceName: "batch-1", region: "eu-west-1", role: "SRE-ReadOnly" };
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
  expect(titleOf("AWS_FAILED")).toBe("AWS had a problem in eu-west-1");
  expect(titleOf("AWS_THROTTLED")).toBe("AWS asked us to slow down");
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
