import { expect, test } from "vitest";
import { fakeIdentity, fakeMe } from "../test-support/fake-me.ts";
import { identityTitle, isSamePerson, regionsOf, shownIdentities, wordsOfIdentities } from "./identities.ts";

const dev = fakeIdentity({
  id: "identity-2",
  accountName: "harbor-dev",
  regions: [{ id: "eu-north-1", name: "Stockholm" }],
});
const me = fakeMe({ identities: [fakeIdentity(), dev] });

test("without a choice, and for ids of another login, every identity is shown", () => {
  expect(shownIdentities(me, undefined)).toEqual(me.identities);
  expect(shownIdentities(me, "of-an-earlier-login,x")).toEqual(me.identities);
});

test("a choice shows the identities it names, in the order of signing in", () => {
  expect(shownIdentities(me, "identity-2").map(({ id }) => id)).toEqual(["identity-2"]);
  expect(shownIdentities(me, "identity-2,identity-1").map(({ id }) => id)).toEqual(["identity-1", "identity-2"]);
});

test("regions are those of all identities shown, each once", () => {
  expect(regionsOf(me.identities).map(({ id }) => id)).toEqual(["eu-west-1", "us-east-1", "eu-north-1"]);
});

test("an identity is called by its role and account, an IAM user by name", () => {
  expect(identityTitle(dev)).toBe("SRE in harbor-dev");
  const user = fakeIdentity();
  expect(identityTitle({ ...user, person: { ...user.person, role: "IAM user" } })).toBe(
    "dana (IAM user) in 111122223333",
  );
});

test("another role of the same user is another person to a terminal", () => {
  const { person } = fakeIdentity();
  expect(isSamePerson(person, { ...person, arn: "other", proven: false })).toBe(true);
  expect(isSamePerson(person, { ...person, role: "Admin" })).toBe(false);
});

test("a row says the account of its identity, of one account the role, and of one identity alone nothing", () => {
  const first = fakeIdentity();
  const { person } = dev;
  const far = { ...dev, person: { ...person, account: "444455556666" } };
  const admin = { ...far, id: "identity-3", person: { ...far.person, role: "Admin" } };
  const words = (...identities: Parameters<typeof wordsOfIdentities>[0]) => [...wordsOfIdentities(identities).values()];
  expect(words(first)).toEqual([]);
  expect(words(first, far)).toEqual(["111122223333", "harbor-dev"]);
  expect(words(far, admin)).toEqual(["SRE", "Admin"]);
  expect(words(first, far, admin)).toEqual(["111122223333", "harbor-dev SRE", "harbor-dev Admin"]);
});
