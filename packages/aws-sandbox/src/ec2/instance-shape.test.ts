import { expect, test } from "vitest";
import { DEFAULT_FLEET } from "../instances/default-fleet.ts";
import type { FleetInstance } from "../instances/fleet.ts";
import { instanceShape } from "./instance-shape.ts";

const definition = DEFAULT_FLEET[0] as FleetInstance;

test("what is derived from a machine is derived once, however often it is listed", () => {
  expect(instanceShape({ definition })).toBe(instanceShape({ definition }));
});

test("the same machine has the same in every sandbox, and another machine something else", () => {
  const other = { ...definition, id: "i-0123456789abcdef0" };
  expect(instanceShape({ definition: { ...definition } })).toEqual(instanceShape({ definition }));
  expect(instanceShape({ definition: other }).rootVolumeId).not.toBe(instanceShape({ definition }).rootVolumeId);
});
