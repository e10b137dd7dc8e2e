import { expect, test } from "vitest";
import { CatalogError } from "./catalog-error.ts";
import { createLog } from "./logger.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog("debug", (line) => lines.push(line)));
  expect(lines.join("")).not.toContain(SECRET);
  return lines.map((line) => JSON.parse(line));
}

test("an event is one line of JSON with time and level in words", () => {
  const [line] = logged((log) => log.info({ sessionId: "s" }, "session started"));
  expect(line).toMatchObject({ level: "info", msg: "session started", sessionId: "s" });
  expect(line?.time).toMatch(/^\d{4}-.*Z$/);
});

test("a secret in a field, a message or an error does not get through", () => {
  logged((log) => {
    log.info({ credentials: { secretAccessKey: SECRET } }, "signed in");
    log.info({ note: SECRET }, `the key ${SECRET}`);
    log.error({ err: new Error(`bad ${SECRET}`, { cause: new Error(SECRET) }) }, "failed");
    log.child({ token: SECRET }).warn({}, "child");
  });
});

test("an error is described with its code, its chain of causes and what AWS said, without what else hangs on it", () => {
  const cause = Object.assign(new Error("socket hang up"), {
    code: "ECONNRESET",
    config: { headers: { cookie: "c" } },
  });
  const aws = { service: "ssm", operation: "StartSession", code: "Throttling", message: "Rate exceeded" };
  const [line] = logged((log) => log.warn({ err: new CatalogError("AWS_THROTTLED", { cause, aws }) }, "refused"));
  expect(line?.err).toMatchObject({
    code: "AWS_THROTTLED",
    aws,
    cause: { code: "ECONNRESET", message: "socket hang up" },
  });
  expect(JSON.stringify(line)).not.toContain("headers");
});

test("a chain of causes that goes on for ever is cut", () => {
  const error = new Error("again");
  error.cause = error;
  expect(logged((log) => log.error({ err: error }, "failed"))).toHaveLength(1);
});

test("what AWS says about a signature is kept to its first line, which names no token", () => {
  const message = `The request signature we calculated does not match.\n\nThe Canonical String was\nx-amz-security-token:${SECRET}`;
  const error = new CatalogError("ACCESS_KEYS_REFUSED", {
    aws: { service: "sts", operation: "GetCallerIdentity", code: "SignatureDoesNotMatch", message },
  });
  expect(error.aws?.message).toBe("The request signature we calculated does not match.");
});
