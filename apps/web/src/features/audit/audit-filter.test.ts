import { expect, test } from "vitest";
import { auditQuery, auditTime, readAuditFilter } from "./audit-filter.ts";

test("an address that somebody typed gives a filter, without what is not known", () => {
  expect(readAuditFilter({ q: "dana", event: "sign_out", span: "7d", refusals: "true" })).toEqual({
    q: "dana",
    event: "sign_out",
    span: "7d",
    refusals: true,
  });
  expect(readAuditFilter({ q: 1, event: "<b>", span: "constructor", refusals: "no" })).toEqual({});
});

test("the server is asked with times, to the minute", () => {
  const query = auditQuery({ q: "a&b", span: "1h", refusals: true }, 7_261_234);
  expect(query.toString()).toBe("q=a%26b&from=3660000&refusals=true");
});

test("times are UTC with milliseconds, with the day where it is another one", () => {
  const nowMs = Date.parse("2026-11-22T15:00:00Z");
  expect(auditTime(Date.parse("2026-11-22T14:58:19.912Z"), nowMs)).toBe("14:58:19.912");
  expect(auditTime(Date.parse("2026-11-21T23:59:59.001Z"), nowMs)).toBe("2026-11-21 23:59:59.001");
});
