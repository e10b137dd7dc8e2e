import { expect, test } from "vitest";
import { ownerKeyOf, type Person, personOf } from "./person.ts";

const ACCOUNT = "111122223333";
const of = (userId: string, arn: string) => personOf({ account: ACCOUNT, userId, arn });

test("an IAM user is proven, and named without her path", () => {
  expect(of("AIDADANA", `arn:aws:iam::${ACCOUNT}:user/team/sre/dana`)).toMatchObject({
    name: "dana",
    role: "IAM user",
    proven: true,
  });
});

test.each([
  ["an assumed role", "AROAX:eve", `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/eve`, "eve", "Operator"],
  [
    "a role that looks like Identity Center's",
    "AROAY:dana@example.com",
    `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/dana@example.com`,
    "dana@example.com",
    "AWSReservedSSO_Admin_0123456789abcdef",
  ],
  ["a federated user", `${ACCOUNT}:bob`, `arn:aws:sts::${ACCOUNT}:federated-user/bob`, "bob", "Federated user"],
  ["a role session that calls itself a user", "AROAX:eve", `arn:aws:iam::${ACCOUNT}:user/eve`, "eve", "user"],
])("%s is not proven: the name was chosen by whoever assumed it", (_kind, userId, arn, name, role) => {
  expect(of(userId, arn)).toMatchObject({ name, role, proven: false });
});

test("a session name with colons and equals signs is kept whole", () => {
  expect(of("AROAX:a=b,c", `arn:aws-us-gov:sts::${ACCOUNT}:assumed-role/R/a:b=c`)).toMatchObject({ name: "a:b=c" });
});

test("the root user is told apart in every partition", () => {
  expect(of(ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`)).toBe("root");
  expect(of(ACCOUNT, `arn:aws-cn:iam::${ACCOUNT}:root`)).toBe("root");
  expect(of(ACCOUNT, "something new")).toBe("root");
});

test("a proven person owns from any login, another only from the login that began", () => {
  const dana = of("AIDADANA", `arn:aws:iam::${ACCOUNT}:user/dana`) as Person;
  const eve = of("AROAX:eve", `arn:aws:sts::${ACCOUNT}:assumed-role/R/eve`) as Person;
  expect(ownerKeyOf(dana, "l1")).toBe(ownerKeyOf(dana, "l2"));
  expect([ownerKeyOf(eve, "l1"), ownerKeyOf(eve, "l2")]).toEqual([
    `${ACCOUNT}/AROAX:eve/login/l1`,
    `${ACCOUNT}/AROAX:eve/login/l2`,
  ]);
});
