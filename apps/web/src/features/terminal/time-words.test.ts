import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import { expect, test } from "vitest";
import type { TimeLeft } from "./time-left.ts";
import {
  actorWords,
  awayTimeWords,
  awsLogWords,
  endedWords,
  endNearWords,
  timeLeftWords,
  wholeSpan,
} from "./time-words.ts";

const MINUTE_MS = 60_000;
const LIMIT_MS = 20 * MINUTE_MS;
const plain = (text = ""): string => text.replaceAll("\u00a0", " ");
const time = (fields: Partial<TimeLeft> = {}, source: SessionPreferences["source"] = "document"): TimeLeft => ({
  idleEndsAtMs: LIMIT_MS,
  idleEndedBy: "aws",
  preferences: { source, idleLimitMs: LIMIT_MS, longestMs: 480 * MINUTE_MS },
  ...fields,
});
const leftAt = (of: TimeLeft, leftMs: number) => timeLeftWords(of, of.idleEndsAtMs - leftMs);
const nearAt = (of: TimeLeft, leftMs: number) => endNearWords(of, of.idleEndsAtMs - leftMs);

test("spans are whole minutes, rounded up", () => {
  const spans = [0, 1, MINUTE_MS, MINUTE_MS + 1, 480 * MINUTE_MS, 90 * MINUTE_MS];
  expect(spans.map((ms) => plain(wholeSpan(ms)))).toEqual(["0 min", "1 min", "1 min", "2 min", "8 h", "1 h 30 min"]);
});

test("what is left is said in minutes, and in seconds only in the last two minutes", () => {
  const said = [LIMIT_MS, LIMIT_MS - 59_999, 120_001, 120_000, 119_000, 9_000].map((ms) => leftAt(time(), ms));
  expect(said.map(({ text }) => plain(text))).toEqual([
    "20 min left",
    "20 min left",
    "3 min left",
    "2 min 0 s left",
    "1 min 59 s left",
    "9 s left",
  ]);
  expect(said.map(({ tone }) => tone)).toEqual(["plain", "plain", "plain", "warn", "warn", "warn"]);
});

test("the rule behind it names who ends the shell, after what, and whose setting that is", () => {
  const rule = (of: TimeLeft) => plain(leftAt(of, LIMIT_MS).rule);
  expect(rule(time())).toBe("AWS ends this shell after 20 min without a key: the account's setting.");
  expect(rule(time({ idleEndedBy: "server" }))).toMatch(/^Causeway ends this shell after 20 min/);
  expect(rule(time({}, "aws-default"))).toContain("AWS's default, the account set none");
  expect(rule(time({ longestEndsAtMs: 5 }))).toBe("AWS ends every session of this account after 8 h.");
});

test("a status line says the shell's user where the account's preferences tell it, and the role; else the role alone", () => {
  const role = { name: "dana", role: "SRE-Operator", account: "harbor-prod" };
  const said = (shellUser?: string) =>
    actorWords(role, { source: "document", idleLimitMs: LIMIT_MS, ...(shellUser === undefined ? {} : { shellUser }) });
  expect(said("ops")).toMatchObject({ user: "ops", role: "SRE-Operator" });
  expect(said("ops").rule).toContain("a tag SSMSessionRunAs of your user or role wins");
  expect(said("ssm-user").rule).toBe("Signed in as dana, SRE-Operator in harbor-prod.");
  expect(said().user).toBeUndefined();
  expect(actorWords({ ...role, role: "IAM user" }, undefined).role).toBe("dana (IAM user)");
});

test("a limit that could not be read is said to be unknown, and its countdown to be about", () => {
  const unknown = time({}, "unknown");
  expect(plain(leftAt(unknown, 18 * MINUTE_MS).text)).toBe("about 18 min left");
  expect(leftAt(unknown, LIMIT_MS).rule).toContain("The account's idle limit is unknown");
  expect(leftAt(unknown, 0)).toMatchObject({ text: "idle limit unknown", tone: "plain" });
});

test("a limit that passed without an end is not counted below zero", () => {
  expect(leftAt(time(), 0).text).toBe("idle limit reached");
  expect(timeLeftWords(time({ longestEndsAtMs: 5 }), 5).text).toBe("longest session reached");
});

