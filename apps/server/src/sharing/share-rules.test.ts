import { expect, test } from "vitest";
import type { AwsIdentity } from "../identity/index.ts";
import { parseSharingRules } from "../platform/sharing-config.ts";
import { checkAllowed, expiryOf, isAdmitted, isAllowed, policyOf } from "./share-rules.ts";

const identity = (account: string, name: string, proven = true) => ({ account, name, proven }) as AwsIdentity;
const share = (audience: "account" | "named" | "anyone") => ({
  audience,
  account: "111122223333",
  people: audience === "named" ? [{ account: "111122223333", name: "kofi" }] : [],
});
const config = (text: string, anyone = true) => ({
  ...(parseSharingRules(text) ?? { otherwise: "off" as const, rules: new Map() }),
  ...{ anyone, needsStartSession: false, viewersMax: 50 },
});

test("a link for the account lets in whoever is of that account, also unverified, and nobody else", () => {
  expect(isAdmitted(share("account"), identity("111122223333", "eve", false))).toBe(true);
  expect(isAdmitted(share("account"), identity("444455556666", "kofi"))).toBe(false);
});
test("a link for named people lets in the proven person of that name and account alone", () => {
  expect(isAdmitted(share("named"), identity("111122223333", "kofi"))).toBe(true);
  expect(isAdmitted(share("named"), identity("111122223333", "kofi", false))).toBe(false);
  expect(isAdmitted(share("named"), identity("444455556666", "kofi"))).toBe(false);
  expect(isAdmitted(share("named"), identity("111122223333", "Kofi"))).toBe(false);
});
test("a link for anyone lets in anyone", () => {
  expect(isAdmitted(share("anyone"), identity("444455556666", "x", false))).toBe(true);
});
test("the rule for an account is stronger than that for its environment, and that than the one for all", () => {
  const rules = config("on,prod=view-only,111122223333=off");
  expect(policyOf(rules, "111122223333", "prod")).toMatchObject({ sharing: false, typing: false });
  expect(policyOf(rules, "444455556666", "prod")).toMatchObject({ sharing: true, typing: false });
  expect(policyOf(rules, "444455556666", undefined)).toMatchObject({ sharing: true, typing: true });
});
test("what the settings do not allow is refused in words", () => {
  const viewOnly = policyOf(config("view-only"), "111122223333", undefined);
  expect(isAllowed({ mode: "view", audience: "account" }, viewOnly)).toBe(true);
  for (const mode of ["ask", "type"] as const)
    expect(() => checkAllowed({ mode, audience: "account" }, viewOnly)).toThrow(/switched off/);
  const noStrangers = policyOf(config("on", false), "111122223333", undefined);
  expect(() => checkAllowed({ mode: "view", audience: "anyone" }, noStrangers)).toThrow(/switched off/);
  expect(isAllowed({ mode: "view", audience: "account" }, policyOf(config("off"), "111122223333", undefined))).toBe(
    false,
  );
});
test("people are named exactly where the audience is named people", () => {
  const policy = policyOf(config("on"), "111122223333", undefined);
  const people = [{ account: "111122223333", name: "kofi" }];
  expect(() => checkAllowed({ mode: "ask", audience: "named", people }, policy)).not.toThrow();
  expect(() => checkAllowed({ mode: "ask", audience: "named" }, policy)).toThrow(/not understood/);
  expect(() => checkAllowed({ mode: "ask", audience: "account", people }, policy)).toThrow(/not understood/);
});
test("a link ends 15 minutes, an hour or four hours from now, or with the session", () => {
  expect((["15-min", "1-hour", "4-hours", "session"] as const).map((each) => expiryOf(each, 0))).toEqual([
    900_000,
    3_600_000,
    14_400_000,
    undefined,
  ]);
});
