import { expect, test } from "vitest";
import { publicAddressOf } from "./public-address.ts";

const listen = { host: "127.0.0.1", port: 0 };

test("without a public URL people open loopback at the port the server got", () => {
  expect(publicAddressOf({ publicUrl: undefined, listen, tls: undefined }, 40_001)).toMatchObject({
    origin: "http://127.0.0.1:40001",
    secure: false,
    port: 40_001,
  });
});

test("with TLS files the address is https", () => {
  const tls = { certFile: "/c", keyFile: "/k" };
  expect(publicAddressOf({ publicUrl: undefined, listen, tls }, 4123).origin).toBe("https://127.0.0.1:4123");
});

test("a public URL is the only host, its default port unsaid", () => {
  const address = publicAddressOf({ publicUrl: "https://console.example.com", listen, tls: undefined }, 4123);
  expect([...address.originByHost]).toEqual([["console.example.com", "https://console.example.com"]]);
  expect([address.secure, address.port]).toEqual([true, 443]);
});

test("an IPv6 loopback address is written with brackets", () => {
  const address = publicAddressOf({ publicUrl: undefined, listen: { host: "::1", port: 1 }, tls: undefined }, 4123);
  expect(address.origin).toBe("http://[::1]:4123");
});
