/** Profiles of a shared AWS configuration in a temporary folder, read by the SDK itself. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LocalProfiles } from "../identity/index.ts";
import { profileRenewer } from "../identity/index.ts";
import { FakeRoles, FakeSts, MFA_CODE, secretOf } from "../test-support/test-server.ts";
import { AwsHttpHandler } from "./aws-http-handler.ts";
import { awsLocalProfiles } from "./aws-local-profiles.ts";
import { OutboundAgents } from "./outbound-agents.ts";

const DANA = "AKIADANA00000000";
const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = ${secretOf(id)}\n`;
const role = (name: string) => `role_arn = arn:aws:iam::111122223333:role/${name}\n`;

let home: string;
let sts: FakeSts;
let roles: FakeRoles;
let profiles: LocalProfiles;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "causeway-aws-"));
  mkdirSync(join(home, ".aws/sso/cache"), { recursive: true });
  // The SDK remembers the home directory, so that the files are named one by one.
  vi.stubEnv("AWS_CONFIG_FILE", join(home, ".aws/config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, ".aws/credentials"));
  sts = new FakeSts();
  roles = new FakeRoles(sts, Date.now);
  const requestHandler = new AwsHttpHandler(new OutboundAgents());
  profiles = awsLocalProfiles({ roles, requestHandler, region: "eu-west-1", callerIdentity: sts.callerIdentity });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

function write(config: Record<string, string>, credentials: Record<string, string> = {}): void {
  const text = (sections: Record<string, string>) =>
    Object.entries(sections)
      .map(([name, body]) => `[${name}]\n${body}\n`)
      .join("");
  writeFileSync(join(home, ".aws/config"), text(config));
  writeFileSync(join(home, ".aws/credentials"), text(credentials));
}
const codeOf = (name: string, mfaCode?: string): Promise<string> =>
  profiles.signIn(name, mfaCode).then(
    () => "signed in",
    (error: { code?: string }) => error.code ?? String(error),
  );

test("the list names profiles that give somebody's keys, and says nothing else of them", async () => {
  write(
    {
      default: "region = eu-west-1\n",
      "profile ops": `${role("Ops")}source_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/dana\n`,
      "profile behind-ops": `${role("Other")}source_profile = ops\n`,
      "profile on-the-server": `${role("Ops")}credential_source = Ec2InstanceMetadata\n`,
      "profile behind-the-server": `${role("Ops")}source_profile = on-the-server\n`,
      "profile lab": "credential_process = /bin/true\n",
      "profile harbor": "sso_session = harbor\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\n",
      "sso-session harbor": "sso_region = eu-west-1\nsso_start_url = https://harbor.awsapps.com/start\n",
      "profile broken": role("Ops"),
    },
    { base: keys(DANA) },
  );
  expect(await profiles.list()).toEqual([
    { name: "base", kind: "keys", mfa: false },
    { name: "behind-ops", kind: "role", mfa: true },
    { name: "harbor", kind: "identity-center", mfa: false },
    { name: "lab", kind: "process", mfa: false },
    { name: "ops", kind: "role", mfa: true },
  ]);
});

test("static keys of a user sign in as the user, who is proven", async () => {
  write({}, { base: keys(DANA) });
  expect((await profiles.signIn("base", undefined)).person).toMatchObject({ name: "dana", proven: true });
});

test("a role names the human to AWS, and she is the same person each time", async () => {
  write({ "profile ops": `${role("Ops")}source_profile = base\n` }, { base: keys(DANA) });
  const first = await profiles.signIn("ops", undefined);
  expect(first.person).toMatchObject({ name: "dana@111122223333", role: "Ops", proven: true });
  expect((await profiles.signIn("ops", undefined)).person).toEqual(first.person);
});

test("a role behind a role keeps her name; a session name of the profile's own is unverified", async () => {
  write(
    {
      "profile ops": `${role("Ops")}source_profile = base\n`,
      "profile deep": `${role("Deep")}source_profile = ops\n`,
      "profile named": `${role("Ops")}source_profile = base\nrole_session_name = somebody\n`,
    },
    { base: keys(DANA) },
  );
  expect((await profiles.signIn("deep", undefined)).person).toMatchObject({
    name: "dana@111122223333",
    role: "Deep",
    proven: true,
  });
  expect((await profiles.signIn("named", undefined)).person).toMatchObject({ name: "somebody", proven: false });
});

test("a profile with an MFA device asks for the code, and renews only with the person", async () => {
  write(
    { "profile ops": `${role("Ops")}source_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/dana\n` },
    { base: keys(DANA) },
  );
  expect([await codeOf("ops"), await codeOf("ops", "000000"), await codeOf("ops", MFA_CODE)]).toEqual([
    "PROFILE_NEEDS_MFA",
    "MFA_CODE_REFUSED",
    "signed in",
  ]);
  const { person } = await profiles.signIn("ops", MFA_CODE);
  await expect(profileRenewer(profiles).renew({ kind: "profile", name: "ops" }, person)).rejects.toMatchObject({
    code: "SIGN_IN_REQUIRED",
  });
});

test("renewal reads the files again: keys that changed meanwhile are the new ones", async () => {
  write({}, { base: keys(DANA) });
  const { person } = await profiles.signIn("base", undefined);
  sts.add("AKIADANA00000001", "111122223333", "AIDADANA", "user/dana");
  write({}, { base: keys("AKIADANA00000001") });
  const renewed = await profileRenewer(profiles).renew({ kind: "profile", name: "base" }, person);
  expect(renewed.credentials.accessKeyId).toBe("AKIADANA00000001");
});

test("a credential_process gives keys with their end; what it prints when it fails is shown to nobody", async () => {
  const script = join(home, "give");
  const answer = {
    Version: 1,
    AccessKeyId: DANA,
    SecretAccessKey: secretOf(DANA),
    SessionToken: "session",
    Expiration: "2099-01-01T00:00:00Z",
  };
  writeFileSync(script, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
  const fails = join(home, "fail");
  writeFileSync(fails, "#!/bin/sh\necho printed-canary >&2\nexit 1\n");
  for (const file of [script, fails]) chmodSync(file, 0o700);
  write({ "profile lab": `credential_process = ${script}\n`, "profile bad": `credential_process = ${fails}\n` });
  const { credentials } = await profiles.signIn("lab", undefined);
  expect(credentials).toMatchObject({ accessKeyId: DANA, expiresAtMs: Date.parse("2099-01-01T00:00:00Z") });
  const failure = await profiles.signIn("bad", undefined).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "PROFILE_UNUSABLE" });
  expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toContain("printed-canary");
});

test.each([
  ["one that is not there", "nobody"],
  ["one that stands for the server", "on-the-server"],
  ["what every object has", "constructor"],
])("%s is no profile", async (_what, name) => {
  write({ "profile on-the-server": `${role("Ops")}credential_source = Environment\n` }, { base: keys(DANA) });
  expect(await codeOf(name)).toBe("PROFILE_UNUSABLE");
});

test("profiles that name each other in a circle give nothing, and end", async () => {
  write({
    "profile a": `${role("A")}source_profile = b\n`,
    "profile b": `${role("B")}source_profile = a\n`,
  });
  expect(await codeOf("a")).toBe("PROFILE_UNUSABLE");
});

test("no files at all are no profiles", async () => {
  expect(await profiles.list()).toEqual([]);
});

test("an sso-session uses the token that aws sso login stored, until it runs out", async () => {
  const portal = await startPortal();
  vi.stubEnv("AWS_ENDPOINT_URL_SSO", portal.url);
  vi.stubEnv("HOME", home);
  write({
    "profile harbor":
      "sso_session = harbor\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = eu-west-1\n",
    "sso-session harbor": "sso_region = eu-west-1\nsso_start_url = https://harbor.awsapps.com/start\n",
  });
  sts.add(
    "ASIAPORTAL000000",
    "111122223333",
    "AROAX:dana",
    "assumed-role/AWSReservedSSO_ReadOnly_0123456789abcdef/dana",
  );
  const token = (expiresAt: string) =>
    writeFileSync(
      join(home, ".aws/sso/cache", `${createHash("sha1").update("harbor").digest("hex")}.json`),
      JSON.stringify({
        accessToken: "token-canary",
        expiresAt,
        region: "eu-west-1",
        startUrl: "https://harbor.awsapps.com/start",
      }),
    );
  expect(await codeOf("harbor")).toBe("PROFILE_SIGN_IN_ENDED");
  token("2099-01-01T00:00:00Z");
  expect((await profiles.signIn("harbor", undefined)).person).toMatchObject({ name: "dana", proven: false });
  expect(portal.bearers).toEqual(["token-canary"]);
  token("2020-01-01T00:00:00Z");
  expect(await codeOf("harbor")).toBe("PROFILE_SIGN_IN_ENDED");
  portal.server.close();
});

async function startPortal(): Promise<{ url: string; bearers: unknown[]; server: Server }> {
  const bearers: unknown[] = [];
  const server = createServer((request, response) => {
    bearers.push(request.headers["x-amz-sso_bearer_token"]);
    const accessKeyId = "ASIAPORTAL000000";
    const roleCredentials = {
      accessKeyId,
      secretAccessKey: secretOf(accessKeyId),
      sessionToken: "s",
      expiration: Date.now() + 3_600_000,
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ roleCredentials }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bearers, server };
}
