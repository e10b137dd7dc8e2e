import { createHash } from "node:crypto";
import type { PublicAddress } from "../platform/http/public-address.ts";

/** 256 bits: nothing to guess, so looking the hash up needs no constant-time comparison. */
export const COOKIE_BYTES = 32;
const COOKIE_VALUE = /^[A-Za-z0-9_-]{43}$/;

/**
 * `__Host-` under TLS: the browser itself then insists on Secure, Path=/ and no Domain. On loopback the port is part
 * of the name, because cookies are not separated by port and two servers would sign each other's people out.
 */
export function cookieName(address: PublicAddress): string {
  return address.secure ? "__Host-causeway" : `causeway-${address.port}`;
}

/** The cookie of a browser that is about to sign in: it stands for no person, only for this browser. */
export function signInCookieName(address: PublicAddress): string {
  return address.secure ? "__Host-causeway-sign-in" : `causeway-sign-in-${address.port}`;
}

/** The cookie of a browser that is on its way to an OIDC provider and back. It stands for no person either. */
export function oidcCookieName(address: PublicAddress): string {
  return address.secure ? "__Host-causeway-oidc" : `causeway-oidc-${address.port}`;
}

/** The cookie of a browser that opened a link to a terminal and is about to sign in elsewhere. It stands for no person. */
export function linkCookieName(address: PublicAddress): string {
  return address.secure ? "__Host-causeway-link" : `causeway-link-${address.port}`;
}

/**
 * @param maxAgeSeconds 0 removes the cookie
 * @param sameSite Lax only for the way back from an OIDC provider, which that site begins (architecture §2)
 */
export function cookieHeader(
  address: PublicAddress,
  value: string,
  maxAgeSeconds: number,
  name: string = cookieName(address),
  sameSite: "Strict" | "Lax" = "Strict",
): string {
  const flags = address.secure ? "; Secure" : "";
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${flags}`;
}

/**
 * The value of our cookie, when it has the right form. Sent twice, it is none: another port of the same host may have
 * planted one, and which of the two is ours cannot be known.
 */
export function readCookie(
  address: PublicAddress,
  header: string | undefined,
  name = cookieName(address),
): string | undefined {
  if (header === undefined) return undefined;
  const prefix = `${name}=`;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  const [value] = values;
  return values.length === 1 && value !== undefined && COOKIE_VALUE.test(value) ? value : undefined;
}

/** What is stored of a cookie. */
export function cookieHash(value: string): string {
  return createHash("sha256").update(value).digest("base64url");
}
