import { expect, test } from "vitest";
import { publicAddressOf } from "../platform/http/public-address.ts";
import { cookieHeader, cookieName, readCookie } from "./login-cookie.ts";

const listen = { host: "127.0.0.1", port: 4123 };
const LOOPBACK = publicAddressOf({ publicUrl: undefined, listen, tls: undefined }, 4123);
const TLS = publicAddressOf({ publicUrl: "https://console.example", listen, tls: undefined }, 4123);
const VALUE = "N2k3dGhpcy1pcy1hLTI1Ni1iaXQtc2VjcmV0LTEyM0A";

test("on loopback the port is in the cookie's name, under TLS the browser pins it to the host", () => {
  expect([cookieName(LOOPBACK), cookieName(TLS)]).toEqual(["causeway-4123", "__Host-causeway"]);
});

test("scripts cannot read the cookie, other sites cannot send it, and under TLS it never travels without", () => {
  expect(cookieHeader(LOOPBACK, VALUE, 60)).toBe(
    `causeway-4123=${VALUE}; Path=/; HttpOnly; SameSite=Strict; Max-Age=60`,
  );
  expect(cookieHeader(TLS, VALUE, 60)).toBe(
    `__Host-causeway=${VALUE}; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure`,
  );
});

test("our cookie is found among others", () => {
  expect(readCookie(LOOPBACK, `a=b; causeway-4123=${VALUE}; causeway-4124=x`)).toBe(VALUE);
});

test.each([
  ["none", undefined],
  ["another server's", `causeway-4124=${VALUE}`],
  ["one of another form", "causeway-4123=short"],
  ["one sent twice: either may be planted", `causeway-4123=${VALUE}; causeway-4123=${VALUE}`],
  ["a name that only ends like ours", `xcauseway-4123=${VALUE}`],
])("nobody is found by %s", (_what, header) => {
  expect(readCookie(LOOPBACK, header)).toBeUndefined();
});

test("the loopback form of the cookie is not accepted under TLS", () => {
  expect(readCookie(TLS, `causeway-443=${VALUE}; causeway=${VALUE}`)).toBeUndefined();
});
