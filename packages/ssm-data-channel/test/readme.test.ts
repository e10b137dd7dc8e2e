import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeAgentMessage, encodeAgentMessage } from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const files = new Set(
  readdirSync(new URL("../src", import.meta.url)).map((file) => file.replace(/(\.test)?\.ts$/, "")),
);

test("every file that the README names exists", () => {
  const table = readme.split("\n").filter((line) => line.startsWith("| `"));
  const named = table.flatMap((line) =>
    [...(line.split("|")[1] ?? "").matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1]),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => name === undefined || !files.has(name))).toEqual([]);
});

test("the example of the README works as printed", () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const body = code.replace(/^import .*$/m, "").replace(/^if \(result[\s\S]*$/m, "return result;");
  const run = new Function("decodeAgentMessage", "encodeAgentMessage", body);
  expect(run(decodeAgentMessage, encodeAgentMessage)).toMatchObject({
    ok: true,
    message: { messageType: "input_stream_data", createdDate: 1_729_000_000_004n, sequenceNumber: 0n, payloadType: 1 },
  });
});
