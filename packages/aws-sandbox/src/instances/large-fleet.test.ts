import { expect, test } from "vitest";
import { DEFAULT_FLEET } from "./default-fleet.ts";
import { hasMachine } from "./fleet.ts";
import { FLEET_SIZE_MAX, fleetOf } from "./large-fleet.ts";

test("the ready-made machines come first, as many as are asked for", () => {
  expect(fleetOf(0)).toEqual([]);
  expect(fleetOf(3)).toEqual(DEFAULT_FLEET.slice(0, 3));
  expect(fleetOf(DEFAULT_FLEET.length)).toEqual(DEFAULT_FLEET);
  expect(fleetOf(100).slice(0, DEFAULT_FLEET.length)).toEqual(DEFAULT_FLEET);
});

test("twenty thousand machines have ids, names and addresses of their own, of AWS's form", () => {
  const fleet = fleetOf(FLEET_SIZE_MAX);
  expect(fleet).toHaveLength(FLEET_SIZE_MAX);
  for (const read of ["id", "name", "privateIp"] as const)
    expect(new Set(fleet.map((instance) => instance[read])).size).toBe(FLEET_SIZE_MAX);
  for (const { id } of fleet) expect(id).toMatch(/^m?i-[0-9a-f]{17}$/);
});

test("a machine is the same in a larger fleet", () => {
  expect(fleetOf(2_000).slice(0, 500)).toEqual(fleetOf(500));
});

test("no made machine has a process from the start, and of a large fleet some are stopped, lost and not managed", () => {
  const made = fleetOf(2_000).slice(DEFAULT_FLEET.length);
  expect(made.filter(hasMachine)).toEqual([]);
  expect(made.some(({ state }) => state === "stopped")).toBe(true);
  expect(made.some(({ managed }) => !managed)).toBe(true);
  expect(made.some(({ state, managed, online }) => state === "running" && managed && !online)).toBe(true);
});

test("a fleet larger than the bound is refused, as is half a machine", () => {
  expect(() => fleetOf(FLEET_SIZE_MAX + 1)).toThrow(RangeError);
  expect(() => fleetOf(1.5)).toThrow(RangeError);
  expect(() => fleetOf(-1)).toThrow(RangeError);
});
