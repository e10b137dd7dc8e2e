import type { Problem } from "@causeway/wire-contract/problem";
import { expect, test } from "vitest";
import { ApiProblem, ApiUnreachable } from "./api-client.ts";
import { describeFailure, problemEvidence } from "./failure.ts";

const denied: Problem = {
  type: "docs/errors.md#AWS_ACCESS_DENIED",
  title: "AWS did not allow this",
  status: 403,
  code: "AWS_ACCESS_DENIED",
  cause: "No policy allows it.",
  remedy: "Ask an admin.",
  retryable: false,
  requestId: "req-1",
};

test("a problem keeps its title, cause and remedy, and names AWS's code and request as evidence", () => {
  const aws = {
    service: "ssm",
    operation: "StartSession",
    code: "AccessDeniedException",
    message: "m",
    requestId: "aws-1",
  };
  expect(describeFailure(new ApiProblem({ ...denied, aws }))).toEqual({
    title: denied.title,
    cause: denied.cause,
    remedy: denied.remedy,
    retryable: false,
    evidence: "ssm:StartSession AccessDeniedException · AWS request aws-1 · request req-1",
  });
});

test("without AWS in it the evidence is the catalog code", () => {
  expect(problemEvidence(denied)).toBe("AWS_ACCESS_DENIED · request req-1");
});

test("a server that does not answer is said as such, and may be tried again", () => {
  expect(describeFailure(new ApiUnreachable("x"))).toMatchObject({
    title: "Cannot reach the Causeway server",
    retryable: true,
  });
});

test("an error nobody foresaw shows neither its message nor a stack", () => {
  const failure = describeFailure(new TypeError("secret=hunter2"));
  expect(JSON.stringify(failure)).not.toContain("hunter2");
});
