/** Documentation is under test: what it lists and what the code has must be the same, in both directions. */
import { readFileSync } from "node:fs";
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
