import { expect, test } from "vitest";
import { type PersonPattern, parsePersonPattern } from "../platform/person-pattern.ts";
import type { AwsIdentity } from "./aws-identity.ts";
import { causewayRoleOf } from "./causeway-roles.ts";

const DANA = {
  account: "111122223333",
  role: "SRE-Operator",
  name: "dana@harbor.example",
  proven: true,
  method: "identity-center",
} as unknown as AwsIdentity;
const USER = { ...DANA, role: "IAM user", name: "dana", method: "access-keys" } as AwsIdentity;

const parsed = (...patterns: string[]) => patterns.map((text) => parsePersonPattern(text) as PersonPattern);
const roleOf = (identity: AwsIdentity, ...patterns: string[]) =>
  causewayRoleOf([identity], { admins: parsed(...patterns), auditors: [] });

test.each([
  "111122223333/role/SRE-Operator/dana@harbor.example",
  "*/role/SRE-*/dana@*",
  "111122223333/role/*/*@harbor.example",
])("a proven person is matched by account, role and name: %s", (pattern) => {
  expect(roleOf(DANA, pattern)).toBe("admin");
});

test.each(["444455556666/role/*/*", "111122223333/role/SRE/*", "111122223333/user/*", "*/role/*/dana@*.org"])(
  "everything of a pattern has to match: %s does not",
  (pattern) => {
    expect(roleOf(DANA, pattern)).toBe("user");
  },
);

test("a name that whoever assumed the role chose gives no role, and neither does the role beside it", () => {
  expect(roleOf({ ...DANA, proven: false }, "*/role/*/*", "*/role/SRE-Operator/dana@harbor.example")).toBe("user");
});

test("an IAM user and a role session of that name are told apart", () => {
  expect(roleOf(USER, "*/user/dana")).toBe("admin");
  expect(roleOf(USER, "*/role/*/dana")).toBe("user");
  expect(roleOf({ ...DANA, role: "user", name: "dana" } as AwsIdentity, "*/user/dana")).toBe("user");
});

test("claims count from an OIDC provider only, as one value or one of several", () => {
  const oidc = {
    ...DANA,
    method: "oidc",
    claims: { groups: ["staff", "causeway-admins"], team: "sre" },
  } as AwsIdentity;
  expect(roleOf(oidc, "claim:groups=causeway-admins")).toBe("admin");
  expect(roleOf(oidc, "claim:team=sre")).toBe("admin");
  expect(roleOf(oidc, "claim:groups=causeway")).toBe("user");
  expect(roleOf(oidc, "claim:constructor=x")).toBe("user");
  expect(roleOf({ ...oidc, method: "access-keys" } as AwsIdentity, "claim:team=sre")).toBe("user");
});

test("the highest role of any identity counts, and an admin needs no second entry as auditor", () => {
  const settings = { admins: parsed("*/user/dana"), auditors: parsed("*/role/*/*") };
  expect(causewayRoleOf([DANA, USER], settings)).toBe("admin");
  expect(causewayRoleOf([DANA], settings)).toBe("auditor");
  expect(causewayRoleOf([], settings)).toBe("user");
});
