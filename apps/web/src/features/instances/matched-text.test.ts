import { expect, test } from "vitest";
import { matchedParts } from "./matched-text.ts";

test("the longest matching word is marked where it first stands", () => {
  expect(matchedParts("checkout-api-04", ["api", "out-api"])).toEqual(["check", "out-api", "-04"]);
  expect(matchedParts("orders", ["api"])).toBeUndefined();
});
