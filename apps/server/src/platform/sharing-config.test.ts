import { expect, test } from "vitest";
import { parseSharingRules } from "./sharing-config.ts";

test("a rule for all, and rules for accounts and environments", () => {
  expect(parseSharingRules("off")).toEqual({ otherwise: "off", rules: new Map() });
  const rules = parseSharingRules("view-only, dev=on, 111122223333=off");
  expect(rules?.otherwise).toBe("view-only");
  expect([...(rules?.rules ?? [])]).toEqual([
    ["dev", "on"],
    ["111122223333", "off"],
  ]);
  expect(parseSharingRules("prod=off")?.otherwise).toBe("on");
});
test.each(["", "yes", "on,off", "prod=", "prod=off,prod=on", "11112222333=off", "none=off", "constructor=off"])(
  "%j is no set of rules",
  (text) => {
    expect(parseSharingRules(text)).toBeUndefined();
  },
);
