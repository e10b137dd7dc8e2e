import { expect, test } from "vitest";
import {
  EXIT_AFTER_COMMIT_MAX_MS,
  endOfChannelClosed,
  endOfChannelFailure,
  endText,
  holdsCommit,
} from "./session-end.ts";

test("a channel that closes without a word after Enter was typed: the shell exited", () => {
  expect(endOfChannelClosed("", undefined, 500, 9)).toEqual({ by: "shell", at: 9 });
});
test("a channel that closes without a word long after anything was typed: ended outside Causeway", () => {
  expect(endOfChannelClosed("", undefined, undefined, 9).by).toBe("unknown");
  expect(endOfChannelClosed("", undefined, EXIT_AFTER_COMMIT_MAX_MS + 1, 9).by).toBe("unknown");
});
test("an end that was asked for belongs to who asked, with what AWS says", () => {
  expect(endOfChannelClosed("", "you", 500, 9)).toEqual({ by: "you", at: 9 });
  expect(endOfChannelClosed("terminated", "server", 500, 9)).toEqual({
    by: "server",
    at: 9,
    code: "SERVER_STOPPING",
    text: "terminated",
  });
});
test("AWS's idle text is an end by AWS, and the agent's error block one by the agent", () => {
  const idle = "Your session timed out due to inactivity and has been terminated.";
  expect(endOfChannelClosed(idle, undefined, 500, 9)).toEqual({ by: "aws", at: 9, text: idle });
  expect(endOfChannelClosed("\n----------ERROR-------\nno such user", undefined, 500, 9)).toEqual({
    by: "agent",
    at: 9,
    text: "----------ERROR------- no such user",
  });
});
test("a failed channel names its entry of the catalog", () => {
  expect(endOfChannelFailure("HANDSHAKE_TIMEOUT", "30 s", 9)).toEqual({
    by: "agent",
    at: 9,
    code: "HANDSHAKE_FAILED",
    text: "30 s",
  });
  expect(endOfChannelFailure("DATA_KEY_REFUSED", "denied", 9).code).toBe("ENCRYPTION_KEY_REFUSED");
});
test("texts lose control characters and everything beyond 1,000 characters", () => {
  expect(endText(`a\u001b[31m\r\nb${"x".repeat(2_000)}`)).toBe(`a[31m b${"x".repeat(993)}`);
});
test("Enter, line feed and Ctrl-D can end a shell; letters cannot", () => {
  for (const byte of [0x0d, 0x0a, 0x04]) expect(holdsCommit(new Uint8Array([0x61, byte]))).toBe(true);
  expect(holdsCommit(Buffer.from("exit"))).toBe(false);
});
