import type { Instance } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { reasonText, recentSpan, shapeOf, shortZone, stateNote } from "./instance-words.ts";

test("a hybrid node has its own shape, also when its connection is lost", () => {
  expect(shapeOf({ kind: "hybrid", state: "online" })).toBe("hybrid");
  expect(shapeOf({ kind: "hybrid", state: "connection-lost" })).toBe("hybrid-lost");
  expect(shapeOf({ kind: "ec2", state: "not-managed" })).toBe("unmanaged");
});

test("a zone is shortened only inside its region", () => {
  expect(shortZone("eu-west-1a", "eu-west-1")).toBe("1a");
  expect(shortZone("us-east-1-bos-1a", "eu-west-1")).toBe("us-east-1-bos-1a");
  expect(shortZone(undefined, "eu-west-1")).toBeUndefined();
});

test("a lost connection says for how long", () => {
  const lost: Instance = { id: "i-1", name: "a", kind: "ec2", state: "connection-lost", tags: {}, lastPingAt: 0 };
  expect(stateNote(lost, 14 * 60_000)).toBe("lost 14\u00a0min");
});

test("who cannot be reached says why, as far as the lists know", () => {
  const base: Instance = { id: "i-1", name: "a", kind: "ec2", state: "stopped", tags: {} };
  const stopped = { ...base, reason: "stopped", ec2State: "stopped", stateReason: "User initiated" } as const;
  expect(reasonText(stopped, 0)).toBe("EC2 says it is stopped: User initiated");
  expect(reasonText({ ...base, reason: "no-ping", lastPingAt: 0 }, 14 * 60_000)).toBe("last ping 14\u00a0min ago");
  expect(reasonText({ ...base, reason: "no-instance-profile" }, 0)).toContain("no instance profile");
  expect(reasonText(base, 0)).toBe("");
});

test("what was opened lately says how far back it goes, in days of the calendar", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
  const nowMs = at(23, 1);
  expect(recentSpan([at(23, 0), nowMs + 5_000], nowMs)).toBe("today");
  expect(recentSpan([at(23, 0), at(22, 23)], nowMs)).toBe("since yesterday");
  expect(recentSpan([at(17, 12), at(23, 0)], nowMs)).toBe("last 7\u00a0days");
});

test("where nobody knows when one of them was opened, nothing is said", () => {
  expect([recentSpan([undefined, 5], 10), recentSpan([], 10)]).toEqual(["", ""]);
});
