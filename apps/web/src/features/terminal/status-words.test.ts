import { expect, test } from "vitest";
import {
  backWords,
  channelWords,
  exactSpan,
  heldQuestion,
  latencyWords,
  noticeWords,
  reconnectingWords,
} from "./status-words.ts";
import type { TerminalStatus } from "./terminal-types.ts";

const NONE = { keys: 0, refused: 0, asking: false };
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

function openStatus(fields: Partial<TerminalStatus>): TerminalStatus {
  const base = { kind: "open", sinceMs: 0, heldKeys: NONE, unread: false, cols: 80, rows: 24, notices: [] };
  return { ...base, ...fields } as TerminalStatus;
}

test("spans are exact, with no-break spaces between number and unit", () => {
  expect(exactSpan(1_877_000)).toBe("31\u00a0min\u00a017\u00a0s");
  expect(plain(exactSpan(7_380_000))).toBe("2 h 3 min");
  expect(plain(exactSpan(-5))).toBe("0 s");
});

test("a lost connection says since when, when it is tried next, and how many keys are held", () => {
  const { detail } = reconnectingWords({ lostAtMs: 0, nextTryAtMs: 8_000 }, { ...NONE, keys: 3 }, 6_000);
  expect(plain(detail)).toBe("The last word from the server came 6 s ago. Next try in 2 s. 3 keys held.");
});

test("while an attempt is under way no wait is claimed, and a refusal is named instead of the silence", () => {
  const problem = { title: "You are not signed in" };
  expect(reconnectingWords({ lostAtMs: 0, problem }, NONE, 6_000).detail).toBe("You are not signed in. Trying now.");
});

test("keys that were not taken are said", () => {
  const { detail } = reconnectingWords({ lostAtMs: 0 }, { keys: 256, refused: 1, asking: false }, 1_000);
  expect(plain(detail)).toContain("1 key not taken: only 256 bytes are held.");
});

test("one key is a key, twelve are keys", () => {
  expect(plain(heldQuestion({ ...NONE, keys: 1 }).title)).toBe("You typed 1 key while away.");
  expect(plain(heldQuestion({ ...NONE, keys: 12 }).title)).toBe("You typed 12 keys while away.");
});

test("nothing lost is claimed only when nothing was", () => {
  expect(plain(backWords(11_000, "whole"))).toBe("back after 11 s, nothing lost");
  expect(plain(backWords(11_000, "checkpoint"))).toBe(
    "back after 11 s, much was printed: the screen comes from a checkpoint",
  );
  expect(plain(backWords(11_000, "lost"))).toBe("back after 11 s, some output was not kept");
});

test("trouble between server and AWS is told apart from trouble with the agent", () => {
  expect(channelWords("open")).toBeUndefined();
  expect(channelWords("paused")?.title).toContain("agent");
  expect(channelWords("lost")?.title).toContain("AWS");
});

test("latency is one number: plain below 150 ms, amber to 400, red and called slow above", () => {
  const at = (latencyMs: number) => latencyWords(openStatus({ latencyMs, latencyAtMs: 0 }), 0);
  expect([at(149).tone, at(150).tone, at(400).tone, at(401).tone]).toEqual(["plain", "warn", "warn", "bad"]);
  expect(plain(at(401).text)).toBe("401 ms slow");
});

test("the agent's part counts only while fresh, and an old latency is a dash", () => {
  const status = openStatus({ latencyMs: 11, latencyAtMs: 20_000, agentLatencyMs: 27, agentLatencyAtMs: 10_000 });
  expect(plain(latencyWords(status, 25_000).text)).toBe("38 ms");
  expect(plain(latencyWords(status, 25_001).text)).toBe("11 ms");
  expect(latencyWords(status, 35_001).text).toBe("–");
  expect(plain(latencyWords(status, 25_001).split)).toContain("server ↔ instance not measured");
});

test("a notice speaks the catalog's words, and an unknown one only its own", () => {
  expect(noticeWords({ id: 1, code: "OUTPUT_NOT_KEPT" }).title).toBe("Earlier output was not kept.");
  expect(noticeWords({ id: 1, code: "FROM_A_NEWER_SERVER", text: "Hello" })).toEqual({ title: "Hello", detail: "" });
});

test.each([
  ["lost", undefined, "The connection between the server and AWS broke.", "The server opens it again."],
  ["lost", "AWS_UNREACHABLE", "The connection between the server and AWS broke.", "AWS could not be reached."],
  ["lost", "CREDENTIALS_EXPIRED", "Your AWS sign-in ended.", "goes on here when you sign in again"],
  ["lost", "RESUME_REFUSED", "AWS does not allow this session to be resumed.", "tried again every minute"],
  [
    "lost",
    "A_CODE_OF_A_NEWER_SERVER",
    "The connection between the server and AWS broke.",
    "The server opens it again.",
  ],
  ["paused", "INSTANCE_STOPPED", "The instance is stopped.", "AWS holds what you type"],
  ["open", "INSTANCE_SILENT", "The instance does not answer.", "sent until it answers"],
] as const)("a channel that is %s because of %s: %s", (channel, reason, title, part) => {
  const words = channelWords(channel, reason);
  expect(words?.title).toBe(title);
  expect(words?.detail).toContain(part);
});

test("a channel that is well, or troubled by what an older page does not know, needs no words", () => {
  expect(channelWords("open")).toBeUndefined();
  expect(channelWords("open", "A_CODE_OF_A_NEWER_SERVER")).toBeUndefined();
});
