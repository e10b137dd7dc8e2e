/** One checkpoint, from the log to the model in slices: the one before it, what was printed since, and the sizes between. */
import type { CheckpointFacts, CheckpointStore, DurableLog, LogCursor } from "../sessions/index.ts";
import type { ModelPort } from "./model-worker.ts";

/** Handed to the model at once, in bytes: parsed in a few milliseconds, and copied from the log in none. */
export const SLICE_BYTES = 64 * 1024;

/**
 * Lines above the screen that the model and the page keep. When so many and a screenful more have come, nothing is left of
 * the place where output was missing. (Not imported from the model's package: that would load an emulator into the server.)
 */
export const SCROLLBACK_LINES = 10_000;

/** Why nothing came of a job. `dropped`: the log let bytes go that it was reading. */
export type JobFailure = "dropped" | "no_boundary" | "nothing_new";

export type JobResult =
  | {
      kind: "made";
      bytes: Uint8Array;
      cols: number;
      rows: number;
      /** Where a reader of the log goes on. */
      cursor: LogCursor;
      linesSinceMissing: number | null;
    }
  | { kind: "failed"; why: JobFailure };

export interface JobRequest {
  what: "all" | "screen";
  /** Output before this offset goes into it; it is not beyond the log's head. */
  target: number;
  /** true: at least a byte follows it in the log, so that its offset alone tells which sizes it holds. */
  leavesOne: boolean;
  /** At most so much is parsed: a long way is gone in several jobs. */
  bytesMax: number;
}

interface Base {
  checkpoint: Uint8Array | undefined;
  cols: number;
  rows: number;
  cursor: LogCursor;
  linesSinceMissing: number | null;
}

/** Rejects with what the port rejects with. */
export async function runJob(log: DurableLog, port: ModelPort, request: JobRequest): Promise<JobResult> {
  const base = await baseOf(log);
  const target = Math.min(Math.max(request.target, base.cursor.offset), base.cursor.offset + request.bytesMax);
  const spareBytes = request.leavesOne ? 1 : 0;
  if (target - base.cursor.offset < spareBytes) return { kind: "failed", why: "nothing_new" };
  port.begin(base.cols, base.rows, base.checkpoint);
  let cursor = base.cursor;
  while (cursor.offset < target) {
    const asked = log.read(cursor, Math.min(SLICE_BYTES, target - cursor.offset));
    const read = asked.kind === "loading" ? await asked.result : asked; // what is there is copied before anything is appended
    if (read.kind === "dropped") return { kind: "failed", why: "dropped" };
    if (read.kind === "head") break;
    cursor = read.next;
    // A copy of its own (`slice` of a Buffer is a view): the thread takes the memory over, and the log goes on using its.
    if (read.kind === "output") await port.output(new Uint8Array(read.bytes));
    else if (read.mark.kind === "size") port.size(read.mark.cols, read.mark.rows);
    else if (read.mark.kind === "notice" && read.mark.code === "OUTPUT_NOT_KEPT") port.missing();
  }
  const { checkpoint, behindBytes, ...since } = await port.end(request.what, spareBytes);
  if (checkpoint === undefined) return { kind: "failed", why: "no_boundary" };
  const at = { offset: cursor.offset - behindBytes, mark: cursor.mark };
  return {
    kind: "made",
    ...checkpoint,
    cursor: at,
    linesSinceMissing: linesSinceMissing(base, since, checkpoint.rows),
  };
}

/** @returns null: what the terminal shows, scrollback included, lacks nothing */
function linesSinceMissing(
  base: Base,
  since: { lines: number; linesSinceMissing: number | undefined },
  rows: number,
): number | null {
  const before = base.linesSinceMissing;
  const lines = since.linesSinceMissing ?? (before === null ? null : before + since.lines);
  return lines !== null && lines < SCROLLBACK_LINES + rows ? lines : null;
}

/** The newest checkpoint if it can be gone on from, else an empty terminal at the oldest output kept. */
async function baseOf(log: DurableLog): Promise<Base> {
  for (let facts = usable(log); facts !== undefined; facts = usable(log)) {
    const checkpoint = await readAll(log.checkpoints, facts);
    if (checkpoint !== undefined) {
      const { cols, rows, linesSinceMissing } = facts;
      return { checkpoint, cols, rows, linesSinceMissing, cursor: log.cursorAt(facts.offset) };
    }
    log.checkpoints.discard(facts);
  }
  const { oldestOffset } = log;
  const size = log.sizeAt(oldestOffset);
  const lines = oldestOffset === 0 ? null : 0;
  return { checkpoint: undefined, ...size, linesSinceMissing: lines, cursor: log.cursorAt(oldestOffset) };
}

/** The newest checkpoint with all bytes after it; undefined: there is none. */
export function usable(log: DurableLog): CheckpointFacts | undefined {
  const { newest } = log.checkpoints;
  return newest !== undefined && newest.offset >= log.oldestOffset ? newest : undefined;
}

async function readAll(store: CheckpointStore, facts: CheckpointFacts): Promise<Uint8Array | undefined> {
  const all = new Uint8Array(facts.bytes);
  const reading = store.read(facts);
  let at = 0;
  for (
    let part = await reading.next();
    part !== undefined && at + part.length <= all.length;
    part = await reading.next()
  ) {
    all.set(part, at);
    at += part.length;
    if (at === all.length) break;
  }
  reading.close();
  return at === all.length ? all : undefined;
}
