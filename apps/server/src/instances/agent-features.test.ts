import { expect, test } from "vitest";
import { agentFeatures, compareVersions } from "./agent-features.ts";

const met = (version: string | undefined) => agentFeatures(version).filter((feature) => feature.met).length;

test("versions compare as numbers, part by part", () => {
  expect(compareVersions("3.3.987.0", "3.3.1611.0")).toBeLessThan(0);
  expect(compareVersions("3.3.40", "3.3.40.0")).toBe(0);
  expect(compareVersions("10.0", "9.9.9.9")).toBeGreaterThan(0);
});

test("each feature is met from its own version on", () => {
  expect([met("2.3.67.0"), met("2.3.68.0"), met("3.1.1373.0"), met("3.1.1374.0"), met("3.3.40.0")]).toEqual([
    0, 1, 5, 6, 7,
  ]);
});

test("an unknown version claims nothing", () => {
  for (const version of [undefined, "", "latest", "3.x"])
    expect(agentFeatures(version).some((feature) => "met" in feature)).toBe(false);
});
