import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inlineScriptHashes, WEB_FILES_MAX, WebPage } from "../src/platform/http/web-page.ts";
import { HOST, startTestServer, type TestServer } from "../src/test-support/test-server.ts";

const INDEX = `<!doctype html><script>document.title="é"</script><script type="module" src="/assets/app-1.js"></script>`;

let directory: string;
let server: TestServer | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "causeway-page-"));
  mkdirSync(join(directory, "assets"));
  writeFileSync(join(directory, "index.html"), INDEX);
  writeFileSync(join(directory, "favicon.svg"), "<svg/>");
  writeFileSync(join(directory, "assets", "app-1.js"), `console.log("${"x".repeat(2_000)}")`);
  writeFileSync(join(directory, "assets", "app-1.js.map"), "{}");
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function ask(url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" | "POST" = "GET") {
  server ??= await startTestServer({ deps: { page: new WebPage(directory) } });
  return server.app.inject({ method, url, headers: { host: HOST, ...headers } });
}

test.each(["/", "/index.html", "/sign-in", "/?next=/x", "/s/abc-DEF_1"])(
  "%s is the page, never stored",
  async (url) => {
    const reply = await ask(url);
    expect([reply.statusCode, reply.body, reply.headers["cache-control"]]).toEqual([200, INDEX, "no-store"]);
    expect(reply.headers["content-type"]).toBe("text/html; charset=utf-8");
  },
);

test("the policy allows exactly the inline script of the page, by its hash", async () => {
  const [hash] = inlineScriptHashes(INDEX);
  expect(hash).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
  const policy = String((await ask("/")).headers["content-security-policy"]);
  expect(policy).toContain(`script-src 'self' ${hash};`);
  expect(policy.match(/script-src[^;]*/)?.[0]).not.toMatch(/unsafe/);
});

test("the policy allows the inline scripts of every page of the build, each once", async () => {
  const offline = `<script>document.title="é"</script><script>setInterval(() => undefined, 15_000)</script>`;
  writeFileSync(join(directory, "offline.html"), offline);
  const hashes = inlineScriptHashes(offline);
  expect(hashes).toHaveLength(2);
  const policy = String((await ask("/offline.html")).headers["content-security-policy"]);
  expect(
    policy
      .match(/script-src[^;]*/)?.[0]
      .split(" ")
      .toSorted(),
  ).toEqual(["'self'", ...hashes, "script-src"].toSorted());
});

test("hashed files may be kept for ever, others are asked for again", async () => {
  expect((await ask("/assets/app-1.js")).headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "text/javascript; charset=utf-8",
  });
  expect((await ask("/favicon.svg")).headers["cache-control"]).toBe("no-cache");
});

test("a file is compressed for whoever takes it, and not sent again when it is known", async () => {
  const plain = await ask("/assets/app-1.js");
  const gzipped = await ask("/assets/app-1.js", { "accept-encoding": "br;q=1, gzip;q=0.8" });
  expect(gzipped.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(gzipped.rawPayload).toString()).toBe(plain.body);
  const again = await ask("/assets/app-1.js", { "if-none-match": String(plain.headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
});

test("a file known by a weak tag or one of several is not sent again; one that refuses gzip gets none", async () => {
  const { etag } = (await ask("/favicon.svg")).headers;
  for (const tags of [`W/${etag}`, `"other", ${etag}`, "*"])
    expect([tags, (await ask("/favicon.svg", { "if-none-match": tags })).statusCode]).toEqual([tags, 304]);
  expect((await ask("/favicon.svg", { "if-none-match": '"other"' })).statusCode).toBe(200);
  const refused = await ask("/assets/app-1.js", { "accept-encoding": "gzip;q=0, identity" });
  expect(refused.headers["content-encoding"]).toBeUndefined();
});

test("a probe that asks with HEAD, or with a slash too many, is not told that all is well by the page", async () => {
  expect((await ask("/readyz", {}, "HEAD")).statusCode).toBe(405);
  expect((await ask("/readyz/")).statusCode).toBe(404);
  expect((await ask("/readyz")).statusCode).toBe(200);
});

test.each([
  "/assets/none.js",
  "/assets/app-1.js.map",
  "/favicon.ico",
  "/../package.json",
  "/..%2f..%2fetc%2fpasswd",
  "/assets/..%5c..%5cindex.html",
  "/assets/app-1.js%00.html",
  "/api",
  "/api/v1/none",
  "/api/v2",
])("%s is not there", async (url) => {
  const reply = await ask(url);
  expect([url, reply.statusCode]).toEqual([url, 404]);
  expect(reply.body).not.toContain("root:");
});

test("nothing but GET and HEAD is answered with the page", async () => {
  const origin = `http://${HOST}`;
  expect((await ask("/", { origin }, "POST")).json().code).toBe("ROUTE_NOT_FOUND");
});

test("a path that climbs, sent as it is, reaches nothing outside the page", async () => {
  await ask("/");
  const address = await (server as TestServer).app.listen({ host: "127.0.0.1", port: 0 });
  for (const path of ["/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/assets/.."]) {
    const answer = await rawGet(Number(new URL(address).port), path);
    expect([path, answer.includes("root:")]).toEqual([path, false]);
    expect([path, /^HTTP\/1\.1 (200|4\d\d) /.test(answer)]).toEqual([path, true]);
  }
});

/** As an attacker sends it: no client normalizes the path on the way. */
async function rawGet(port: number, path: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

test("a linked file is answered as if it were not there", async () => {
  symlinkSync("/etc/passwd", join(directory, "passwd.txt"));
  expect((await ask("/passwd.txt")).statusCode).toBe(404);
});

test("a directory that is no built page is refused in words", () => {
  expect(() => new WebPage(join(directory, "assets"))).toThrow(/holds no built page/);
  expect(() => new WebPage("/nowhere")).toThrow(/holds no built page/);
  for (let count = 0; count <= WEB_FILES_MAX; count++) writeFileSync(join(directory, "assets", `${count}.js`), "");
  expect(() => new WebPage(directory)).toThrow(/more than a built page/);
});
