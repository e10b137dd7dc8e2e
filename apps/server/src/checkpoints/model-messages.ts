/**
 * What server and worker say to each other about the one model that the worker holds. In order: `begin`, any number of
 * `output` (each answered by `taken`, so that one slice is under way) and `size`, `end` (answered by `made`). A `begin` at any
 * time drops the model before it.
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
  | {
      kind: "end";
      /** "screen": no scrollback. */
      what: "all" | "screen";
      /** So many bytes of the last slice are to follow the checkpoint in any case. */
      spareBytes: number;
    };

export type FromWorker =
  | { kind: "taken" }
  | {
      kind: "made";
      /** undefined: nowhere near the end is a place at which a checkpoint may be taken. */
      checkpoint: { bytes: Uint8Array; cols: number; rows: number } | undefined;
      /** Bytes that were handed over and follow the checkpoint. */
      behindBytes: number;
      /** CPU that this thread has used since it began, in milliseconds. */
      cpuMs: number;
    };
