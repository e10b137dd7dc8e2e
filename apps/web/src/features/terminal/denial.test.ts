import { expect, test } from "vitest";
import { denialOf, denialPolicy } from "./denial.ts";

const INSTANCE = "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1f6c83e5d2b7940";
const said = (why: string) =>
  `User: arn:aws:sts::111122223333:assumed-role/SRE/dana is not authorized to perform: ssm:StartSession on resource: ${INSTANCE} ${why}`;

test.each([
  ["because no identity-based policy allows the ssm:StartSession action", "nothing"],
  ["with an explicit deny in an identity-based policy", "policy"],
  ["with an explicit deny in a service control policy", "organisation"],
  ["because no service control policy allows the ssm:StartSession action", "organisation"],
  ["because no permissions boundary allows the ssm:StartSession action", "boundary"],
  ["", "unknown"],
])("a denial %s: decided by %s", (why, by) => {
  expect(denialOf(said(why))).toEqual({ action: "ssm:StartSession", resource: INSTANCE, by });
});

test("a denial without a resource names the action alone, and no statement can be made of it", () => {
  const denial = denialOf(
    "User: x is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
  );
  expect(denial).toEqual({ action: "ec2:DescribeInstances", resource: undefined, by: "nothing" });
  expect(denial && denialPolicy(denial)).toBeUndefined();
});

test("a statement is made where one is missing, and not where something denies", () => {
  const policyFor = (why: string) =>
    denialPolicy(denialOf(said(why)) ?? { action: "", resource: undefined, by: "policy" });
  expect(JSON.parse(policyFor("because no identity-based policy allows the ssm:StartSession action") ?? "")).toEqual({
    Effect: "Allow",
    Action: "ssm:StartSession",
    Resource: INSTANCE,
  });
  expect(policyFor("with an explicit deny in a service control policy")).toBeUndefined();
});

test("other texts are no denial", () => {
  expect(denialOf("Access denied")).toBeUndefined();
  expect(denialOf("")).toBeUndefined();
});
