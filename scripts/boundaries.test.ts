import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * The layout is the architecture diagram only while a wrong import fails. Each test plants one in an empty copy of the
 * tree that has our real lint and compiler settings.
 */
const root = path.resolve(import.meta.dirname, "..");
let tree: string;

beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), "causeway-boundaries-"));
  cpSync(path.join(root, "lint"), path.join(tree, "lint"), { recursive: true });
  cpSync(path.join(root, "tsconfig.base.json"), path.join(tree, "tsconfig.base.json"));
  const biome = JSON.parse(readFileSync(path.join(root, "biome.json"), "utf8"));
  writeFileSync(
    path.join(tree, "biome.json"),
    JSON.stringify({ ...biome, $schema: undefined, vcs: { enabled: false } }),
  );
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function lint(file: string, source: string): string {
  mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
  writeFileSync(path.join(tree, file), source);
  const run = spawnSync(path.join(root, "node_modules/.bin/biome"), ["lint", file], { cwd: tree, encoding: "utf8" });
  rmSync(path.join(tree, file));
  return run.stdout + run.stderr;
}

const forbidden = [
  ["packages/ssm-data-channel/src/planted.ts", "node:fs", "imports nothing but its own files"],
  ["packages/ssm-data-channel/src/planted.ts", "ws", "imports nothing but its own files"],
  ["packages/wire-contract/src/planted.ts", "@causeway/ssm-data-channel", "typebox and its own files only"],
  ["packages/terminal-checkpoint/src/planted.ts", "node:fs", "the emulator and its own files only"],
  ["packages/terminal-checkpoint/src/planted.ts", "@causeway/wire-contract", "the emulator and its own files only"],
  [
    "packages/aws-sandbox/src/iam/planted.ts",
    "@causeway/wire-contract/sessions",
    "data channel package and nothing else",
  ],
  ["apps/server/src/sessions/planted.ts", "@causeway/aws-sandbox", "through its index.ts only"],
  ["apps/server/src/planted.ts", "@causeway/aws-sandbox", "by endpoint URL only"],
  ["apps/server/src/sessions/planted.ts", "../identity/logins.ts", "through its index.ts only"],
  ["apps/server/src/sessions/log/planted.ts", "../../identity/logins.ts", "through its index.ts only"],
  ["apps/server/src/platform/planted.ts", "../sessions/index.ts", "platform/ knows no domain"],
  ["apps/web/src/app/planted.ts", "@causeway/ssm-data-channel", "wire contract and nothing else"],
  ["apps/web/src/features/terminal/planted.ts", "@causeway/terminal-checkpoint", "never import each other"],
  ["apps/web/src/features/sign-in/planted.ts", "../instances/filter.ts", "features never import each other"],
  ["apps/web/src/features/sign-in/planted.ts", "../../app/router.tsx", "features never import each other"],
  ["apps/web/src/lib/planted.ts", "../features/instances/filter.ts", "know no feature"],
  ["e2e/tests/planted.ts", "../../apps/server/src/main.ts", "browser and HTTP only"],
  ["soak/src/planted.ts", "@causeway/aws-sandbox", "headless session and the wire contract"],
  [
    "soak/src/planted.ts",
    "../../apps/web/src/features/terminal/session-core.ts",
    "headless session and the wire contract",
  ],
  ["soak/src/planted.ts", "@causeway/web/other", "headless session and the wire contract"],
] as const;

test.each(forbidden)("lint refuses in %s an import of %s", (file, imported, message) => {
  expect(lint(file, `import x from "${imported}";\nexport const y = x;\n`)).toContain(message);
});

const allowed = [
  ["packages/ssm-data-channel/src/planted.ts", "./agent-message.ts"],
  ["packages/aws-sandbox/src/iam/planted.ts", "@causeway/ssm-data-channel"],
  ["apps/server/src/sessions/planted.ts", "../identity/index.ts"],
  ["apps/server/src/sessions/planted.ts", "../platform/clock.ts"],
  ["apps/server/src/sessions/log/planted.ts", "../session-end.ts"],
  ["apps/server/src/sessions/log/planted.ts", "../../identity/index.ts"],
  ["apps/web/src/features/sign-in/planted.ts", "../../lib/api-client.ts"],
  ["apps/web/src/features/terminal/planted.ts", "@causeway/terminal-checkpoint/same-terminal"],
  ["soak/src/planted.ts", "@causeway/web/headless"],
  ["soak/src/planted.ts", "@causeway/wire-contract/sessions"],
] as const;

test.each(allowed)("lint lets %s import %s", (file, imported) => {
  expect(lint(file, `import x from "${imported}";\n\nexport const y = x;\n`)).not.toContain("noRestrictedImports");
});

test.each(["Math.random()", "Date.now()", "new Date(0).getTime()", "performance.now()"])(
  "lint refuses %s in the protocol core: time and randomness are arguments",
  (expression) => {
    expect(lint("packages/ssm-data-channel/src/planted.ts", `export const x = ${expression};\n`)).toContain(
      "The protocol core takes",
    );
  },
);

test("the compiler refuses timers, Buffer, process, console and fetch in the protocol core", () => {
  const core = path.join(tree, "packages/ssm-data-channel");
  mkdirSync(path.join(core, "src"), { recursive: true });
  symlinkSync(path.join(root, "node_modules"), path.join(tree, "node_modules"));
  cpSync(path.join(root, "packages/ssm-data-channel/tsconfig.json"), path.join(core, "tsconfig.json"));
  const names = ["setTimeout", "Buffer", "process", "console", "fetch", "TextEncoder", "WebSocket"];
  writeFileSync(path.join(core, "src/planted.ts"), names.map((name) => `export const a${name} = ${name};`).join("\n"));
  let errors = "";
  try {
    execFileSync(path.join(root, "node_modules/.bin/tsc"), ["-p", core, "--noEmit", "--pretty", "false"], {
      encoding: "utf8",
    });
  } catch (error) {
    errors = (error as { stdout: string }).stdout;
  }
  for (const name of names) expect(errors).toContain(`'${name}'`);
});
