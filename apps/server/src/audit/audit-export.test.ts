import type { AuditEvent } from "@causeway/wire-contract/audit";
import { expect, test } from "vitest";
import { csvLine, jsonLine } from "./audit-export.ts";

const EVENT: AuditEvent = {
  id: "018bcfe56800-00000000",
  at: 1_700_000_000_000,
  event: "session.started",
  name: "dana",
  account: "111122223333",
  ip: "192.0.2.1",
  requestId: "r",
  refused: false,
};

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "|x", "%0A"])(
  "a name that a spreadsheet would run is text in the export: %s",
  (name) => {
    const line = csvLine({ ...EVENT, name });
    expect(line).toContain(`,"'${name}",`);
  },
);

test("quotes, commas and line breaks stay inside their value", () => {
  const line = csvLine({ ...EVENT, detail: 'a "b", c\nd' });
  expect(line).toContain(',"a ""b"", c\nd"\r\n');
  expect(line).toContain('"2023-11-14T22:13:20.000Z"');
});

test("a plain value is exported as it is", () => {
  expect(csvLine(EVENT)).toContain(',"dana","111122223333","","","",');
});

test("a line of JSON is one event, line breaks escaped", () => {
  const line = jsonLine({ ...EVENT, detail: "a\nb" });
  expect(line.trimEnd()).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({ detail: "a\nb", time: "2023-11-14T22:13:20.000Z" });
});
