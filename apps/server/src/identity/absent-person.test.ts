import { expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { absentPerson } from "./absent-person.ts";

const nobody = async () => {
  throw new CatalogError("SIGN_IN_REQUIRED");
};

test("the owner of a session is known by her key, also while she is signed in nowhere; she is taken for unproven", () => {
  const owner = { loginId: "login-1", ownerKey: "111122223333/AIDADANA", account: "111122223333" };
  expect(absentPerson(owner, nobody)).toMatchObject({ ...owner, userId: "AIDADANA", name: "AIDADANA", proven: false });
});

test("an assumed role's session name is her name, and the login in her key is not", () => {
  const ownerKey = "111122223333/AROAOPERATOR:eve@example.com/login/login-1";
  const person = absentPerson({ loginId: "login-1", ownerKey, account: "111122223333" }, nobody);
  expect(person).toMatchObject({ userId: "AROAOPERATOR:eve@example.com", name: "eve@example.com", ownerKey });
});

test("her credentials are looked up each time, so that the next sign-in counts", async () => {
  const answers = [nobody, async () => ({ accessKeyId: "AKIA", secretAccessKey: "s" })];
  const owner = { loginId: "l", ownerKey: "1/AIDADANA", account: "1" };
  const person = absentPerson(owner, () => (answers.shift() ?? nobody)());
  await expect(person.credentials()).rejects.toMatchObject({ code: "SIGN_IN_REQUIRED" });
  expect(await person.credentials()).toEqual({ accessKeyId: "AKIA", secretAccessKey: "s" });
});
