import { expect, test } from "vitest";
import { loopbackAddress, refusalForBrowser, refusalForPage } from "./browser-guard.ts";

const refusal = (headers: Record<string, string | string[]>, port = 4124, proxyPorts: readonly number[] = []) =>
  refusalForBrowser(new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()])), {
    host: "127.0.0.1",
    port,
    proxyPorts,
  });

test("Host must be a loopback name with our own port", () => {
  for (const host of ["127.0.0.1:4124", "localhost:4124", "LOCALHOST:4124", "[::1]:4124"])
    expect(refusal({ host })).toBeUndefined();
  for (const host of [
    "127.0.0.1",
    "127.0.0.1:4125",
    "localhost.evil.example:4124",
    "evil.example:4124",
    "localhost:4124.evil.example",
    "localhost:4124@evil.example",
    "",
  ])
    expect(refusal({ host })).toBeDefined();
  expect(refusal({})).toBeDefined();
  expect(refusal({ host: ["localhost:4124", "localhost:4124"] })).toBeDefined();
});

test("on the port that http leaves out, Host may leave it out too", () => {
  expect(refusal({ host: "localhost" }, 80)).toBeUndefined();
});

test("the port of a proxy of one's own is as good as ours, and only on loopback", () => {
  expect(refusal({ host: "127.0.0.1:5001" }, 4124, [5001])).toBeUndefined();
  expect(refusal({ host: "127.0.0.1:4124" }, 4124, [5001])).toBeUndefined();
  for (const host of ["evil.example:5001", "127.0.0.1:5002", "127.0.0.1"])
    expect(refusal({ host }, 4124, [5001])).toBeDefined();
});

test("over TLS the port that may be left out is https's, and a page's own origin begins with https", () => {
  const secure = (headers: Record<string, string>, port = 443) =>
    refusalForPage("POST", new Map(Object.entries(headers).map(([name, value]) => [name, [value]])), {
      host: "127.0.0.1",
      port,
      isSecure: true,
      awsNames: ["kms.eu-west-1.amazonaws.com"],
    });
  expect(secure({ host: "localhost", origin: "https://localhost" })).toBeUndefined();
  expect(secure({ host: "localhost:4125", origin: "http://localhost:4125" }, 4125)).toBeDefined();
  expect(secure({ host: "localhost" }, 80)).toBeDefined();
  expect(secure({ host: "kms.eu-west-1.amazonaws.com" })).toBeUndefined();
  expect(secure({ host: "kms.eu-west-1.amazonaws.com" }, 4125)).toBeUndefined();
  expect(secure({ host: "kms.us-east-1.amazonaws.com" })).toBeDefined();
});

test("any Origin marks a web page, our own address and `null` included", () => {
  for (const origin of ["http://127.0.0.1:4124", "https://evil.example", "null", ""])
    expect(refusal({ host: "localhost:4124", origin })).toBeDefined();
  expect(refusal({ host: "localhost:4124", "sec-fetch-site": "cross-site" })).toBeDefined();
});

test("only loopback can be listened on, and a name that could resolve elsewhere is made an address", () => {
  expect(loopbackAddress("localhost")).toBe("127.0.0.1");
  expect(loopbackAddress("127.0.0.1")).toBe("127.0.0.1");
  expect(loopbackAddress("127.9.9.9")).toBe("127.9.9.9");
  expect(loopbackAddress("[::1]")).toBe("::1");
  for (const host of [
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "127.0.0.1.evil.example",
    "127.0.0.256",
    "128.0.0.1",
    "example.com",
    "",
  ])
    expect(loopbackAddress(host)).toBeUndefined();
});

test("a page for people may be opened by itself or by a link, but not framed into data or sent by another page", () => {
  const host = "127.0.0.1:4124";
  const listening = { host: "127.0.0.1", port: 4124 };
  const ask = (method: string, headers: Record<string, string>) =>
    refusalForPage(
      method,
      new Map(Object.entries({ host, ...headers }).map(([name, value]) => [name, [value]])),
      listening,
    );
  expect(ask("GET", { "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site" })).toBeUndefined();
  expect(ask("GET", { "sec-fetch-mode": "cors" })).toBeDefined();
  expect(ask("POST", { origin: `http://${host}`, "sec-fetch-site": "same-origin" })).toBeUndefined();
  expect(ask("POST", { origin: "http://127.0.0.1:4123", "sec-fetch-site": "same-site" })).toBeDefined();
  expect(ask("POST", { origin: "null" })).toBeDefined();
  expect(ask("GET", { host: "rebound.example:4124" })).toBeDefined();
});
