import { expect, test } from "vitest";
import { policySourcesOf } from "./aws-start-permission.ts";

test("a user is asked about by its own ARN, path included", () => {
  const arn = "arn:aws:iam::111122223333:user/team/kofi";
  expect(policySourcesOf(arn, "eu-west-1")).toEqual([arn]);
});
test("of an assumed role the role is asked about, in the caller's partition", () => {
  expect(policySourcesOf("arn:aws-cn:sts::111122223333:assumed-role/Operator/eve", "cn-north-1")).toEqual([
    "arn:aws-cn:iam::111122223333:role/Operator",
  ]);
});
test("a role of Identity Center lies below its reserved path, with the region in it or not", () => {
  const arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/dana@example.com";
  expect(policySourcesOf(arn, "eu-west-1")).toEqual([
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef",
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef",
  ]);
});
test.each(["arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/x", "nonsense", ""])(
  "%j can be asked about by nothing",
  (arn) => {
    expect(policySourcesOf(arn, "eu-west-1")).toEqual([]);
  },
);
