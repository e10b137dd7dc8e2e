import { expect, test } from "vitest";
import { IdleClock } from "./idle-clock.ts";
import {
  EXIT_AFTER_COMMIT_MAX_MS,
  endOfChannelClosed,
  endOfChannelFailure,
  endOfGone,
  endText,
  holdsCommit,
  withLogTarget,
} from "./session-end.ts";

const MINUTE_MS = 60_000;
const START_MS = 1_700_000_000_000;
/** Nobody typed since the start; the account allows 5 min idle and 60 min in all. */
const clock = new IdleClock(START_MS);
clock.setPreferences({ source: "document", idleLimitMs: 5 * MINUTE_MS, longestMs: 60 * MINUTE_MS });
const IDLE = { kind: "idle", limitMs: 5 * MINUTE_MS };
const LONGEST = { kind: "longest", limitMs: 60 * MINUTE_MS };
const at = (minutes: number) => START_MS + minutes * MINUTE_MS;
const closed = (output: string, atMs: number, commitAgoMs?: number) =>
  endOfChannelClosed(output, undefined, commitAgoMs, atMs, clock);

test("a channel that closes without a word after Enter was typed: the shell exited", () => {
  expect(closed("", at(1), 500)).toEqual({ by: "shell", at: at(1) });
});
test("a channel that closes without a word long after anything was typed: ended outside Causeway", () => {
  expect(closed("", at(1)).by).toBe("unknown");
  expect(closed("", at(1), EXIT_AFTER_COMMIT_MAX_MS + 1).by).toBe("unknown");
});
test("a channel that closes without a word at a limit was ended by AWS, unless Enter was typed just before", () => {
  expect(closed("", at(5) + 900, 5 * MINUTE_MS)).toEqual({ by: "aws", at: at(5) + 900, limit: IDLE });
  expect(closed("", at(60) + 900, 5 * MINUTE_MS)).toEqual({ by: "aws", at: at(60) + 900, limit: LONGEST });
  expect(closed("", at(60) + 900, 500)).toEqual({ by: "shell", at: at(60) + 900 });
});
test("an end that was asked for belongs to who asked, with what AWS says", () => {
  const request = (by: "you" | "server", text = "") => endOfChannelClosed(text, { by }, 500, 9, clock);
  expect(request("you")).toEqual({ by: "you", at: 9 });
  expect(request("server", "terminated")).toEqual({ by: "server", at: 9, code: "SERVER_STOPPING", text: "terminated" });
});
test("an end by Causeway at the idle limit names the limit, and no stopping server", () => {
  const limit = { kind: "idle", limitMs: MINUTE_MS } as const;
  expect(endOfChannelClosed("", { by: "server", limit }, 500, 9, clock)).toEqual({ by: "server", at: 9, limit });
});
test("AWS's idle text is an end by AWS at the idle limit, and the agent's error block one by the agent", () => {
  const idle = "Your session timed out due to inactivity and has been terminated.";
  expect(closed(idle, at(1), 500)).toEqual({ by: "aws", at: at(1), text: idle, limit: IDLE });
  expect(closed("\n----------ERROR-------\nno such user", at(5), 500)).toEqual({
    by: "agent",
    at: at(5),
    text: "----------ERROR------- no such user",
  });
  expect(
    closed("\n----------ERROR-------\nfailed to start pty since RunAs user ops does not exist", at(5)),
  ).toMatchObject({
    by: "agent",
    code: "RUN_AS_USER_MISSING",
    subject: "ops",
  });
});
test("a text about the maximum duration is the longest session, also where the preferences could not be read", () => {
  const text = "Your session reached the maximum session duration and has been terminated.";
  expect(closed(text, at(60)).limit).toEqual(LONGEST);
  expect(endOfChannelClosed(text, undefined, 500, at(60), new IdleClock(START_MS)).limit).toEqual({ kind: "longest" });
});
test("a text in words nobody knows is told by the limit it comes at, else only by whom", () => {
  expect(closed("The session is over.", at(60)).limit).toEqual(LONGEST);
  expect(closed("The session is over.", at(30))).toEqual({ by: "aws", at: at(30), text: "The session is over." });
});
test("a session that is gone when it is looked for ended at the limit that passed, else outside Causeway", () => {
  expect(endOfGone(undefined, at(7), clock)).toEqual({ by: "aws", at: at(7), limit: IDLE });
  expect(endOfGone(undefined, at(4), clock)).toEqual({ by: "unknown", at: at(4), code: "SESSION_GONE" });
  expect(endOfGone({ by: "you" }, at(7), clock)).toEqual({ by: "you", at: at(7) });
  expect(endOfGone(undefined, at(90), new IdleClock(START_MS)).by).toBe("unknown");
});
test("a failed channel names its entry of the catalog", () => {
  expect(endOfChannelFailure("HANDSHAKE_TIMEOUT", "30 s", 9)).toEqual({
    by: "agent",
    at: 9,
    code: "HANDSHAKE_FAILED",
    text: "30 s",
  });
  expect(endOfChannelFailure("DATA_KEY_REFUSED", "denied", 9).code).toBe("ENCRYPTION_KEY_REFUSED");
  expect(endOfChannelFailure("DATA_KEY_REFUSED", "off", 9, "ENCRYPTION_KEY_UNUSABLE").code).toBe(
    "ENCRYPTION_KEY_UNUSABLE",
  );
  expect(endOfChannelFailure("CHANNEL_DENIED", "closed with 1008", 9)).toMatchObject({
    by: "aws",
    code: "DATA_CHANNEL_DENIED",
  });
});
test("texts lose control characters and everything beyond 1,000 characters", () => {
  expect(endText(`a\u001b[31m\r\nb${"x".repeat(2_000)}`)).toBe(`a[31m b${"x".repeat(993)}`);
});
test("Enter, line feed and Ctrl-D can end a shell; letters cannot", () => {
  for (const byte of [0x0d, 0x0a, 0x04]) expect(holdsCommit(new Uint8Array([0x61, byte]))).toBe(true);
  expect(holdsCommit(Buffer.from("exit"))).toBe(false);
});

test("a log that the agent could not use is named by the session document: the group, or the bucket without its prefix", () => {
  const awsLog = { s3: "harbor-ssm-logs/prod", cloudWatch: "/ssm/sessions" };
  const subjectOf = (code: string, log: typeof awsLog | undefined = awsLog) =>
    withLogTarget({ by: "agent", at: 1, code }, log).subject;
  for (const of of ["NOT_ENCRYPTED", "UNREADABLE"]) {
    expect(subjectOf(`LOG_GROUP_${of}`)).toBe("/ssm/sessions");
    expect(subjectOf(`LOG_BUCKET_${of}`)).toBe("harbor-ssm-logs");
  }
  expect(withLogTarget({ by: "agent", at: 1, code: "LOG_GROUP_UNREADABLE" }, undefined)).not.toHaveProperty("subject");
  expect(withLogTarget({ by: "agent", at: 1, code: "RUN_AS_USER_MISSING", subject: "ops" }, awsLog).subject).toBe(
    "ops",
  );
});
