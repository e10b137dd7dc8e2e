import { expect, test } from "vitest";
import { CatalogError } from "../platform/catalog-error.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import type { CallBudget } from "./inventory-source.ts";
import { personPace, personTurn, TURN_WAIT_MAX_MS } from "./person-turn.ts";
import { OpenBudget } from "./testing/fake-directory.ts";

/** Nobody's turn ever comes. */
const empty: CallBudget = {
  take: (_service, _account, _region, _urgency, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  handleThrottled: () => undefined,
};

test("a call for which somebody waits goes as a person's, in the budget of its service, account and region", async () => {
  const budget = new OpenBudget();
  await personTurn({ budget, clock: new FakeClock() }, "ec2", "111122223333", "eu-west-1");
  expect(budget.taken).toEqual(["ec2 111122223333 eu-west-1 person"]);
});

test("whose turn does not come is told so at the bound, and not a moment before", async () => {
  const clock = new FakeClock();
  let end: unknown;
  const turn = personTurn({ budget: empty, clock }, "ssm", "111122223333", "eu-west-1").catch((error: unknown) => {
    end = error;
  });
  clock.advance(TURN_WAIT_MAX_MS - 1);
  await Promise.resolve();
  expect(end).toBeUndefined();
  clock.advance(1);
  await turn;
  expect(end).toMatchObject({ code: "AWS_THROTTLED" });
});

test("what AWS throttles slows down the lists of that account and region, another failure does not", async () => {
  const budget = new OpenBudget();
  const pace = personPace({ budget, clock: new FakeClock() }, "111122223333", "eu-west-1");
  const failing = (code: "AWS_THROTTLED" | "AWS_ACCESS_DENIED") =>
    expect(pace("ssm", () => Promise.reject(new CatalogError(code)))).rejects.toMatchObject({ code });
  await failing("AWS_ACCESS_DENIED");
  expect(budget.throttled).toEqual([]);
  await failing("AWS_THROTTLED");
  expect(budget.throttled).toEqual(["ssm 111122223333 eu-west-1"]);
  expect(await pace("ec2", async () => 7)).toBe(7);
});
