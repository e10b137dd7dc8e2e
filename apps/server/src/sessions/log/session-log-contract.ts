/** What every implementation of SessionLog promises, as tests. Called from the test file of each implementation. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { LogCursor, LogMark, LogRead, SessionLog, TerminalSize } from "./session-log.ts";

const SIZE: TerminalSize = { cols: 80, rows: 24 };
const END: LogMark = { kind: "end", end: { by: "shell", at: 1 } };
const noop = () => {};

/** One log under test. */
export interface LogUnderTest {
  log: SessionLog;
  /** Everything appended so far becomes stored. */
  store(): void;
  /** After every test and every run of a property. */
  dispose(): Promise<void>;
}

/** @param open a new, empty log that keeps at most `keepBytes` of output, and nearly as much */
export function describeSessionLog(
  name: string,
  open: (size: TerminalSize, keepBytes: number) => Promise<LogUnderTest>,
): void {
  const opened: LogUnderTest[] = [];
  const make = async (size: TerminalSize, keepBytes: number): Promise<SessionLog> => {
    opened.push(await open(size, keepBytes));
    return (opened.at(-1) as LogUnderTest).log;
  };
  const store = () => {
    for (const each of opened) each.store();
  };
  const disposeAll = async () => {
    for (const each of opened.splice(0)) await each.dispose();
  };

  const append = (log: SessionLog, text: string) =>
    log.appendReceived(log.lastSequenceNumber + 1, Buffer.from(text), noop);

  describe(name, () => {
    afterEach(disposeAll);

    test("reports a record stored once, in order, and only then counts its number", async () => {
      const log = await make(SIZE, 1_000);
      const stored: number[] = [];
      log.appendReceived(0, undefined, () => stored.push(0));
      log.appendReceived(1, Buffer.from("a"), () => stored.push(1));
      store();
      expect(stored).toEqual([0, 1]);
      store();
      expect(stored).toEqual([0, 1]);
      expect(log.lastSequenceNumber).toBe(1);
      expect(log.headOffset).toBe(1);
    });

    test("what one batch appends is stored together, when all of it was appended, however much it is", async () => {
      const log = await make(SIZE, 4_000_000);
      const stored: number[] = [];
      const half = new Uint8Array(150_000).fill(120);
      log.batch(() => {
        log.appendReceived(0, undefined, () => stored.push(0));
        log.appendReceived(1, half, () => stored.push(1));
        log.batch(() => log.appendReceived(2, half, () => stored.push(2)));
        expect(stored).toEqual([]);
      });
      store();
      expect(stored).toEqual([0, 1, 2]);
      append(log, "after");
      expect(log.headOffset).toBe(2 * half.length + 5);
      expect((await collect(log, log.cursorAt(0), 32 * 1024)).bytes.length).toBe(log.headOffset);
    });

    test("a batch that fails half way keeps what it appended, and the log goes on", async () => {
      const log = await make(SIZE, 1_000);
      const breaks = () => {
        append(log, "a");
        throw new Error("broken");
      };
      expect(() => log.batch(breaks)).toThrow("broken");
      append(log, "b");
      store();
      expect(await readAll(log, log.cursorAtOldest())).toEqual(["ab"]);
    });

    test("gives sizes and notices between the bytes where they were appended", async () => {
      const log = await make(SIZE, 1_000);
      append(log, "ab");
      log.appendMark({ kind: "size", cols: 100, rows: 30 });
      append(log, "c");
      log.appendMark({ kind: "notice", code: "OUTPUT_NOT_KEPT" });
      expect(await readAll(log, log.cursorAtOldest())).toEqual(["ab", "size 100x30", "c", "notice OUTPUT_NOT_KEPT"]);
    });

    test("knows the size in force at an offset, and starts there without repeating it", async () => {
      const log = await make(SIZE, 1_000);
      append(log, "ab");
      log.appendMark({ kind: "size", cols: 100, rows: 30 });
      append(log, "cd");
      expect(log.sizeAt(1)).toEqual(SIZE);
      expect(log.sizeAt(2)).toEqual({ cols: 100, rows: 30 });
      expect(await readAll(log, log.cursorAt(2))).toEqual(["cd"]);
      expect(await readAll(log, log.cursorAt(1))).toEqual(["b", "size 100x30", "cd"]);
    });

    test("ends with its end, also for a reader that attaches behind it, and takes nothing more", async () => {
      const log = await make(SIZE, 1_000);
      append(log, "bye");
      log.appendMark(END);
      append(log, "late");
      log.appendMark({ kind: "notice", code: "OUTPUT_NOT_KEPT" });
      expect(await readAll(log, log.cursorAtOldest())).toEqual(["bye", "end shell"]);
      expect(await readAll(log, log.cursorAt(3))).toEqual(["end shell"]);
    });

    test("says that bytes were dropped instead of giving others", async () => {
      const log = await make(SIZE, 100_000);
      const cursor = log.cursorAtOldest();
      while (log.oldestOffset === 0 && log.headOffset < 1_000_000) append(log, "x".repeat(1_000));
      expect(log.oldestOffset).toBeGreaterThan(0);
      expect(log.headOffset - log.oldestOffset).toBeLessThanOrEqual(100_000);
      expect(await readOnce(log, cursor, 10)).toEqual({ kind: "dropped" });
      expect((await readOnce(log, log.cursorAtOldest(), 10)).kind).toBe("output");
    });

    test("remembers the size in force when the bytes before it are gone", async () => {
      const log = await make(SIZE, 100_000);
      log.appendMark({ kind: "size", cols: 132, rows: 43 });
      append(log, "first");
      while (log.oldestOffset === 0 && log.headOffset < 1_000_000) append(log, "x".repeat(1_000));
      expect(log.sizeAt(log.oldestOffset)).toEqual({ cols: 132, rows: 43 });
    });

    test("any appends, read from any offset in pieces of any length, equal the tail of their concatenation", async () => {
      const step = fc.oneof(
        { weight: 5, arbitrary: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => ({ bytes })) },
        { weight: 1, arbitrary: fc.record({ cols: fc.integer({ min: 20, max: 500 }) }) },
        { weight: 1, arbitrary: fc.constant("store" as const) },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 120 }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.integer({ min: 1, max: 5_000 }),
          async (steps, where, pieceBytes) => {
            await disposeAll();
            const log = await make(SIZE, 70_000);
            const whole: Uint8Array[] = [];
            const sizes: { offset: number; cols: number }[] = [];
            for (const each of steps) {
              if (each === "store") store();
              else if ("bytes" in each) {
                log.appendReceived(log.lastSequenceNumber + 1, each.bytes, noop);
                whole.push(each.bytes.slice());
                each.bytes.fill(0); // the log must have its own copy
              } else {
                log.appendMark({ kind: "size", cols: each.cols, rows: 24 });
                sizes.push({ offset: log.headOffset, cols: each.cols });
              }
            }
            const all = Buffer.concat(whole);
            expect(log.headOffset).toBe(all.length);
            const from = log.oldestOffset + Math.floor(where * (log.headOffset - log.oldestOffset));
            const seen = await collect(log, log.cursorAt(from), pieceBytes);
            expect(seen.bytes.equals(all.subarray(from))).toBe(true);
            expect(seen.sizes).toEqual(sizes.filter(({ offset }) => offset > from));
            expect(log.sizeAt(from).cols).toBe(sizes.filter(({ offset }) => offset <= from).at(-1)?.cols ?? SIZE.cols);
          },
        ),
      );
    });
  });
}

