// What the sandbox says about itself: one event name and flat fields. Callers pass facts (ids, counts, codes), never keys,
// tokens, stream URLs or what was typed.

type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SandboxLog {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
}

/** Says nothing: for tests and for embedding. */
export const SILENT_LOG: SandboxLog = { info() {}, warn() {} };

/**
 * One line of JSON per event.
 *
 * @param write takes a finished line, newline included (stderr in the CLI: stdout belongs to the ready line)
 * @param nowMs milliseconds since the epoch
 */
export function createJsonLog(write: (line: string) => void, nowMs: () => number): SandboxLog {
  const line = (level: "info" | "warn", event: string, fields: LogFields = {}) =>
    write(`${JSON.stringify({ time: new Date(nowMs()).toISOString(), level, event, ...fields })}\n`);
  return {
    info: (event, fields) => line("info", event, fields),
    warn: (event, fields) => line("warn", event, fields),
  };
}
