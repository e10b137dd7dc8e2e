import { expect, test } from "vitest";
import { sortLeftSessions } from "./left-sessions.ts";
import type { RecoveredSession } from "./log/file-session-logs.ts";
import type { SessionFacts } from "./session-store.ts";

const facts = (id: string) => ({ id }) as SessionFacts;
const found = (id: string, more: object = {}) => ({ id, keeper: {}, end: undefined, ...more }) as RecoveredSession;
const END = { by: "shell", at: 5 } as const;

test("a session without an end goes on when its keeper's state is there", () => {
  const left = sortLeftSessions([{ facts: facts("a"), end: undefined }], [found("a")], 9);
  expect(left).toMatchObject({ running: [{ facts: { id: "a" }, found: { id: "a" } }], ended: [], unknown: [] });
});

test("the end counts that either the row or the log knows", () => {
  const rows = [
    { facts: facts("row"), end: END },
    { facts: facts("log"), end: undefined },
  ];
  const logs = [found("row"), found("log", { end: END, keeper: undefined })];
  expect(sortLeftSessions(rows, logs, 9).ended).toMatchObject([
    { facts: { id: "row" }, end: END, isRecorded: true },
    { facts: { id: "log" }, end: END, isRecorded: false },
  ]);
});

test("a session whose log or keeper's state is gone is not found again; a recorded end without a log is nothing to do", () => {
  const rows = [
    { facts: facts("no log"), end: undefined },
    { facts: facts("no keeper"), end: undefined },
    { facts: facts("over"), end: END },
  ];
  const { ended } = sortLeftSessions(rows, [found("no keeper", { keeper: undefined })], 9);
  expect(ended).toMatchObject([
    { facts: { id: "no log" }, found: undefined, end: { by: "server", at: 9, code: "SESSION_NOT_RECOVERED" } },
    { facts: { id: "no keeper" }, found: { id: "no keeper" }, end: { code: "SESSION_NOT_RECOVERED" } },
  ]);
});

test("a log that no row speaks of belongs to a start that did not come to its end", () => {
  expect(sortLeftSessions([], [found("x")], 9)).toMatchObject({ running: [], ended: [], unknown: ["x"] });
});
