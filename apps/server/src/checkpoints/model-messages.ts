/**
 * What server and worker say to each other about the one model that the worker holds. In order: `begin`, any number of
 * `output` (each answered by `taken`, so that one slice is under way), `size` and `missing`, `end` (answered by `made`). When
 * the emulator throws, the model is dropped and the next answer is `failed`. A `begin` at any time drops the model before it.
 */

export type ToWorker =
  | {
      kind: "begin";
      cols: number;
      rows: number;
      /** The state to go on from; undefined: an empty terminal. */
      checkpoint: Uint8Array | undefined;
    }
  | { kind: "output"; bytes: Uint8Array }
  | { kind: "size"; cols: number; rows: number }
  /** Output that the session printed here is not in the log. */
  | { kind: "missing" }
  | {
      kind: "end";
      /** "screen": no scrollback. */
      what: "all" | "screen";
      /** So many bytes of the last slice are to follow the checkpoint in any case. */
      spareBytes: number;
    };

export type FromWorker =
  /** `cpuMs` here, too: most of what a job costs is parsing, and not every job comes to its end. */
  | { kind: "taken"; cpuMs: number }
  /** The model is gone, the thread goes on: the next message to expect is `begin`. `error`: its name, never bytes. */
  | { kind: "failed"; error: string; cpuMs: number }
  | {
      kind: "made";
      /** undefined: nowhere near the end is a place at which a checkpoint may be taken. */
      checkpoint: { bytes: Uint8Array; cols: number; rows: number } | undefined;
      /** Bytes that were handed over and follow the checkpoint. */
      behindBytes: number;
      /** Lines that the bytes since `begin` have pushed into the scrollback. */
      lines: number;
      /** Of those, the ones after the last `missing`; undefined: there was none. */
      linesSinceMissing: number | undefined;
      /** CPU that this thread has used since it began, in milliseconds. */
      cpuMs: number;
    };
