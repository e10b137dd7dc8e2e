import { expect, test } from "vitest";
import { DEFAULT_PREFERENCES, parsePreferences, UNKNOWN_PREFERENCES } from "./session-preferences.ts";

const MINUTE_MS = 60_000;
const document = (inputs: unknown) => JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs });

test.each([
  [{ idleSessionTimeout: "5", maxSessionDuration: "480" }, 5, 480],
  [{ idleSessionTimeout: "60", maxSessionDuration: "" }, 60, undefined],
  [{ idleSessionTimeout: 1, maxSessionDuration: null }, 1, undefined],
  [{ idleSessionTimeout: "", maxSessionDuration: "1440" }, 20, 1440],
  [{ idleSessionTimeout: " 15 ", maxSessionDuration: "1441" }, 15, undefined],
  [{}, 20, undefined],
])("the document's inputs %j mean %s min idle and %s min in all", (inputs, idle, longest) => {
  expect(parsePreferences(document(inputs))).toEqual({
    source: "document",
    idleLimitMs: idle * MINUTE_MS,
    shellUser: "ssm-user",
    ...(longest === undefined ? {} : { longestMs: longest * MINUTE_MS }),
  });
});

test.each(["0", "61", "5.5", "-5", "1e1", "{{ idle }}", "{{ssm:idle}}", "soon"])(
  "an idle limit of %s is not understood: unknown, and nothing is claimed",
  (idleSessionTimeout) => {
    expect(parsePreferences(document({ idleSessionTimeout }))).toEqual({
      ...UNKNOWN_PREFERENCES,
      shellUser: "ssm-user",
    });
  },
);

test("a document without inputs sets nothing: AWS's defaults", () => {
  expect(parsePreferences(document(undefined))).toEqual({ ...DEFAULT_PREFERENCES, source: "document" });
});

test.each(["", "not JSON", "null", "[]", '"text"', '{"inputs":[]}', '{"inputs":"x"}'])(
  "content %j is no session document: unknown",
  (content) => {
    expect(parsePreferences(content)).toEqual(UNKNOWN_PREFERENCES);
  },
);

test("where AWS logs the session is named by bucket with prefix and by log group, each only when set", () => {
  const logOf = (inputs: object) => parsePreferences(document(inputs)).awsLog;
  expect(logOf({ s3BucketName: "logs", s3KeyPrefix: "prod", cloudWatchLogGroupName: "/ssm/sessions" })).toEqual({
    s3: "logs/prod",
    cloudWatch: "/ssm/sessions",
  });
  expect(logOf({ s3BucketName: "logs", s3KeyPrefix: "" })).toEqual({ s3: "logs" });
  expect(logOf({ s3BucketName: "", s3KeyPrefix: "prod", cloudWatchLogGroupName: "" })).toBeUndefined();
  expect(logOf({ s3BucketName: 5 })).toBeUndefined();
});

test.each([
  [{}, "ssm-user"],
  [{ runAsEnabled: false, runAsDefaultUser: "ops" }, "ssm-user"],
  [{ runAsEnabled: true, runAsDefaultUser: " ops " }, "ops"],
  [{ runAsEnabled: true, runAsDefaultUser: "" }, undefined],
  [{ runAsEnabled: true, runAsDefaultUser: "{{ user }}" }, undefined],
  [{ runAsEnabled: true, runAsDefaultUser: `o\u001b[31mps` }, undefined],
  [{ runAsEnabled: true, runAsDefaultUser: "o".repeat(65) }, undefined],
  [{ runAsEnabled: "{{ runAs }}", runAsDefaultUser: "ops" }, undefined],
])("inputs %j say that a shell's user is %s", (inputs, user) => {
  expect(parsePreferences(document(inputs)).shellUser).toBe(user);
});

test("a document that runs a command says nothing of a shell's user: it may run elevated", () => {
  const content = JSON.stringify({ schemaVersion: "1.0", sessionType: "InteractiveCommands", inputs: {} });
  expect(parsePreferences(content)).not.toHaveProperty("shellUser");
});

test("names of log targets lose control characters and everything beyond 512 characters", () => {
  const { awsLog } = parsePreferences(document({ cloudWatchLogGroupName: `a\u001b[31m\r\n${"x".repeat(600)}` }));
  expect(awsLog?.cloudWatch).toBe(`a[31m${"x".repeat(507)}`);
});
