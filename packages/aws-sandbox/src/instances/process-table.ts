/**
 * Finds and ends the processes of shells. On Linux by the process table, so that jobs in process groups of their own
 * are found, too; elsewhere only the group of the shell itself.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Between asking (SIGHUP) and ending (SIGKILL). */
export const KILL_AFTER_MS = 300;

/** The processes whose session leader is one of these, leaders included. A shell in a pty leads a session of its own. */
export function processesOfSessions(leaders: ReadonlySet<number>): number[] {
  return processIds().filter((pid) => {
    const session = sessionOf(pid);
    return session !== undefined && leaders.has(session);
  });
}

/** The processes started with this home directory, also those that left their shell's session. */
export function processesWithHome(home: string): number[] {
  const entry = `HOME=${home}`;
  return processIds().filter((pid) => environmentOf(pid).includes(entry));
}

export function signalAll(pids: readonly number[], signal: "SIGHUP" | "SIGKILL" | "SIGINT" | "SIGQUIT"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone already, which is what was wanted
    }
  }
}

/**
 * The shell, its jobs and whatever else hangs on its terminal. The shell's own group is signalled at once, the rest within
 * this turn of the event loop: the table is read once for all shells that end together.
 */
export function signalSession(leader: number, signal: "SIGHUP" | "SIGKILL"): void {
  signalAll([-leader], signal);
  if (waiting.size === 0) setImmediate(signalWaiting);
  waiting.set(leader, signal);
}

const waiting = new Map<number, "SIGHUP" | "SIGKILL">();

function signalWaiting(): void {
  const signals = new Map(waiting);
  waiting.clear();
  for (const pid of processIds()) {
    const signal = signals.get(sessionOf(pid) ?? 0);
    if (signal) signalAll([pid], signal);
  }
}

/** Not gone, and not only waiting to be reaped by a parent that takes its time. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return statOf(pid)?.state !== "Z";
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return []; // no such table on this system
  }
}

const sessionOf = (pid: number): number | undefined => statOf(pid)?.session;

/** Fields 3 and 6 of proc(5) stat; the name in field 2 may hold spaces and brackets. */
function statOf(pid: number): { state: string; session: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ", 4);
    return { state, session: Number(session) };
  } catch {
    return undefined; // ended meanwhile, or there is no such table
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // ended meanwhile, or not ours
  }
}
