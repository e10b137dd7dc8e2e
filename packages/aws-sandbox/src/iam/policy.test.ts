import fc from "fast-check";
import { expect, test } from "vitest";
import { type ContextEntries, evaluatePolicies, type PolicyStatement } from "./policy.ts";

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
  const Condition = { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
  expect(decide([allow({ Condition })])).toBe("implicit_deny");
  expect(decide([allow(), { Effect: "Deny", Action: "*", Resource: "*", Condition }])).toBe("explicit_deny");
});

const when = (Condition: NonNullable<PolicyStatement["Condition"]>, context: ContextEntries = {}) =>
  decide([allow({ Condition })], { context });

test("Null asks whether the request has the key", () => {
  expect(when({ Null: { "aws:MultiFactorAuthPresent": "true" } })).toBe("allow");
  expect(when({ Null: { "aws:MultiFactorAuthPresent": "false" } })).toBe("implicit_deny");
  expect(when({ Null: { "aws:MultiFactorAuthPresent": "false" } }, { "aws:MultiFactorAuthPresent": "false" })).toBe(
    "allow",
  );
});

test("numbers and dates compare as such, and what is neither holds nothing", () => {
  const aged = (age: string) =>
    when({ NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } }, { "aws:MultiFactorAuthAge": age });
  expect([aged("900"), aged("3600"), aged("10000"), aged("soon"), aged("")]).toEqual([
    "allow",
    "implicit_deny",
    "implicit_deny",
    "implicit_deny",
    "implicit_deny",
  ]);
  const at = (now: string) =>
    when({ DateGreaterThanEquals: { "aws:CurrentTime": "2026-11-22T00:00:00Z" } }, { "aws:CurrentTime": now });
  expect([at("2026-11-22T00:00:00Z"), at("1795305600"), at("2026-11-21T23:59:59Z")]).toEqual([
    "allow",
    "allow",
    "implicit_deny",
  ]);
});

test("an ARN condition compares part by part: a wildcard does not reach over a colon", () => {
  const role = { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/Operator" };
  const like = (pattern: string) => when({ ArnLike: { "aws:PrincipalArn": pattern } }, role);
  expect(like("arn:aws:iam::*:role/*")).toBe("allow");
  expect(like("arn:aws:iam::111122223333:role/team/Op?rator")).toBe("allow");
  expect(like("arn:aws:*:role/team/Operator")).toBe("implicit_deny");
  expect(like("*")).toBe("implicit_deny");
});

test("of a key with several values ForAnyValue needs one that fits, ForAllValues all, also of none", () => {
  const keys = (given: string[] | undefined, operator: string) =>
    when({ [operator]: { "aws:TagKeys": ["team", "env"] } }, given === undefined ? {} : { "aws:TagKeys": given });
  expect(keys(["team", "cost"], "ForAnyValue:StringEquals")).toBe("allow");
  expect(keys(["cost"], "ForAnyValue:StringEquals")).toBe("implicit_deny");
  expect(keys(undefined, "ForAnyValue:StringEquals")).toBe("implicit_deny");
  expect(keys(["team", "env"], "ForAllValues:StringEquals")).toBe("allow");
  expect(keys(["team", "cost"], "ForAllValues:StringEquals")).toBe("implicit_deny");
  expect(keys(undefined, "ForAllValues:StringEquals")).toBe("allow");
  expect(keys(["team"], "ForAllValues:StringNotEquals")).toBe("implicit_deny");
  expect(keys(["cost", "team"], "ForAnyValue:StringNotEquals")).toBe("allow");
});

test("a variable may have a default, and one with several values stands for nothing", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable
  const own = allow({ Resource: "tier/${aws:PrincipalTag/tier, 'app'}" });
  expect(decide([own], { resource: "tier/app", context: {} })).toBe("allow");
  expect(decide([own], { resource: "tier/db", context: { "aws:PrincipalTag/tier": "db" } })).toBe("allow");
  expect(decide([own], { resource: "tier/app", context: { "aws:PrincipalTag/tier": "db" } })).toBe("implicit_deny");
  expect(decide([own], { resource: "tier/db", context: { "aws:PrincipalTag/tier": ["db", "app"] } })).toBe(
    "implicit_deny",
  );
});

const word = fc.stringMatching(/^[a-z*?:/-]{0,8}$/);
const anyStatement: fc.Arbitrary<PolicyStatement> = fc.record(
  {
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.oneof(word, fc.constantFrom("*", "ssm:StartSession", "ssm:*")),
    NotAction: word,
    Resource: fc.oneof(word, fc.constantFrom("*", "arn:aws:ec2:*")),
    NotResource: word,
    Condition: fc.dictionary(
      fc.constantFrom("StringEquals", "StringNotLike", "BoolIfExists", "ForAnyValue:StringLike", "Null", "IpAddress"),
      fc.dictionary(fc.constantFrom("ssm:resourceTag/tier", "aws:userid", "x"), word),
    ),
  },
  { requiredKeys: ["Effect"] },
) as fc.Arbitrary<PolicyStatement>;

test("the order of statements, and how they are spread over policies, never matters", () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 6 }), fc.nat(6), (statements, cut) => {
      const question = {
        action: "ssm:StartSession",
        resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a",
        context: { "ssm:resourceTag/tier": "app", "aws:userid": "AIDA" },
      };
      const whole = decide(statements, question);
      expect(decide(statements.toReversed(), question)).toBe(whole);
      const parts = [statements.slice(cut), statements.slice(0, cut)];
      expect(
        evaluatePolicies(
          parts.map((Statement) => ({ Version: "2012-10-17", Statement })),
          question,
        ),
      ).toBe(whole);
    }),
  );
});

test("one more Deny never opens a door, and one more Allow never overrules a Deny", () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 6 }), anyStatement, (statements, more) => {
      const before = decide(statements);
      const denied = decide([...statements, { ...more, Effect: "Deny" }]);
      expect(denied === before || denied === "explicit_deny").toBe(true);
      const allowed = decide([...statements, { ...more, Effect: "Allow" }]);
      expect(allowed === before || (before === "implicit_deny" && allowed === "allow")).toBe(true);
    }),
  );
});
