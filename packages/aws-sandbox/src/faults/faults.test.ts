import { expect, test } from "vitest";
import { COUNTED_DEEDS_MAX, FaultCounts } from "./fault-counts.ts";
import { type FaultPlan, NO_FAULTS } from "./fault-plan.ts";
import { Faults, type ObservedCall } from "./faults.ts";
import type { SessionFaults } from "./session-faults.ts";

const plan = (rules: Partial<FaultPlan>): FaultPlan => ({ ...NO_FAULTS, seed: 7, ...rules });
const LOSSY = plan({ links: [{ toAgent: { loss: 0.3 } }] });
const place = (sessionId: string, instanceId = "i-1") => ({ sessionId, instanceId });
const call = (change: Partial<ObservedCall> = {}): ObservedCall => ({
  operation: "StartSession",
  person: "dana",
  sessionId: undefined,
  instanceId: undefined,
  ...change,
});

/** Which of 100 frames pass. */
function passing(faults: SessionFaults): number[] {
  const link = faults.link("toAgent");
  const numbers: number[] = [];
  for (let index = 0; index < 100; index++) {
    link?.handleFrame(Uint8Array.of(index), 0);
    if (link?.pollFrame(0)) numbers.push(index);
  }
  return numbers;
}
const watch = (faults: Faults, sessionId: string, instanceId?: string) =>
  faults.watchSession(place(sessionId, instanceId), () => {});

test("a session's schedule hangs on its machine and its turn there, not on its id", () => {
  const [first, again] = [new Faults(LOSSY), new Faults(LOSSY)];
  const schedule = passing(watch(first, "dana-1").faults);
  expect(passing(watch(again, "dana-9").faults)).toEqual(schedule);
  expect(passing(watch(again, "dana-8", "i-2").faults)).not.toEqual(schedule);
  expect(passing(watch(again, "dana-7").faults)).not.toEqual(schedule);
});

test("setting a plan again replays it, whatever sessions there were before", () => {
  const faults = new Faults(LOSSY);
  const schedule = passing(watch(faults, "dana-1").faults);
  const old = watch(faults, "dana-2");
  faults.setPlan(LOSSY);
  expect(passing(watch(faults, "dana-3").faults)).toEqual(schedule);
  expect(passing(old.faults)).not.toEqual(schedule);
});

test("sessions learn of another plan until they are closed", () => {
  const faults = new Faults(LOSSY);
  let changes = 0;
  const session = faults.watchSession(place("dana-1"), () => changes++);
  faults.setPlan(NO_FAULTS);
  expect([changes, session.faults.link("toAgent")]).toEqual([1, undefined]);
  session.close();
  faults.setPlan(LOSSY);
  expect(changes).toBe(1);
});

test("a rule about one session or machine touches no other", () => {
  const faults = new Faults(
    plan({
      links: [{ session: "dana-1", toAgent: { loss: 1 } }],
      cuts: [{ instance: "i-2", end: "client", how: "bye", forMs: 0, everyMs: 100, times: 1 }],
      limits: [{ session: "dana-1", idleSeconds: 1 }],
      agents: [{ instance: "i-2", acknowledgeDelayMs: 5 }],
    }),
  );
  const [mine, other] = [watch(faults, "dana-1").faults, watch(faults, "dana-2", "i-2").faults];
  expect([passing(mine).length, other.link("toAgent")]).toEqual([0, undefined]);
  expect([mine.cuts().length, other.cuts().length]).toEqual([0, 1]);
  expect([mine.limits()?.idleSeconds, other.limits()]).toEqual([1, undefined]);
  expect(faults.agentFaults(place("dana-1"))).toBeUndefined();
  expect(faults.agentFaults(place("dana-2", "i-2"))?.acknowledgeDelayMs).toBe(5);
});

test("tokens are spoilt so many times per session and end", () => {
  const faults = new Faults(plan({ tokens: [{ end: "client", lifeMs: 0, times: 2 }] }));
  const [one, two] = [watch(faults, "dana-1").faults, watch(faults, "dana-2").faults];
  const lives = (session: SessionFaults) => [1, 2, 3].map(() => session.tokenLifeMs("client"));
  expect([lives(one), lives(two)]).toEqual([
    [0, 0, undefined],
    [0, 0, undefined],
  ]);
  expect(one.tokenLifeMs("agent")).toBeUndefined();
  expect(faults.counts()).toEqual({ "tokens[0].shortened": 4 });
});

test("an API rule acts so many times and then lets the next one act", () => {
  const faults = new Faults(
    plan({
      api: [
        { operation: "StartSession", effect: { kind: "error", code: "A" }, probability: 1, times: 2 },
        { operation: "*", effect: { kind: "error", code: "B" }, probability: 1, times: 1 },
      ],
    }),
  );
  const codes = [1, 2, 3, 4].map(() => {
    const effect = faults.apiEffect(call());
    return effect?.kind === "error" ? effect.code : undefined;
  });
  expect(codes).toEqual(["A", "A", "B", undefined]);
  expect(faults.counts()).toEqual({ "api[0].error": 2, "api[1].error": 1 });
});

test("an API rule with a probability acts on the same calls in every run", () => {
  const rule = {
    operation: "StartSession",
    effect: { kind: "reset", when: "before" },
    probability: 0.3,
    times: 1_000,
  } as const;
  const hits = () => {
    const faults = new Faults(plan({ api: [rule] }));
    return Array.from({ length: 200 }, () => faults.apiEffect(call()) !== undefined);
  };
  expect(hits()).toEqual(hits());
  expect(hits().filter(Boolean).length).toBeGreaterThan(30);
  expect(hits().filter(Boolean).length).toBeLessThan(90);
});

test("an API rule looks at operation, person, session and machine; the star spares machines", () => {
  const effect = { kind: "without_token" } as const;
  const isHit = (rule: { operation: string; person?: string; session?: string; instance?: string }, of: ObservedCall) =>
    new Faults(plan({ api: [{ ...rule, effect, probability: 1, times: 9 }] })).apiEffect(of) !== undefined;
  expect(isHit({ operation: "*" }, call())).toBe(true);
  expect(isHit({ operation: "*" }, call({ person: undefined }))).toBe(false);
  expect(isHit({ operation: "StartSession" }, call({ person: undefined }))).toBe(true);
  expect(isHit({ operation: "ResumeSession" }, call())).toBe(false);
  expect(isHit({ operation: "*", person: "kofi" }, call())).toBe(false);
  expect(isHit({ operation: "*", session: "dana-1" }, call({ sessionId: "dana-1" }))).toBe(true);
  expect(isHit({ operation: "*", session: "dana-1" }, call())).toBe(false);
  expect(isHit({ operation: "*", instance: "i-1" }, call({ instanceId: "i-2" }))).toBe(false);
});

test("counts stay bounded, and go on for what is counted already", () => {
  const counts = new FaultCounts();
  for (let deed = 0; deed <= COUNTED_DEEDS_MAX; deed++) counts.add(`deed ${deed}`);
  counts.add("deed 0");
  expect(Object.keys(counts.read())).toHaveLength(COUNTED_DEEDS_MAX);
  expect([counts.get("deed 0"), counts.get(`deed ${COUNTED_DEEDS_MAX}`)]).toEqual([2, 0]);
});
