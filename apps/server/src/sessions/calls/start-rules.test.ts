import { SessionReason } from "@causeway/wire-contract/sessions";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { checkStartRules } from "./start-rules.ts";

const shared = { documents: ["SSM-SessionManagerRunShell", "Ops-Shell"], accountDocuments: false };

test("a reason is asked for, taken or refused as the server is configured", () => {
  expect(() => checkStartRules({}, { reason: "required", ...shared })).toThrow(
    expect.objectContaining({ code: "REASON_REQUIRED" }),
  );
  expect(() => checkStartRules({ reason: "r" }, { reason: "off", ...shared })).toThrow(
    expect.objectContaining({ code: "REASON_NOT_TAKEN" }),
  );
  for (const rule of ["optional", "required"] as const) checkStartRules({ reason: "r" }, { reason: rule, ...shared });
  checkStartRules({}, { reason: "optional", ...shared });
});

test("only documents that are offered may be chosen", () => {
  checkStartRules({ documentName: "Ops-Shell" }, { reason: "off", ...shared });
  expect(() =>
    checkStartRules({ documentName: "AWS-StartPortForwardingSession" }, { reason: "off", ...shared }),
  ).toThrow(expect.objectContaining({ code: "SESSION_DOCUMENT_NOT_OFFERED" }));
});

test("without a list of the operator's any document may be chosen: IAM decides", () => {
  const rules = { ...shared, reason: "off", accountDocuments: true } as const;
  checkStartRules({ documentName: "Another-Shell" }, rules);
});

test.each(["INC-4711: café, 世界 👩‍🔧".replace("\u200d", ""), "x".repeat(256), "=1+1"])(
  "a reason may be any one line that says something: %s",
  (reason) => expect(Value.Check(SessionReason, reason)).toBe(true),
);
test.each(["", "   ", "two\nlines", "\u001b[31m", "right\u202eto left", "x".repeat(257)])(
  "a reason is no empty, hidden or over-long text: %j",
  (reason) => expect(Value.Check(SessionReason, reason)).toBe(false),
);
