import { expect, test } from "vitest";
import { missingTags } from "./detail-tags.ts";

const problem = {
  ...{ type: "t", title: "AWS asked us to slow down", status: 429, code: "AWS_THROTTLED" as const, cause: "c" },
  ...{ remedy: "r", retryable: true, requestId: "req-1" },
};

test("what the reason is stands in the sentence, in the words of the catalog", () => {
  expect(missingTags({ ok: false, problem })).toBe("Its tags are missing: AWS asked us to slow down.");
  expect(missingTags({ ok: true })).toBeUndefined();
  expect(missingTags(undefined)).toBeUndefined();
});
