import { expect, test } from "vitest";
import type { TimeLeft } from "../features/terminal/time-left.ts";
import { FakeClock } from "../test-support/fake-terminal.ts";
import { watchIdle } from "./idle-notice.ts";
import {
  IDLE_WARNING_MS,
  LONG_COMMAND_MS,
  type NoticeHost,
  type NoticePermission,
  SystemNotices,
} from "./system-notices.ts";

const TERMINAL = { key: "session-1", target: { instanceName: "db-01" } };

class FakeHost implements NoticeHost {
  state: NoticePermission = "granted";
  hidden = true;
  asked = 0;
  readonly shown: { title: string; body: string; tag: string; onClick: () => void }[] = [];
  permission = (): NoticePermission => this.state;
  async ask(): Promise<void> {
    this.asked++;
    this.state = "granted";
  }
  isHidden = (): boolean => this.hidden;
  show(notice: FakeHost["shown"][number]): void {
    this.shown.push(notice);
  }
}

function bench() {
  const host = new FakeHost();
  const opened: string[] = [];
  const wanted = { yes: true };
  const notices = new SystemNotices(
    host,
    () => wanted.yes,
    ({ key }) => opened.push(key),
  );
  return { host, notices, wanted, opened };
}

test("a long command that ended in a hidden page is told with how long and how, and a click goes there", () => {
  const { host, notices, opened } = bench();
  notices.commandEnded(TERMINAL, { tookMs: 95_000, exitCode: 1 });
  expect(host.shown).toMatchObject([
    {
      title: "A command on db-01 is over",
      body: "It ended with 1 after 1\u00a0min 35\u00a0s.",
      tag: "command session-1",
    },
  ]);
  host.shown[0]?.onClick();
  expect(opened).toEqual(["session-1"]);
});

test("nothing is told of short commands, on a visible page, without the person's wish, or without permission", () => {
  const { host, notices, wanted } = bench();
  notices.commandEnded(TERMINAL, { tookMs: LONG_COMMAND_MS });
  host.hidden = false;
  notices.commandEnded(TERMINAL, { tookMs: 60_000 });
  host.hidden = true;
  wanted.yes = false;
  notices.keyboardAsked(TERMINAL, "kofi");
  wanted.yes = true;
  for (const state of ["default", "denied", "absent"] as const) {
    host.state = state;
    notices.idleNear(TERMINAL);
  }
  expect(host.shown).toEqual([]);
  expect(host.asked).toBe(0);
});

test("the browser asks the person once, on her word; whoever refused is not asked again", async () => {
  const { host, notices } = bench();
  let told = 0;
  notices.subscribe(() => told++);
  host.state = "denied";
  await notices.ask();
  expect(host.asked).toBe(0);
  host.state = "default";
  await notices.ask();
  expect([host.asked, notices.permission(), told]).toEqual([1, "granted", 2]);
});

/** A terminal whose state the test sets, and its limit. */
function idleTerminal() {
  const clock = new FakeClock();
  const status: { kind: string; time?: TimeLeft } = { kind: "open" };
  const listeners = new Set<() => void>();
  const terminal = {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getStatus: () => status,
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const limit = (idleEndsAtMs: number, idleLimitMs = 20 * 60_000): TimeLeft => ({
    idleEndsAtMs,
    idleEndedBy: "aws",
    preferences: { source: "document", idleLimitMs } as TimeLeft["preferences"],
  });
  return { clock, status, terminal, changed, limit, listeners };
}

test("an idle limit is told two minutes ahead, once, and anew after a key moved it", async () => {
  const { clock, status, terminal, changed, limit } = idleTerminal();
  let told = 0;
  watchIdle(terminal, clock, () => told++);
  status.time = limit(clock.nowMs() + 20 * 60_000);
  changed();
  changed();
  await clock.advance(18 * 60_000 - 1);
  expect(told).toBe(0);
  await clock.advance(1);
  expect(told).toBe(1);
  status.time = limit(clock.nowMs() + 20 * 60_000); // a key
  changed();
  await clock.advance(18 * 60_000);
  expect(told).toBe(2);
  status.time = limit(clock.nowMs() + 10 * 60_000);
  changed();
  status.kind = "ended";
  changed();
  await clock.advance(60 * 60_000);
  expect(told).toBe(2);
  expect(clock.pending).toBe(0);
  status.kind = "open";
  status.time = limit(clock.nowMs() + IDLE_WARNING_MS, IDLE_WARNING_MS);
  changed();
  expect(clock.pending).toBe(0);
});

test("a terminal that was closed before its end was told is let go of: no timer and no listener holds it", async () => {
  const { clock, status, terminal, changed, limit, listeners } = idleTerminal();
  let told = 0;
  const stop = watchIdle(terminal, clock, () => told++);
  status.time = limit(clock.nowMs() + 20 * 60_000);
  changed();
  expect(clock.pending).toBe(1);
  stop();
  expect([clock.pending, listeners.size]).toEqual([0, 0]);
  await clock.advance(60 * 60_000);
  expect(told).toBe(0);
});

test("a notice that stands after its terminal was closed keeps nothing of it but its name", () => {
  const host = new FakeHost();
  const opened: object[] = [];
  const notices = new SystemNotices(
    host,
    () => true,
    (terminal) => opened.push(terminal),
  );
  const terminal = { ...TERMINAL, screen: "all of what it shows" };
  notices.idleNear(terminal);
  host.shown[0]?.onClick();
  expect(opened).toEqual([TERMINAL]);
});
