import { expect, test } from "vitest";
import { fakeIdentity } from "../test-support/fake-me.ts";
import { troubleTitle } from "./sign-in-panel.tsx";

test("a strip names the identity, and when its credentials end", () => {
  const identity = fakeIdentity({ accountName: "harbor-prod" });
  expect(troubleTitle(identity, "expiring", 9 * 60_000, 30_000)).toBe(
    "SRE in harbor-prod: your AWS credentials end in 9 min.",
  );
  expect(troubleTitle(identity, "expiring", 1_000, 5_000)).toBe(
    "SRE in harbor-prod: your AWS credentials end in a minute.",
  );
  expect(troubleTitle(identity, "expired", 1_000, 5_000)).toBe("SRE in harbor-prod: your AWS credentials ended.");
});
