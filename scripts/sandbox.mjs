/** `pnpm sandbox`: the AWS emulator by itself, for other tools too. Options: packages/aws-sandbox/README.md. */
import { buildIfStale, builtFile } from "./lib/build.mjs";
import { requireNode } from "./lib/terminal.mjs";

requireNode();
const json = process.argv.includes("--json");
if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
await buildIfStale(["sandbox"]);
if (json) Reflect.deleteProperty(process.stdout, "write");
await import(builtFile("sandbox"));
