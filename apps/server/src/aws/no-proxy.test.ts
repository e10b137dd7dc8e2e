import { expect, test } from "vitest";
import { parseNoProxy } from "./no-proxy.ts";

test.each([
  ["*", "anything.example.com", 443, true],
  ["ssm.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, true],
  ["SSM.eu-west-1.amazonaws.com", "ssm.EU-west-1.amazonaws.com", 443, true],
  ["amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, true],
  [".amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, true],
  ["*.amazonaws.com", "ssm.eu-west-1.amazonaws.com", 443, true],
  [".amazonaws.com", "amazonaws.com", 443, false],
  ["amazonaws.com", "notamazonaws.com", 443, false],
  ["localhost,127.0.0.1", "127.0.0.1", 8443, true],
  ["localhost 127.0.0.1", "127.0.0.1", 8443, true],
  ["127.0.0.1:8443", "127.0.0.1", 8443, true],
  ["127.0.0.1:8443", "127.0.0.1", 443, false],
  ["[::1]:8443", "[::1]", 8443, true],
  ["::1", "[::1]", 443, true],
  ["10.0.0.0/8", "10.1.2.3", 443, false],
  ["", "example.com", 443, false],
  [" , ,", "example.com", 443, false],
])("NO_PROXY=%s and %s:%i: bypasses the proxy: %s", (value, host, port, bypasses) => {
  expect(parseNoProxy(value)(host, port)).toBe(bypasses);
});

test("without NO_PROXY nothing bypasses the proxy", () => {
  expect(parseNoProxy(undefined)("example.com", 443)).toBe(false);
});
