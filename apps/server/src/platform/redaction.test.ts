import { expect, test } from "vitest";
import { REDACTED, redactFields, redactText } from "./redaction.ts";

test.each([
  ["a secret key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
  ["a session token", `IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJHMEUCIQ${"Ab3+".repeat(50)}==`],
  ["a cookie, ticket or launch secret of ours", "N2k3dGhpcy1pcy1hLTI1Ni1iaXQtc2VjcmV0LTEyM0A"],
])("%s is taken out of any text", (_name, secret) => {
  expect(redactText(`before ${secret} after`)).toBe(`before ${REDACTED} after`);
  expect(redactText(`{"x":"${secret}"}`)).toBe(`{"x":"${REDACTED}"}`);
});

test.each([
  "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/dana@example.com is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0",
  "arn:aws:iam::111122223333:user/engineering/platform/observability/alice",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "file:///srv/causeway/apps/server/dist/main.js:67882:31",
  "dana-0123456789abcdef0",
])("what an operator needs stays readable: %s", (text) => {
  expect(redactText(text)).toBe(text);
});

test("a stream address keeps its host and loses its query", () => {
  expect(redactText("wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/x?role=publish&token=abc failed")).toBe(
    `wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/x?${REDACTED} failed`,
  );
});

test("fields named like a secret are replaced at any depth, however they are spelled", () => {
  const fields = {
    headers: { Cookie: "a=b", "Set-Cookie": "x", "x-amz-security-token": "t", host: "h" },
    list: [{ secretAccessKey: "short" }, { session_token: "short" }],
    StreamUrl: "wss://x",
  };
  expect(redactFields(fields)).toEqual({
    headers: { Cookie: REDACTED, "Set-Cookie": REDACTED, "x-amz-security-token": REDACTED, host: "h" },
    list: [{ secretAccessKey: REDACTED }, { session_token: REDACTED }],
    StreamUrl: REDACTED,
  });
});

test("terminal bytes are logged as their number, and endless nesting ends", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(redactFields({ bytes: new Uint8Array(5) })).toEqual({ bytes: "[5 bytes]" });
  expect(JSON.stringify(redactFields(circle))).toContain(REDACTED);
});
