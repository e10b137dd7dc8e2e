/** Documentation is under test: what it lists and what the code has must be the same, in both directions. */
import { readdirSync, readFileSync } from "node:fs";
import { ERROR_CATALOG, type ErrorCatalogEntry } from "@causeway/wire-contract/error-catalog";
import { expect, test } from "vitest";
import { readConfig } from "../src/platform/config.ts";
import { CONFIG_KEYS, FOREIGN_KEYS } from "../src/platform/config-keys.ts";
import { VERSION } from "../src/platform/version.ts";

const CONFIGURATION = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");

function documentedDefaults(): Map<string, string> {
  const rows = CONFIGURATION.matchAll(/^\|\s*`([A-Z0-9_]+)`\s*\|([^|]*)\|/gm);
  return new Map([...rows].map(([, key = "", value = ""]) => [key, value.trim()]));
}

test("docs/configuration.md lists every setting the server reads, and no other", () => {
  expect([...documentedDefaults().keys()].sort()).toEqual([...CONFIG_KEYS, ...FOREIGN_KEYS].sort());
});

test("docs/configuration.md names the defaults the server has", () => {
  const config = readConfig({}, { homeDir: "~", webDir: "/web" });
  const documented = documentedDefaults();
  const inCode: Record<string, string> = {
    CAUSEWAY_LISTEN: `\`${config.listen.host}:${config.listen.port}\``,
    CAUSEWAY_PUBLISHED_ON_LOOPBACK: `\`${config.publishedOnLoopback}\``,
    CAUSEWAY_SESSION_DOCUMENT: `\`${config.sessionDocument}\``,
    CAUSEWAY_SESSIONS_PER_PERSON: `\`${config.sessionsPerPerson}\``,
    CAUSEWAY_SIGN_IN_HOURS: `\`${config.signInHours}\``,
    CAUSEWAY_REGIONS: `the ${config.regions.length} commercial regions that are on in every account`,
  };
  for (const [key, value] of Object.entries(inCode)) expect([key, documented.get(key)]).toEqual([key, value]);
  expect(readConfig({}, { homeDir: "/home/x", webDir: "/web" }).dataDir).toBe("/home/x/.local/share/causeway");
  expect(documented.get("CAUSEWAY_DATA_DIR")).toBe("`~/.local/share/causeway`");
});

test("docs/errors.md says what the error catalog says (vitest run apps/server/test/docs.test.ts -u writes it)", async () => {
  await expect(errorsPage()).toMatchFileSnapshot("../../../docs/errors.md");
});

test("the version shown to AWS is the package's", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(VERSION).toBe(version);
});

const ACTORS: Record<ErrorCatalogEntry["actor"], string> = {
  person: "the person at the page",
  "aws-account-admin": "an admin of the AWS account",
  "server-operator": "whoever operates the server",
  causeway: "Causeway itself",
};

function errorsPage(): string {
  const entries: [string, ErrorCatalogEntry][] = Object.entries(ERROR_CATALOG);
  const sections = entries.map(([code, entry]) =>
    [
      `## ${code}`,
      "",
      `**${entry.title}.** HTTP ${entry.httpStatus}; ${entry.retryable ? "may be tried again" : "trying again alone does not help"}; in the hands of ${ACTORS[entry.actor]}.`,
      "",
      `- Cause: ${entry.cause}`,
      `- Remedy: ${entry.remedy}`,
      ...(entry.policy ? [`- Policy statement: \`${entry.policy}\``] : []),
      ...(entry.awsErrors ? [`- AWS says: ${entry.awsErrors.map((name) => `\`${name}\``).join(", ")}`] : []),
      "",
    ].join("\n"),
  );
  return [
    "# Errors",
    "",
    "Every failure that Causeway reports, by its code. The API answers with problem details (RFC 9457) that carry the",
    "code, the cause, the remedy and a request id, which is also in the server's log.",
    "",
    ...sections,
  ].join("\n");
}

const SOURCES = new URL("../src/", import.meta.url);
const SETUP = readFileSync(new URL("../../../docs/aws-setup.md", import.meta.url), "utf8");
const README = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
/** Calls with a token of the portal: no policy speaks of them. */
const WITHOUT_POLICY = ["sso", "sso-oidc"];
/** Allowed, and not called by us through the SDK: the channel itself, and what machines do. */
const NOT_CALLED = [
  "ssmmessages:OpenDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:CreateControlChannel",
  "ssm:UpdateInstanceInformation",
  "sts:AssumeRoleWithWebIdentity",
];

function actionsCalled(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  const calls = files.flatMap((file) => [
    ...readFileSync(new URL(file, SOURCES), "utf8").matchAll(/callAws\(\s*"([a-z0-9-]+)",\s*"([A-Za-z]+)"/g),
  ]);
  const called = calls.map(([, service = "", operation = ""]) => ({ service, action: `${service}:${operation}` }));
  return [...new Set(called.filter(({ service }) => !WITHOUT_POLICY.includes(service)).map(({ action }) => action))];
}

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
}

function statementsOf(page: string): Statement[] {
  const blocks = page.matchAll(/^ *```json\n([\s\S]*?)```/gm);
  return [...blocks].flatMap(([, json = ""]) => {
    const { Version, Statement } = JSON.parse(json) as { Version: string; Statement: Statement[] };
    expect(Version).toBe("2012-10-17");
    return Statement;
  });
}

test("docs/aws-setup.md explains every action that is asked of AWS, and its policies allow no other", () => {
  const called = actionsCalled();
  expect(called).toContain("ssm:StartSession");
  for (const action of called) expect([action, SETUP.includes(`\`${action}\``)]).toEqual([action, true]);
  for (const page of [SETUP, README])
    for (const { Sid, Action } of statementsOf(page))
      for (const action of [Action].flat())
        expect([Sid, action, [...called, ...NOT_CALLED].includes(action)]).toEqual([Sid, action, true]);
});

test("the policy of the README is the one of docs/aws-setup.md, for an IAM user", () => {
  const actionsOf = (page: string, sid: RegExp) =>
    statementsOf(page).flatMap(({ Sid, Action }) => (sid.test(Sid) ? [Action].flat() : []));
  const sids = /^(ShellOn|WithThis|OwnSessions|SeeMachines)/;
  expect(actionsOf(README, sids)).toEqual(actionsOf(SETUP, sids));
});
