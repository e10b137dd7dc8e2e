import { expect, test } from "vitest";
import { type ApiEffect, NO_FAULTS, TIMES_MAX } from "../faults/fault-plan.ts";
import { Faults } from "../faults/faults.ts";
import { DEFAULT_PEOPLE, personPrincipal } from "../iam/people.ts";
import { HELD_CALLS_MAX, InjectedFaults } from "./injected-faults.ts";
import { type HttpReply, JSON_PROTOCOL } from "./protocol.ts";

const REPLY: HttpReply = { status: 200, headers: {}, body: "{}" };

function injected(effect: ApiEffect) {
  const faults = new Faults({ ...NO_FAULTS, api: [{ operation: "*", effect, probability: 1, times: TIMES_MAX }] });
  const made = new InjectedFaults(faults, () => undefined);
  let carriedOut = 0;
  const caller = DEFAULT_PEOPLE.map((person) => personPrincipal(person, "111122223333"))[0];
  if (caller === undefined) throw new Error("there is nobody");
  const call = {
    service: "ssm",
    operation: "GetDocument",
    caller,
    region: "eu-west-1",
    protocol: JSON_PROTOCOL,
    nowMs: 0,
  } as const;
  return {
    made,
    call: () =>
      made.around(call, () => {
        carriedOut++;
        return REPLY;
      }),
    carriedOut: () => carriedOut,
  };
}

test("so many calls are held back at one time; one beyond is answered at once, and closing lets all of them go", async () => {
  const { made, call, carriedOut } = injected({ kind: "hang", ms: 100_000, when: "before" });
  const held = Array.from({ length: HELD_CALLS_MAX }, call);
  expect(await call()).toEqual(REPLY);
  expect(carriedOut()).toBe(1);
  made.close();
  await Promise.all(held);
  expect(carriedOut()).toBe(HELD_CALLS_MAX + 1);
  expect(await call()).toEqual(REPLY);
});

test("a late answer is that of a call that was carried out at once", async () => {
  const { made, call, carriedOut } = injected({ kind: "hang", ms: 100_000, when: "after" });
  const answer = call();
  await Promise.resolve();
  expect(carriedOut()).toBe(1);
  made.close();
  expect(await answer).toEqual(REPLY);
});
