import type { TerminalClock } from "../features/terminal/terminal-types.ts";
import type { TimeLeft } from "../features/terminal/time-left.ts";
import { IDLE_WARNING_MS } from "./system-notices.ts";

interface Watched {
  subscribe(listener: () => void): () => void;
  getStatus(): { kind: string; time?: TimeLeft };
}

/** Tells once for each deadline that the idle limit is near. @returns stops it: a terminal that was closed waits for nothing */
export function watchIdle(terminal: Watched, clock: TerminalClock, tell: () => void): () => void {
  let timer: number | undefined;
  let endsAtMs: number | undefined;
  const leave = terminal.subscribe(() => {
    const { kind, time } = terminal.getStatus();
    const next = kind === "ended" || kind === "failed" ? undefined : time?.idleEndsAtMs;
    if (next === endsAtMs) return;
    endsAtMs = next;
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
    // a limit that is shorter is never far
    if (next === undefined || (time?.preferences.idleLimitMs ?? 0) <= IDLE_WARNING_MS) return;
    timer = clock.setTimeout(
      () => {
        timer = undefined;
        const { kind: now } = terminal.getStatus();
        if (now === "open" || now === "reconnecting") tell();
      },
      Math.max(0, next - IDLE_WARNING_MS - clock.nowMs()),
    );
  });
  return () => {
    leave();
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
  };
}
