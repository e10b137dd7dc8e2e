// iam:SimulatePrincipalPolicy as the SDK's own client sees it.
import {
  paginateSimulatePrincipalPolicy,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { policySourceArn } from "../src/iam/principal.ts";
import { findSsoPerson, ssoRole } from "../src/sso/directory.ts";
import { iamClient, sharedApiServer } from "./api-server.ts";

const server = await sharedApiServer();

const APP = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1f6c83e5d2b7940";
const DOCUMENT = "arn:aws:ssm:eu-west-1:111122223333:document/SSM-SessionManagerRunShell";
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;
const simulate = (PolicySourceArn: string, more: Partial<SimulatePrincipalPolicyCommandInput> = {}, asker = "amira") =>
  iamClient(server, server.person(asker)).send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ["ssm:StartSession"], ...more }),
  );
const decisions = async (...asked: Parameters<typeof simulate>) =>
  ((await simulate(...asked)).EvaluationResults ?? []).map(({ EvalDecision }) => EvalDecision);

test("an action is asked about on each resource, and answered as a real call would be", async () => {
  const { EvaluationResults, IsTruncated } = await simulate(user("dana"), {
    ResourceArns: [APP, DOCUMENT, "arn:aws:s3:::x"],
  });
  expect(IsTruncated).toBe(false);
  expect(EvaluationResults).toMatchObject([
    { EvalActionName: "ssm:StartSession", EvalResourceName: APP, EvalDecision: "allowed" },
    { EvalResourceName: DOCUMENT, EvalDecision: "allowed" },
    { EvalResourceName: "arn:aws:s3:::x", EvalDecision: "implicitDeny" },
  ]);
  expect(await decisions(user("vera"), { ResourceArns: [APP] })).toEqual(["explicitDeny"]);
});

test("tags are known only when they are told; what is missing is named", async () => {
  const unknown = await simulate(user("kofi"), { ResourceArns: [APP] });
  expect(unknown.EvaluationResults).toMatchObject([
    { EvalDecision: "implicitDeny", MissingContextValues: ["ssm:resourceTag/tier"] },
  ]);
  const tier = (value: string) => ({
    ResourceArns: [APP],
    ContextEntries: [
      { ContextKeyName: "ssm:resourceTag/tier", ContextKeyValues: [value], ContextKeyType: "string" as const },
    ],
  });
  expect(await decisions(user("kofi"), tier("app"))).toEqual(["allowed"]);
  expect(await decisions(user("kofi"), tier("db"))).toEqual(["implicitDeny"]);
});

test("what the organisation denies is denied, and told apart", async () => {
  const { EvaluationResults } = await simulate(user("noor"), {
    ResourceArns: [APP],
    ContextEntries: [
      { ContextKeyName: "aws:RequestedRegion", ContextKeyValues: ["us-east-1"], ContextKeyType: "string" },
    ],
  });
  expect(EvaluationResults).toMatchObject([
    { EvalDecision: "explicitDeny", OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
  ]);
});

test("a role of Identity Center is asked about by its ARN, not by that of a session", async () => {
  const person = findSsoPerson("dana");
  const role = person && ssoRole(person, "111122223333", "ReadOnly");
  if (role === undefined) throw new Error("dana has no such role");
  expect(await decisions(policySourceArn(role), { ResourceArns: [APP] })).toEqual(["implicitDeny"]);
  await expect(simulate(role.arn)).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

test("who may not ask is denied by the ARN she asked about, also about herself", async () => {
  await expect(simulate(user("dana"), {}, "dana")).rejects.toMatchObject({
    message: `User: ${user("dana")} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: ${user("dana")} because no identity-based policy allows the iam:SimulatePrincipalPolicy action`,
  });
});

test("results come in pages of any size; a made-up marker, action or principal is refused", async () => {
  const ActionNames = [
    "ssm:StartSession",
    "ssm:ResumeSession",
    "ssm:TerminateSession",
    "ec2:DescribeInstances",
    "kms:Decrypt",
  ];
  const found: unknown[] = [];
  for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy(
    { client: iamClient(server, server.person("amira")), pageSize: 2 },
    { PolicySourceArn: user("amira"), ActionNames },
  ))
    found.push(...EvaluationResults.map(({ EvalActionName }) => EvalActionName));
  expect(found).toEqual(ActionNames);
  await expect(simulate(user("dana"), { Marker: "made up" })).rejects.toMatchObject({ name: "InvalidInputException" });
  await expect(simulate(user("dana"), { ActionNames: ["Start"] })).rejects.toMatchObject({
    name: "InvalidInputException",
  });
  await expect(simulate(user("nobody"))).rejects.toMatchObject({ name: "NoSuchEntityException" });
});
