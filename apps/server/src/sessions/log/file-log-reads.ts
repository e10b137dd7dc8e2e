/** How the output of a file log is read: from the ring, from what was decrypted lately, or from its files. */
import type { LogMarks } from "./log-marks.ts";
import type { OutputRing } from "./output-ring.ts";
import type { OutputSegments } from "./output-segments.ts";
import type { LogCursor, LogLoading, LogRead } from "./session-log.ts";

export class FileLogReads {
  readonly #ring: OutputRing;
  readonly #marks: LogMarks;
  readonly #output: OutputSegments;
  readonly #onDamage: (text: string) => void;
  #oldest: number;

  /** @param onDamage what was read is not what was written there; the text names files, never content */
  constructor(ring: OutputRing, marks: LogMarks, output: OutputSegments, onDamage: (text: string) => void) {
    this.#ring = ring;
    this.#marks = marks;
    this.#output = output;
    this.#onDamage = onDamage;
    this.#oldest = output.oldest ?? ring.head;
  }

  /** Offset of the oldest byte that can be read. */
  get oldest(): number {
    return this.#oldest;
  }

  read(cursor: LogCursor, bytesMax: number): LogRead | LogLoading {
    const { offset } = cursor;
    if (offset < this.#oldest) return { kind: "dropped" };
    const placed = this.#marks.from(cursor.mark);
    if (placed !== undefined && placed.offset <= offset)
      return { kind: "mark", mark: placed.mark, next: { offset, mark: placed.number + 1 } };
    const until = Math.min(placed?.offset ?? this.#ring.head, offset + bytesMax);
    if (until <= offset) return { kind: "head" };
    const bytes = this.#ring.viewAt(offset, until) ?? this.#output.cached(offset, until - offset);
    if (bytes !== undefined) return outputRead(cursor, bytes);
    return { kind: "loading", result: this.#load(cursor, until - offset) };
  }

  /** What lies before it is gone. */
  dropBefore(offset: number): void {
    if (offset <= this.#oldest) return;
    this.#oldest = offset;
    this.#marks.dropBefore(offset);
  }

  async #load(cursor: LogCursor, bytesMax: number): Promise<LogRead> {
    const loaded = await this.#output.load(cursor.offset, bytesMax);
    if (loaded.kind === "bytes") return outputRead(cursor, loaded.bytes);
    if (loaded.kind === "damaged") {
      this.#onDamage(`output before ${loaded.through} cannot be read: its file was changed`);
      this.dropBefore(loaded.through);
      this.#output.dropBefore(loaded.through);
    }
    return { kind: "dropped" };
  }
}

function outputRead(cursor: LogCursor, bytes: Uint8Array): LogRead {
  return { kind: "output", bytes, next: { offset: cursor.offset + bytes.length, mark: cursor.mark } };
}
