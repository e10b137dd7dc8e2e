import { readAgentTaskComplete } from "@causeway/ssm-data-channel";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BackOff, WAIT_MS_MAX } from "./back-off.ts";
import { hostNameOf } from "./home-directory.ts";
import { describeMissingIsolation } from "./isolation.ts";
import { REPORT_AGAIN_MS, REPORTS_MAX, TaskReports } from "./task-reports.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function reports() {
  const retryNumbers: number[] = [];
  const settled: string[] = [];
  const taskReports = new TaskReports(
    "i-0a1f6c83e5d2b7940",
    (payload) => retryNumbers.push(readAgentTaskComplete(payload)?.retryNumber ?? -1),
    (taskId) => settled.push(taskId),
  );
  return { taskReports, retryNumbers, settled };
}

test("a task's end is reported every second, numbered, until it is acknowledged", () => {
  const { taskReports, retryNumbers, settled } = reports();
  taskReports.report("t", { status: "Success", output: "" });
  vi.advanceTimersByTime(2 * REPORT_AGAIN_MS);
  expect([retryNumbers, settled]).toEqual([[1, 2, 3], []]);
  taskReports.handleAcknowledge("t");
  vi.advanceTimersByTime(10 * REPORT_AGAIN_MS);
  expect([retryNumbers, settled]).toEqual([[1, 2, 3], ["t"]]);
});

test("a service that never acknowledges is given up after so many reports", () => {
  const { taskReports, retryNumbers, settled } = reports();
  taskReports.report("t", { status: "Failed", output: "why" });
  vi.advanceTimersByTime(100 * REPORT_AGAIN_MS);
  expect([retryNumbers.length, settled]).toEqual([REPORTS_MAX, ["t"]]);
});

test("waits begin at 100 to 199 ms, double, and stay below five seconds", () => {
  const waits = new BackOff(() => 0.5);
  expect(Array.from({ length: 8 }, () => waits.next())).toEqual([
    150,
    300,
    600,
    1200,
    2400,
    4800,
    WAIT_MS_MAX,
    WAIT_MS_MAX,
  ]);
  waits.reset();
  expect(waits.next()).toBe(150);
});

test.each([
  ["checkout-api-04", "checkout-api-04"],
  ["a'b; rm -rf $(x)\n\\", "a-b-rm--rf-x-"],
  ["", "localhost"],
  ["x".repeat(300), "x".repeat(63)],
])("a machine named %j has a host name that no shell can misread", (name, hostName) => {
  expect(hostNameOf(name)).toBe(hostName);
});

test("what isolation is missing is said, being root first", () => {
  expect(describeMissingIsolation("because", 0)[0]).toContain("root");
  expect(describeMissingIsolation("because", 1000).join(" ")).not.toContain("root");
  expect(describeMissingIsolation("because", 1000).length).toBeGreaterThanOrEqual(2);
});
