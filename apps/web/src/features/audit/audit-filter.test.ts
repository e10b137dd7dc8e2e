import { expect, test } from "vitest";
import { auditQuery, auditTime, hourBefore, rangeWords, readAuditFilter } from "./audit-filter.ts";

test("an address that somebody typed gives a filter, without what is not known", () => {
  expect(
    readAuditFilter({
      q: "dana",
      event: "sign_out",
      name: "dana",
      account: 111122223333,
      span: "7d",
      refusals: "true",
    }),
  ).toEqual({ q: "dana", event: "sign_out", name: "dana", account: "111122223333", span: "7d", refusals: true });
  const odd = { q: 1, event: "<b>", name: "", account: "12", span: "constructor", refusals: "no", from: "x", to: -1 };
  expect(readAuditFilter(odd)).toEqual({});
});

test("an exact time stands instead of a span, and only where it is one", () => {
  expect(readAuditFilter({ span: "7d", from: "1000", to: 2000 })).toEqual({ from: 1000, to: 2000 });
  expect(readAuditFilter({ span: "7d", from: 2000, to: 2000 })).toEqual({ span: "7d" });
  expect(readAuditFilter({ from: 0, to: 1e300 })).toEqual({});
});

test("the server is asked with times, to the minute", () => {
  const query = auditQuery({ q: "a&b", name: "ü", account: "111122223333", span: "1h", refusals: true }, 7_261_234);
  expect(query.toString()).toBe("q=a%26b&name=%C3%BC&account=111122223333&from=3660000&refusals=true");
  expect(auditQuery({ from: 1, to: 2 }, 0).toString()).toBe("from=1&to=2");
});

test("what was refused to the same person in the hour before includes the event itself", () => {
  expect(hourBefore({ name: "sol", at: 3_600_500 })).toEqual({
    ...{ name: "sol", refusals: true, from: 500, to: 3_600_501 },
  });
});

test("times are UTC with milliseconds, with the day where it is another one", () => {
  const nowMs = Date.parse("2026-11-22T15:00:00Z");
  expect(auditTime(Date.parse("2026-11-22T14:58:19.912Z"), nowMs)).toBe("14:58:19.912");
  expect(auditTime(Date.parse("2026-11-21T23:59:59.001Z"), nowMs)).toBe("2026-11-21 23:59:59.001");
});

test("an exact time is said with its day, the second one only where it is another", () => {
  const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
  expect(rangeWords(at("22T14:36"), at("22T15:36"))).toBe("22 Nov 14:36 – 15:36");
  expect(rangeWords(at("09T23:30"), at("10T00:30"))).toBe("9 Nov 23:30 – 10 Nov 00:30");
});
