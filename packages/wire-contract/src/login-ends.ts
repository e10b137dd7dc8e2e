import type { ErrorCode } from "./error-catalog.ts";

/**
 * Why the server ended a login that a browser still has the cookie of. What it says about the person's shells is in the
 * catalog's words; a browser of which nothing is known any more gets `SIGN_IN_REQUIRED`.
 */
export const LOGIN_END_CODES = [
  "LOGIN_EXPIRED",
  "LOGIN_SIGNED_OUT",
  "LOGIN_SIGNED_OUT_ENDED",
  "LOGIN_ENDED_BY_ADMIN",
  "LOGIN_ENDED_DISABLED",
  "LOGIN_REPLACED",
  "LOGIN_CROWDED_OUT",
] as const satisfies readonly ErrorCode[];
export type LoginEndCode = (typeof LOGIN_END_CODES)[number];

export function isLoginEndCode(code: string): code is LoginEndCode {
  return (LOGIN_END_CODES as readonly string[]).includes(code);
}
