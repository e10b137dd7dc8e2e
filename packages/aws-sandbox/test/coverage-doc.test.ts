// docs/sandbox-coverage.md against the code, both ways.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ADMIN_ROUTES } from "../src/admin/admin-api.ts";
import { REGION_FILTER_NAMES } from "../src/ec2/describe-regions.ts";
import { EC2_FILTER_NAMES } from "../src/ec2/instance-filters.ts";
import { hasFaults } from "../src/faults/fault-plan.ts";
import { readFaultPlan } from "../src/faults/read-fault-plan.ts";
import { BROKEN_MACHINES, DEFAULT_FLEET } from "../src/instances/default-fleet.ts";
import { ACTIVATION_FILTER_KEYS } from "../src/registration/activation-operations.ts";
import { DOCUMENT_FILTER_KEYS } from "../src/ssm/describe-documents.ts";
import { NODE_FILTER_KEYS } from "../src/ssm/describe-instance-information.ts";
import { SESSION_FILTER_KEYS } from "../src/ssm/describe-sessions.ts";
import { sharedApiServer } from "./api-server.ts";

const text = readFileSync(join(import.meta.dirname, "../../../docs/sandbox-coverage.md"), "utf8");

const server = await sharedApiServer();

/** The rows of the table under a heading, as their cells. */
function rows(heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => /^\| [`a-zA-Z]/.test(line) && !/^\| (call|route|element|member|filter)s? \|/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const names = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));
const sorted = (list: readonly string[]) => [...list].sort();

function expectSameCalls(heading: string, operations: object): void {
  const documented = rows(heading);
  expect(documented.length).toBeGreaterThan(0);
  for (const [, state] of documented) expect(["covered", "partly", "not"]).toContain(state);
  const served = documented.filter(([, state]) => state !== "not").flatMap(([call]) => names(call));
  expect(sorted(served)).toEqual(sorted(Object.keys(operations)));
  for (const [call] of documented.filter(([, state]) => state === "not"))
    for (const name of names(call)) expect(operations).not.toHaveProperty(name);
}

test("every SSM call that is served is in the table, and every one in the table is served", () => {
  const { ssm, ssmUnsigned, ssmByNodeKey } = server.api;
  expectSameCalls("SSM", { ...ssm, ...ssmUnsigned, ...ssmByNodeKey });
});

test("the same for KMS and EC2 messages", () => {
  expectSameCalls("KMS", server.api.kms);
  expectSameCalls("EC2 messages", server.api.ec2messages);
});

test("every condition key that a request can have is named", () => {
  const source = ["iam/principal.ts", "ssm/session-operations.ts", "kms/kms-operations.ts"]
    .map((file) => readFileSync(join(import.meta.dirname, "../src", file), "utf8"))
    .join("\n")
    .replace(/^\s*(\/\*|\*|\/\/).*$/gm, ""); // comments
  const quoted = [...source.matchAll(/["`]((?:aws|ssm|kms):[A-Za-z:/]+)(\$\{)?/g)];
  const actions = new Set([...Object.keys(server.api.ssm), ...Object.keys(server.api.kms)]);
  const inCode = quoted
    .map(([, key, isOpen]) => `${key}${isOpen === undefined ? "" : "…"}`)
    .filter((key) => !actions.has(key.split(":")[1] ?? "") && !key.startsWith("aws:ssm"));
  const documented = rows("Policies").find(([element]) => element === "condition keys")?.[2];
  expect(sorted(names(documented))).toEqual(sorted([...new Set(inCode)]));
});

test("the same for STS, IAM and EC2", () => {
  for (const service of server.api.query)
    expectSameCalls(service.name.toUpperCase(), { ...service.operations, ...service.unsigned });
});

test("the same for Identity Center", () => {
  expectSameCalls("SSO OIDC", server.api.rest["sso-oauth"]);
  expectSameCalls("SSO portal", server.api.rest.sso);
});

test("every filter is named, and no other", () => {
  const documented = Object.fromEntries(
    rows("Filters").map(([call, filters]) => [names(call)[0], sorted(names(filters))]),
  );
  expect(documented).toEqual({
    DescribeInstances: sorted(EC2_FILTER_NAMES),
    DescribeRegions: sorted(REGION_FILTER_NAMES),
    DescribeInstanceInformation: sorted([...NODE_FILTER_KEYS, "tag:<key>"]),
    DescribeSessions: sorted(SESSION_FILTER_KEYS),
    ListDocuments: sorted(DOCUMENT_FILTER_KEYS),
    DescribeActivations: sorted(ACTIVATION_FILTER_KEYS),
  });
});

test("every admin route is in the table, and no other", () => {
  expect(sorted(rows("Admin routes").flatMap(([route]) => names(route)))).toEqual(sorted(ADMIN_ROUTES));
});

test("every member of a fault plan that is read is in the table, and no other", () => {
  const reader = readFileSync(join(import.meta.dirname, "../src/faults/read-fault-plan.ts"), "utf8");
  const read = [...reader.matchAll(/\.(?:number|text|oneOf|object|list)\("(\w+)"/g)].map(([, name]) => String(name));
  expect(sorted(rows("Faults").flatMap(([member]) => names(member)))).toEqual(sorted([...new Set(read)]));
});

test("the plan that the page shows can be put in force as it stands", () => {
  const example = JSON.parse(text.split("```json\n")[1]?.split("```")[0] ?? "");
  const known = {
    operations: Object.keys(server.api.ssm),
    instances: DEFAULT_FLEET.map(({ id }) => id),
    people: ["dana"],
  };
  expect(hasFaults(readFaultPlan(example, known))).toBe(true);
});

test("the README names every broken machine with its cause and where it shows", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  for (const { name, cause, evidence } of BROKEN_MACHINES)
    expect(readme).toContain(`| \`${name}\` | ${cause} | ${evidence} |`);
  expect(readme).toContain(`the ${DEFAULT_FLEET.length} ready-made ones`);
});
