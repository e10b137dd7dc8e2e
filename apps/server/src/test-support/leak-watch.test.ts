import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LeakWatch } from "./leak-watch.ts";
import { HOST, startTestServer } from "./test-server.ts";

const SECRET = 'a+b/"canary"=';

let dataDir: string;
let watch: LeakWatch;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "causeway-leaks-"));
  watch = new LeakWatch();
  watch.addSecret("a key", SECRET);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const leaks = (part: { log?: string; metrics?: string } = {}) =>
  watch.leaksIn({ log: "", metrics: "", dataDir, ...part });

test("a secret is found wherever it stands, as it is, in an address, in JSON and in base64, and is not repeated", () => {
  expect(leaks()).toEqual([]);
  expect(leaks({ log: `x ${SECRET} y` })).toEqual(["a key in the log"]);
  expect(leaks({ metrics: encodeURIComponent(SECRET) })).toEqual(["a key in the metrics"]);
  watch.addAnswer(JSON.stringify({ error: SECRET }));
  mkdirSync(join(dataDir, "deep"));
  writeFileSync(join(dataDir, "deep/file"), Buffer.from(SECRET).toString("base64"));
  expect(leaks()).toEqual(["a key in an answer", "a key in file deep/file"]);
});

test("what would be found by chance cannot be watched for", () => {
  expect(() => watch.addSecret("a code", "418027")).toThrow(/a code is too short/);
});

test("an answer is watched also where no browser asks", async () => {
  const server = await startTestServer();
  const { body } = await server.app.inject({ method: "GET", url: "/api/v1/openapi.json", headers: { host: HOST } });
  server.leaks.addSecret("a word of the answer", body.slice(0, 40));
  await expect(server.close()).rejects.toThrow("a word of the answer in an answer");
});
