import { expect, test } from "vitest";
import { FakeClock } from "./platform/fake-clock.ts";
import { createLog } from "./platform/logger.ts";
import { SHUTDOWN_MS_MAX, type Stoppable, shutDown, shutdownSteps } from "./shutdown.ts";

const log = createLog("silent", () => undefined);

function parts(order: string[], overrides: Partial<Stoppable> = {}): Stoppable {
  const done = (name: string) => async () => void order.push(name);
  return {
    stopAccepting: done("accepting"),
    storeSessions: done("sessions"),
    closeSockets: done("sockets"),
    closeStore: done("store"),
    releaseLock: done("lock"),
    ...overrides,
  };
}

test("nobody new gets in, then shells end, then browsers, then the store, and the lock last", async () => {
  const order: string[] = [];
  expect(await shutDown(shutdownSteps(parts(order)), new FakeClock(), log)).toBe(true);
  expect(order).toEqual(["accepting", "sessions", "sockets", "store", "lock"]);
});

test("a step that fails is said, and the others still run", async () => {
  const order: string[] = [];
  const storeSessions = async () => {
    throw new Error("AWS is away");
  };
  expect(await shutDown(shutdownSteps(parts(order, { storeSessions })), new FakeClock(), log)).toBe(false);
  expect(order).toEqual(["accepting", "sockets", "store", "lock"]);
});

test("a step that hangs is given up, and the others still run", async () => {
  const order: string[] = [];
  const clock = new FakeClock();
  const storeSessions = () => {
    queueMicrotask(() => clock.advance(6_000));
    return new Promise(() => undefined);
  };
  expect(await shutDown(shutdownSteps(parts(order, { storeSessions })), clock, log)).toBe(false);
  expect([order, clock.pendingTimers]).toEqual([["accepting", "sockets", "store", "lock"], 0]);
});

test("all steps together fit into what an orchestrator allows", () => {
  const total = shutdownSteps(parts([])).reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
  expect(total).toBeLessThanOrEqual(SHUTDOWN_MS_MAX);
});