test("two minutes ahead the strip says who ends the shell without a key; later steps are said as they come", () => {
  const titles = [120_000, 61_000, 60_000, 30_000, 9_000].map((ms) => plain(nearAt(time(), ms)?.title));
  expect(titles).toEqual([
    "AWS ends this shell in 2 min without a key.",
    "AWS ends this shell in 2 min without a key.",
    "AWS ends this shell in 1 min without a key.",
    "AWS ends this shell in 30 s without a key.",
    "AWS ends this shell in 10 s without a key.",
  ]);
  expect(plain(nearAt(time(), 61_000)?.detail)).toBe("1 min 1 s left. Any key keeps it open.");
  expect(nearAt(time(), 120_001)).toBeUndefined();
});

test("the strip names Causeway where Causeway ends it, and claims less where the limit is unknown", () => {
  expect(plain(nearAt(time({ idleEndedBy: "server" }), 120_000)?.title)).toBe(
    "Causeway ends this shell in 2 min without a key.",
  );
  const unknown = nearAt(time({}, "unknown"), 120_000);
  expect(plain(unknown?.title)).toBe("AWS may end this shell in 2 min without a key.");
  expect(plain(unknown?.detail)).toContain("The account's limit is unknown; AWS's default is 20 min.");
});

test("no key is offered against the longest session", () => {
  const words = endNearWords(time({ longestEndsAtMs: 120_000 }), 0);
  expect(plain(words?.title)).toBe("AWS ends this shell in 2 min.");
  expect(plain(words?.detail)).toBe("2 min 0 s left. No session of this account runs longer than 8 h.");
});

test("without contact the pane says when the shell ends, as far as it knows", () => {
  expect(plain(awayTimeWords(time(), 3 * MINUTE_MS))).toBe("AWS ends the shell in 17 min without a key.");
  expect(plain(awayTimeWords(time({ longestEndsAtMs: MINUTE_MS }), 0))).toBe("AWS ends the shell in 1 min.");
  expect(plain(awayTimeWords(time({}, "unknown"), 0))).toMatch(/^AWS may end/);
  expect(awayTimeWords(time(), LIMIT_MS)).toBe("");
  expect(awayTimeWords(undefined, 0)).toBe("");
});

test("an end at a limit names who kept it, which limit, and why it was Causeway", () => {
  const title = (by: "aws" | "server", limit: { kind: "idle" | "longest"; limitMs?: number }) =>
    plain(endedWords({ by, at: 0, limit }, undefined, "web-1").title);
  expect(title("aws", { kind: "idle", limitMs: LIMIT_MS })).toBe("Ended by AWS: idle for 20 min.");
  expect(title("aws", { kind: "idle" })).toBe("Ended by AWS: idle for too long.");
  expect(title("server", { kind: "idle", limitMs: LIMIT_MS })).toBe("Ended by Causeway: idle for 20 min.");
  expect(title("aws", { kind: "longest", limitMs: 480 * MINUTE_MS })).toBe("Ended by AWS: longest session, 8 h.");
  expect(title("aws", { kind: "longest" })).toBe("Ended by AWS: longest session.");
  const own = endedWords(
    { by: "server", at: MINUTE_MS, limit: { kind: "idle", limitMs: 5, assumed: true } },
    0,
    "web-1",
  );
  expect(own.detail).toContain("could not be read, so AWS's default was kept");
  expect(own.detail).toContain("restarts its clock");
  expect(plain(own.detail)).toContain("It ran for 1 min 0 s.");
  expect(endedWords({ by: "shell", at: 0 }, undefined, "web-1").title).toBe("The shell exited.");
});

test("REC says where AWS logs, and is not there when it logs nothing or nobody knows", () => {
  const preferences = { source: "document", idleLimitMs: LIMIT_MS } as const;
  expect(awsLogWords({ ...preferences, awsLog: { s3: "logs/prod", cloudWatch: "/ssm" } })).toEqual({
    where: "S3 + CW",
    detail: "AWS logs this session: S3 in logs/prod and CloudWatch in /ssm",
  });
  expect(awsLogWords({ ...preferences, awsLog: { cloudWatch: "/ssm" } })?.where).toBe("CW");
  expect(awsLogWords({ ...preferences, awsLog: {} })).toBeUndefined();
  expect(awsLogWords(preferences)).toBeUndefined();
});
