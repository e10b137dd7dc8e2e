import { expect, test } from "vitest";
import { publicAddressOf } from "./public-address.ts";
import { type RequestSource, refusalOf } from "./request-source.ts";

const listen = { host: "127.0.0.1", port: 4123 };
const LOOPBACK = publicAddressOf({ publicUrl: undefined, listen, tls: undefined }, 4123);
const PUBLIC = publicAddressOf({ publicUrl: "https://console.example.com", listen, tls: undefined }, 4123);
const GET: RequestSource = {
  method: "GET",
  host: "127.0.0.1:4123",
  secure: false,
  origin: undefined,
  secFetchSite: undefined,
  isUpgrade: false,
  isOperations: false,
  localHost: "127.0.0.1:4123",
};
const POST: RequestSource = { ...GET, method: "POST", origin: "http://127.0.0.1:4123" };
const UPGRADE: RequestSource = { ...GET, isUpgrade: true, origin: "http://127.0.0.1:4123" };

test.each(["127.0.0.1:4123", "localhost:4123", "[::1]:4123"])(
  "a page of this machine at %s may read and act",
  (host) => {
    expect(refusalOf({ ...GET, host }, LOOPBACK)).toBeUndefined();
    expect(refusalOf({ ...POST, host, origin: `http://${host}` }, LOOPBACK)).toBeUndefined();
  },
);

test.each([
  undefined,
  "",
  "evil.example:4123",
  "127.0.0.1",
  "127.0.0.1:4124",
  "127.0.0.1.evil.example:4123",
  "localhost:4123.evil.example",
  "LOCALHOST:4123",
  "127.0.0.1:4123 ",
  "127.1:4123",
])("the Host %s is refused, whatever is asked", (host) => {
  for (const source of [GET, POST, UPGRADE]) expect(refusalOf({ ...source, host }, LOOPBACK)).toBe("HOST_NOT_ALLOWED");
});

test.each([
  undefined,
  "",
  "null",
  "http://evil.example",
  "https://127.0.0.1:4123",
  "http://127.0.0.1:4124",
  "http://127.0.0.1",
  "HTTP://127.0.0.1:4123",
  "http://127.0.0.1:4123/",
  "http://127.0.0.1:4123.evil.example",
  "http://evil.example#http://127.0.0.1:4123",
  "http://localhost:4123",
])("the Origin %s may change nothing and open no websocket", (origin) => {
  for (const source of [POST, UPGRADE, { ...POST, method: "DELETE" }])
    expect(refusalOf({ ...source, origin }, LOOPBACK)).toBe("ORIGIN_NOT_ALLOWED");
});

test.each(["cross-site", "same-site", "none", "SAME-ORIGIN"])(
  "Sec-Fetch-Site: %s may change nothing",
  (secFetchSite) => {
    expect(refusalOf({ ...POST, secFetchSite }, LOOPBACK)).toBe("ORIGIN_NOT_ALLOWED");
    expect(refusalOf({ ...UPGRADE, secFetchSite }, LOOPBACK)).toBe("ORIGIN_NOT_ALLOWED");
    expect(refusalOf({ ...POST, secFetchSite: "same-origin" }, LOOPBACK)).toBeUndefined();
  },
);

test("behind TLS, loopback names and plain HTTP are refused", () => {
  const source = { ...GET, host: "console.example.com", secure: true };
  expect(refusalOf(source, PUBLIC)).toBeUndefined();
  expect(refusalOf({ ...source, secure: false }, PUBLIC)).toBe("TLS_REQUIRED");
  expect(refusalOf({ ...GET, secure: true }, PUBLIC)).toBe("HOST_NOT_ALLOWED");
  expect(refusalOf({ ...source, method: "POST", origin: "https://console.example.com" }, PUBLIC)).toBeUndefined();
  for (const origin of [
    "https://CONSOLE.example.com",
    "https://console.example.com.evil.example",
    "http://console.example.com",
  ])
    expect(refusalOf({ ...source, method: "POST", origin }, PUBLIC)).toBe("ORIGIN_NOT_ALLOWED");
});

test("a probe may ask an operations route by the bare address of the server, and nothing else", () => {
  const probe = { ...GET, host: "10.1.2.3:4123", localHost: "10.1.2.3:4123", isOperations: true };
  expect(refusalOf(probe, PUBLIC)).toBeUndefined();
  expect(refusalOf({ ...probe, host: "10.9.9.9:4123" }, PUBLIC)).toBe("HOST_NOT_ALLOWED");
  expect(refusalOf({ ...probe, isOperations: false }, PUBLIC)).toBe("HOST_NOT_ALLOWED");
});
