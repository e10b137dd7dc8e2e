import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { FakeClock } from "../../../platform/fake-clock.ts";
import { ANSWER_CHARACTERS_MAX, FLOW_MS, FLOWS_MAX, OidcFlows } from "./oidc-flows.ts";

const ASKED = { redirectUri: "http://127.0.0.1:4123/back", how: "replace", roleArn: undefined } as const;
const UNKNOWN = expect.objectContaining({ code: "OIDC_SIGN_IN_UNKNOWN" });

function flows() {
  const clock = new FakeClock();
  return { clock, flows: new OidcFlows(clock, randomBytes) };
}

test("a flow is over with its finish, and has the answer at our own address", () => {
  const { flows: all } = flows();
  const { flow, cookie } = all.begin(ASKED);
  all.answered(flow.checks.state, cookie, "code=x");
  expect(all.finish(cookie).answer.href).toBe("http://127.0.0.1:4123/back?code=x");
  expect(() => all.finish(cookie)).toThrow(UNKNOWN);
});

test("neither a state without its cookie, nor a cookie without its state, answers a flow", () => {
  const { flows: all } = flows();
  const mine = all.begin(ASKED);
  const theirs = all.begin(ASKED);
  all.answered(theirs.flow.checks.state, mine.cookie, "code=theirs");
  all.answered(mine.flow.checks.state, theirs.cookie, "code=theirs");
  all.answered(mine.flow.checks.state, undefined, "code=theirs");
  all.answered(undefined, mine.cookie, "code=theirs");
  expect(() => all.finish(mine.cookie)).toThrow(UNKNOWN);
});

test("the first answer counts, and one that is too long is none", () => {
  const { flows: all } = flows();
  const { flow, cookie } = all.begin(ASKED);
  all.answered(flow.checks.state, cookie, "x".repeat(ANSWER_CHARACTERS_MAX + 1));
  expect(() => all.finish(cookie)).toThrow(UNKNOWN);
  all.answered(flow.checks.state, cookie, "code=first");
  all.answered(flow.checks.state, cookie, "code=second");
  expect(all.finish(cookie).answer.search).toBe("?code=first");
});

test("at the bound nobody new begins, until the old ones ran out", () => {
  const { clock, flows: all } = flows();
  for (let count = 0; count < FLOWS_MAX; count++) all.begin(ASKED);
  expect(() => all.begin(ASKED)).toThrow(expect.objectContaining({ code: "OIDC_SIGN_INS_LIMIT_REACHED" }));
  clock.advance(FLOW_MS);
  all.begin(ASKED);
  expect(all.size).toBe(1);
});
