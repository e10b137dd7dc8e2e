/** `pnpm start`: the console against real AWS. Settings come from the environment: docs/configuration.md. */
import { buildIfStale, builtFile } from "./lib/build.mjs";
import { requireNode } from "./lib/terminal.mjs";

requireNode();
await buildIfStale(["web", "server"]);
await import(builtFile("server"));
