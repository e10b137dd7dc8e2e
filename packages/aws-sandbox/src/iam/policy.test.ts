import { expect, test } from "vitest";
import { evaluatePolicies, type PolicyStatement } from "./policy.ts";

const decide = (statements: PolicyStatement[], question: Partial<Parameters<typeof evaluatePolicies>[1]> = {}) =>
  evaluatePolicies([{ Version: "2012-10-17", Statement: statements }], {
    action: "ssm:StartSession",
    resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1f6c83e5d2b7940",
    context: { "aws:username": "kofi", "aws:userid": "AIDAKOFI", "ssm:resourceTag/tier": "app" },
    ...question,
  });

const allow = (more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: "Allow",
  Action: "ssm:StartSession",
  Resource: "*",
  ...more,
});

test("what no statement names is denied, and not explicitly", () => {
  expect(decide([])).toBe("implicit_deny");
  expect(decide([allow({ Action: "ssm:ResumeSession" })])).toBe("implicit_deny");
});

test("an explicit deny wins over any allow, in whichever order and policy they stand", () => {
  const deny: PolicyStatement = { Effect: "Deny", Action: "ssm:*", Resource: "*" };
  expect(decide([allow(), deny])).toBe("explicit_deny");
  expect(decide([deny, allow()])).toBe("explicit_deny");
});

test("actions match without regard to case and with wildcards; resources with regard to case", () => {
  expect(decide([allow({ Action: "SSM:start*" })])).toBe("allow");
  expect(decide([allow({ Action: ["ec2:*", "ssm:Start?ession"] })])).toBe("allow");
  expect(decide([allow({ Resource: "arn:aws:ec2:*:*:instance/i-0a*" })])).toBe("allow");
  expect(decide([allow({ Resource: "arn:aws:ec2:*:*:INSTANCE/*" })])).toBe("implicit_deny");
});

test("NotAction and NotResource match everything else", () => {
  const { Action: _a, ...withoutAction } = allow();
  expect(decide([{ ...withoutAction, NotAction: "ec2:*" }])).toBe("allow");
  expect(decide([{ ...withoutAction, NotAction: "ssm:*" }])).toBe("implicit_deny");
  const { Resource: _r, ...withoutResource } = allow();
  expect(decide([{ ...withoutResource, NotResource: "arn:aws:ec2:*" }])).toBe("implicit_deny");
  expect(decide([{ ...withoutResource, NotResource: "arn:aws:ssm:*" }])).toBe("allow");
});

test("a statement without action or without resource matches nothing", () => {
  expect(decide([{ Effect: "Allow", Resource: "*" }])).toBe("implicit_deny");
  expect(decide([{ Effect: "Allow", Action: "*" }])).toBe("implicit_deny");
});

test("a tag condition decides by the resource's tag, and its name is compared without case", () => {
  const onTier = (tier: string) => allow({ Condition: { StringEquals: { "ssm:ResourceTag/Tier": tier } } });
  expect(decide([onTier("app")])).toBe("allow");
  expect(decide([onTier("App")])).toBe("implicit_deny");
  expect(decide([onTier("a*")])).toBe("implicit_deny");
  expect(decide([onTier("app")], { context: {} })).toBe("implicit_deny");
});

test("StringLike takes wildcards, the negated operators turn the answer, several values are alternatives", () => {
  const when = (Condition: NonNullable<PolicyStatement["Condition"]>) => decide([allow({ Condition })]);
  expect(when({ StringLike: { "ssm:resourceTag/tier": ["db", "a*"] } })).toBe("allow");
  expect(when({ StringNotEquals: { "ssm:resourceTag/tier": ["db", "app"] } })).toBe("implicit_deny");
  expect(when({ StringNotLike: { "ssm:resourceTag/tier": "d*" } })).toBe("allow");
  expect(when({ StringEqualsIgnoreCase: { "ssm:resourceTag/tier": "APP" } })).toBe("allow");
});

test("a missing key fails a positive operator, passes a negated one and passes IfExists", () => {
  const when = (Condition: NonNullable<PolicyStatement["Condition"]>) => decide([allow({ Condition })]);
  expect(when({ Bool: { "aws:MultiFactorAuthPresent": "true" } })).toBe("implicit_deny");
  expect(when({ BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } })).toBe("allow");
  expect(when({ StringNotEquals: { "ssm:resourceTag/env": "prod" } })).toBe("allow");
});

test("variables stand for the caller in resources and conditions", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  const own = allow({ Resource: "arn:aws:ssm:*:*:session/${aws:username}-*" });
  const session = (id: string) => ({ resource: `arn:aws:ssm:eu-west-1:111122223333:session/${id}` });
  expect(decide([own], session("kofi-0123456789abcdef0"))).toBe("allow");
  expect(decide([own], session("dana-0123456789abcdef0"))).toBe("implicit_deny");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  const byTag = allow({ Condition: { StringLike: { "ssm:resourceTag/owner": "${aws:userid}" } } });
  expect(decide([byTag], { context: { "aws:userid": "AIDA1", "ssm:resourceTag/owner": "AIDA1" } })).toBe("allow");
});

test("a person whose name holds a wildcard does not match what others own", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  const own = allow({ Resource: "session/${aws:username}-*" });
  expect(decide([own], { resource: "session/dana-01", context: { "aws:username": "*" } })).toBe("implicit_deny");
  expect(decide([own], { resource: "session/*-01", context: { "aws:username": "*" } })).toBe("allow");
});

test("a variable that the caller does not have matches nothing", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  expect(decide([allow({ Resource: "*${aws:username}*" })], { context: {} })).toBe("implicit_deny");
});

test("a condition operator that is not known never opens a door", () => {
  const Condition = { NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } };
  expect(decide([allow({ Condition })])).toBe("implicit_deny");
  expect(decide([allow(), { Effect: "Deny", Action: "*", Resource: "*", Condition }])).toBe("explicit_deny");
});
