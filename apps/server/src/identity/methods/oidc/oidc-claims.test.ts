import { expect, test } from "vitest";
import { keptClaims, roleOf, sessionNameOf } from "./oidc-claims.ts";

const ARN = "arn:aws:iam::111122223333:role/Harbor-Operator";
const OTHER = "arn:aws:iam::111122223333:role/Harbor-Support";
const listed = (...arns: string[]) => ({ kind: "listed", arns }) as const;
const IN_CLAIM = { kind: "claim", claim: "aws_role" } as const;

test("a verified e-mail address names her session, when no other claim is configured", () => {
  expect(sessionNameOf({ email: "dana@harbor.example", email_verified: true }, undefined)).toBe("dana@harbor.example");
  for (const email_verified of [false, "true", null])
    expect(() => sessionNameOf({ email: "dana@harbor.example", email_verified }, undefined)).toThrow(
      expect.objectContaining({ code: "OIDC_CLAIMS_UNUSABLE" }),
    );
});

test.each([
  ["missing", undefined],
  ["a character that STS does not take: two names must not become one", "auth0|123"],
  ["too short", "d"],
  ["too long", "d".repeat(65)],
  ["the name of an IAM user's session", "dana@111122223333"],
  ["no text", ["dana"]],
])("a name that is %s names nobody", (_what, sub) => {
  expect(() => sessionNameOf(sub === undefined ? {} : { sub }, "sub")).toThrow(
    expect.objectContaining({ code: "OIDC_CLAIMS_UNUSABLE" }),
  );
});

test("what every object has is no claim", () => {
  expect(() => sessionNameOf({}, "constructor")).toThrow(expect.objectContaining({ code: "OIDC_CLAIMS_UNUSABLE" }));
});

test("one listed role needs no choice, several do, and nothing beside them can be chosen", () => {
  expect(roleOf({}, listed(ARN), undefined)).toBe(ARN);
  expect(roleOf({}, listed(ARN, OTHER), OTHER)).toBe(OTHER);
  for (const chosen of [undefined, "arn:aws:iam::111122223333:role/Admin"])
    expect(() => roleOf({}, listed(ARN, OTHER), chosen)).toThrow(
      expect.objectContaining({ code: "ROLE_NOT_ASSUMABLE" }),
    );
});

test("a claim holds exactly one role, whatever was chosen on the page", () => {
  expect(roleOf({ aws_role: ARN }, IN_CLAIM, OTHER)).toBe(ARN);
  expect(roleOf({ aws_role: [ARN] }, IN_CLAIM, undefined)).toBe(ARN);
  for (const aws_role of [[], [ARN, OTHER], "Harbor-Operator", 7, null])
    expect(() => roleOf({ aws_role }, IN_CLAIM, undefined)).toThrow(
      expect.objectContaining({ code: "OIDC_CLAIMS_UNUSABLE" }),
    );
});

test("of her claims only those are kept that the mapping of roles looks at", () => {
  const claims = { groups: ["a", "b"], email: "dana@harbor.example", phone_number: "1" };
  expect(keptClaims(claims, [{ kind: "claim", claim: "groups", value: "a" }])).toEqual({ groups: ["a", "b"] });
  expect(keptClaims(claims, [])).toEqual({});
});
