import type { Session } from "@causeway/wire-contract/sessions";
import { expect, test } from "vitest";
import type { TerminalStatus } from "../features/terminal/terminal-types.ts";
import { howItIs } from "./use-drawer-sessions.ts";

const BASE = {
  ...{ sinceMs: 0, heldKeys: { keys: 0, refused: 0, asking: false }, unread: false, cols: 80, rows: 24 },
  ...{ notices: [], tabMovesFocus: false, session: { startedAt: 7 } as Session },
};
const said = (status: Partial<TerminalStatus>) => howItIs({ ...BASE, ...status } as TerminalStatus, 12_000);

test("a session says how it is in the words of its terminal's status bar, with a shape beside them", () => {
  expect(said({ kind: "open" })).toEqual({ shape: "online", state: "open", startedAt: 7 });
  expect(said({ kind: "open", channel: "lost" })).toMatchObject({ shape: "lost", state: "AWS connection lost" });
  expect(said({ kind: "reconnecting", lostAtMs: 0, attempt: 1 })).toMatchObject({
    shape: "lost",
    state: "no answer 12\u00a0s",
  });
  expect(said({ kind: "ended", end: { by: "shell", at: 9 } as never })).toMatchObject({
    shape: "stopped",
    state: "ended",
  });
});

test("one that has not begun has no time of its beginning", () => {
  expect(howItIs(undefined, 0)).toEqual({ shape: "pending", state: "connecting" });
  const { session: _session, ...base } = BASE;
  expect(howItIs({ ...base, kind: "starting", steps: [] } as TerminalStatus, 0)).not.toHaveProperty("startedAt");
});
