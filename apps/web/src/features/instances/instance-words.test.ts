import type { Instance } from "@causeway/wire-contract/instances";
import { expect, test } from "vitest";
import { shapeOf, shortZone, stateNote } from "./instance-words.ts";

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
