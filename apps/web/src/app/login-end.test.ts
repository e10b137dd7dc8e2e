import { LOGIN_END_CODES, type LoginEndCode } from "@causeway/wire-contract/login-ends";
import { beforeEach, expect, test } from "vitest";
import { problemFromCode } from "../features/terminal/problems.ts";
import { LoginEnd, loginEndWords } from "./login-end.ts";

let said: string[];
let end: LoginEnd;
beforeEach(() => {
  said = [];
  end = new LoginEnd({
    problemOf: async (code) => problemFromCode(code),
    onEnded: ({ code }) => said.push(`ended ${code}`),
    onPartlyEnded: ({ code }) => said.push(`partly ${code}`),
  });
});
const signedOut = (code: string) => end.handleSignedOut(problemFromCode(code));

test("what the answer to a request says of the end stands, whatever comes after it", async () => {
  await signedOut("LOGIN_ENDED_BY_ADMIN");
  await signedOut("SIGN_IN_REQUIRED");
  expect(said).toEqual(["ended LOGIN_ENDED_BY_ADMIN"]);
});

test("where the cookie is gone, as after signing out in another tab, it is what the websocket said", async () => {
  end.handleSocketRefused("LOGIN_SIGNED_OUT_ENDED");
  await Promise.all([signedOut("SIGN_IN_REQUIRED"), signedOut("SIGN_IN_REQUIRED")]);
  expect(said).toEqual(["ended SIGN_IN_REQUIRED", "ended LOGIN_SIGNED_OUT_ENDED"]);
});

test("a page that was told nothing says what is known", async () => {
  end.handleSocketRefused("EVENTS_PROTOCOL_ERROR");
  await signedOut("SIGN_IN_REQUIRED");
  expect(said).toEqual(["ended SIGN_IN_REQUIRED"]);
});

test("one of several identities is gone: the connection comes back, and that is said once", async () => {
  end.handleSocketRefused("LOGIN_ENDED_DISABLED");
  await end.handleSocketReady();
  await end.handleSocketReady();
  expect(said).toEqual(["partly LOGIN_ENDED_DISABLED"]);
});

test("after signing in again nothing of before is said any more", async () => {
  end.handleSocketRefused("LOGIN_EXPIRED");
  await signedOut("LOGIN_EXPIRED");
  end.handleSignedIn();
  await end.handleSocketReady();
  await signedOut("LOGIN_SIGNED_OUT");
  expect(said).toEqual(["ended LOGIN_EXPIRED", "ended LOGIN_SIGNED_OUT"]);
});

/** What is true of the shells at each end, and so what must be said, and what must not. */
const SHELLS: Record<LoginEndCode, "go on" | "ended"> = {
  LOGIN_EXPIRED: "go on",
  LOGIN_SIGNED_OUT: "go on",
  LOGIN_SIGNED_OUT_ENDED: "ended",
  LOGIN_ENDED_BY_ADMIN: "ended",
  LOGIN_ENDED_DISABLED: "ended",
  LOGIN_REPLACED: "ended",
  LOGIN_CROWDED_OUT: "go on",
};
const wordsOf = (code: LoginEndCode, allProven = true) => loginEndWords(problemFromCode(code), allProven);

test.each(LOGIN_END_CODES)("the words of %s say what became of the shells", (code) => {
  const { detail } = wordsOf(code);
  expect(/Your shells go on/.test(detail)).toBe(SHELLS[code] === "go on");
  expect(/\bended\b/.test(`${wordsOf(code).title} ${detail}`)).toBe(SHELLS[code] === "ended");
});

test("an admin is named as who it was", () => {
  expect(wordsOf("LOGIN_ENDED_BY_ADMIN").title).toBe("An admin signed you out.");
  expect(wordsOf("LOGIN_ENDED_DISABLED").title).toBe("An admin of this Causeway has disabled you.");
});

test("somebody whose name is unverified is not promised the shells that go on", () => {
  expect(wordsOf("LOGIN_EXPIRED", false).detail).toMatch(/unverified, another login cannot take them back\.$/);
  expect(wordsOf("LOGIN_ENDED_BY_ADMIN", false).detail).not.toContain("unverified");
});
