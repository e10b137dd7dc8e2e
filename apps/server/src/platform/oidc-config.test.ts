import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { OIDC_ROLES_MAX, parseIssuer, parseOidcRoles, parseScopes } from "./oidc-config.ts";

const ARN = "arn:aws:iam::111122223333:role/Operator";
const SET = {
  CAUSEWAY_OIDC_ISSUER: "https://login.example.com",
  CAUSEWAY_OIDC_CLIENT_ID: "causeway",
  CAUSEWAY_OIDC_ROLES: ARN,
};
const read = (env: Record<string, string>) => readConfig(env, { homeDir: "/home/x", webDir: "/web" });

test("an issuer is an https:// address; plain http only on this machine", () => {
  for (const issuer of ["https://login.example.com", "https://login.example.com/tenant/", "http://127.0.0.1:3000"])
    expect(parseIssuer(issuer)).toBe(issuer);
  for (const issuer of [
    "http://login.example.com",
    "https://a@b.example",
    "https://b.example?x=1",
    "login",
    "file:///x",
  ])
    expect(parseIssuer(issuer)).toBeUndefined();
});

test("roles are listed by ARN, or named by one claim", () => {
  expect(parseOidcRoles(`${ARN}, ${ARN}2`)).toEqual({ kind: "listed", arns: [ARN, `${ARN}2`] });
  expect(parseOidcRoles("claim:https://aws.example/role")).toEqual({
    kind: "claim",
    claim: "https://aws.example/role",
  });
  for (const text of ["Operator", `${ARN},Operator`, "claim:", "arn:aws:iam::1:role/X"])
    expect(parseOidcRoles(text)).toBeUndefined();
});

test("more roles than fit a page belong into a claim", () => {
  const arns = (count: number) => Array.from({ length: count }, (_, index) => `${ARN}${index}`).join(",");
  expect(parseOidcRoles(arns(OIDC_ROLES_MAX))).toBeDefined();
  expect(parseOidcRoles(arns(OIDC_ROLES_MAX + 1))).toBeUndefined();
});

test("scopes hold openid, without which there is no ID token", () => {
  expect(parseScopes("openid  email")).toBe("openid email");
  expect(parseScopes("email")).toBeUndefined();
});

test("one setting asks for the others, and two secrets are one too many", () => {
  expect(read(SET).oidc).toMatchObject({ secret: { kind: "none" }, label: "Single sign-on" });
  expect(read({}).oidc).toBeUndefined();
  expect(() => read({ CAUSEWAY_OIDC_LABEL: "Harbor" })).toThrow(
    expect.objectContaining({
      problems: ["ISSUER", "CLIENT_ID", "ROLES"].map((key) =>
        expect.stringContaining(`CAUSEWAY_OIDC_${key} is needed`),
      ),
    }),
  );
  const both = { CAUSEWAY_OIDC_CLIENT_SECRET: "secret-canary", CAUSEWAY_OIDC_CLIENT_SECRET_FILE: "/run/secret" };
  expect(() => read({ ...SET, ...both })).toThrow(
    expect.objectContaining({ problems: [expect.not.stringContaining("secret-canary")] }),
  );
});
