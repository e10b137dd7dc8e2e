import fc from "fast-check";
import { expect, test } from "vitest";
import { evenFaults, NO_FAULTS } from "./lossy-link.ts";
import { LAST_SIZE, type Scenario, simulate } from "./simulation.ts";

const BASE: Omit<Scenario, "seed"> = {
  toAgent: NO_FAULTS,
  toClient: NO_FAULTS,
  keyBytes: 20_000,
  outputBytes: 60_000,
  storeFirst: false,
};

function expectExactlyOnceInOrder(scenario: Scenario): void {
  const outcome = simulate(scenario);
  expect(
    Buffer.compare(outcome.outputReceived, outcome.outputSent.subarray(0, outcome.outputReceived.length)),
    "output",
  ).toBe(0);
  expect(Buffer.compare(outcome.keysReceived, outcome.keysSent.subarray(0, outcome.keysReceived.length)), "keys").toBe(
    0,
  );
  expect([outcome.outputReceived.length, outcome.keysReceived.length]).toEqual([
    outcome.outputSent.length,
    outcome.keysSent.length,
  ]);
  expect(outcome.lastSizeReceived).toEqual(LAST_SIZE);
  expect(outcome.endedAtMs).toBeDefined();
  expect(outcome.keeper.events.filter(({ kind }) => kind === "hole" || kind === "failed")).toEqual([]);
}

const forSeeds = (runs: number, scenario: Omit<Scenario, "seed">) =>
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (seed) => expectExactlyOnceInOrder({ ...scenario, seed })),
    { seed: 20_261_122, numRuns: runs },
  );

const AT_20_PERCENT = { ...BASE, toAgent: evenFaults(0.2), toClient: evenFaults(0.2) };

test("over a sound link every byte arrives once, in order, both ways, and the session ends", () => {
  forSeeds(5, BASE);
});

test("at 1 % loss both ways, where the reference client stalls for ever, the session ends", () => {
  forSeeds(10, { ...BASE, toAgent: { ...NO_FAULTS, drop: 0.01 }, toClient: { ...NO_FAULTS, drop: 0.01 } });
});

test("at 20 % of drops, repeats, reorderings and delays, each in both directions, every byte arrives once, in order, and the session ends", () => {
  forSeeds(20, AT_20_PERCENT);
});

test("so it does with the handshake of a command session", () => {
  forSeeds(6, { ...AT_20_PERCENT, sessionType: "NonInteractiveCommands", outputBytes: 20_000 });
});

test("so it does when stored first, with store confirmations that are late and out of order", () => {
  forSeeds(10, { ...AT_20_PERCENT, storeFirst: true, storeDelayMsMax: 400 });
});

test("so it does when both sockets are cut several times", () => {
  forSeeds(10, { ...AT_20_PERCENT, clientCuts: 3, agentCuts: 3 });
});

test("so it does when the client's process is killed again and again and goes on from what it had stored", () => {
  forSeeds(15, { ...AT_20_PERCENT, storeFirst: true, storeDelayMsMax: 200, restarts: 4, clientCuts: 1, agentCuts: 1 });
});

test("so it does when KMS encrypts the session and the process is killed on the way", () => {
  const kmsKeyId = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  forSeeds(8, { ...AT_20_PERCENT, kmsKeyId, storeFirst: true, storeDelayMsMax: 100, restarts: 2, outputBytes: 20_000 });
});

test("so it does against an agent without a window", () => {
  forSeeds(5, { ...AT_20_PERCENT, unackedMessagesMax: 100_000, outputBytes: 200_000 });
});