/** Waits for the log's files where it has to. */
export async function readOnce(log: SessionLog, cursor: LogCursor, bytesMax: number): Promise<LogRead> {
  const read = log.read(cursor, bytesMax);
  return read.kind === "loading" ? read.result : read;
}

async function collect(log: SessionLog, start: LogCursor, pieceBytes: number) {
  const bytes: Uint8Array[] = [];
  const sizes: { offset: number; cols: number }[] = [];
  let cursor = start;
  for (;;) {
    const read = await readOnce(log, cursor, pieceBytes);
    if (read.kind === "head" || read.kind === "dropped") return { bytes: Buffer.concat(bytes), sizes };
    if (read.kind === "output") {
      expect(read.bytes.length).toBeLessThanOrEqual(pieceBytes);
      bytes.push(read.bytes);
    } else if (read.mark.kind === "size") sizes.push({ offset: cursor.offset, cols: read.mark.cols });
    cursor = read.next;
  }
}

export async function readAll(log: SessionLog, start: LogCursor): Promise<string[]> {
  const seen: string[] = [];
  let cursor = start;
  for (;;) {
    const read = await readOnce(log, cursor, 1_000);
    if (read.kind === "head" || read.kind === "dropped") return seen;
    if (read.kind === "output") seen.push(Buffer.from(read.bytes).toString());
    else if (read.mark.kind === "size") seen.push(`size ${read.mark.cols}x${read.mark.rows}`);
    else if (read.mark.kind === "notice") seen.push(`notice ${read.mark.code}`);
    else seen.push(`end ${read.mark.end.by}`);
    cursor = read.next;
  }
}
