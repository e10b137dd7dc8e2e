/**
 * What the worker does with what it is told, without the thread around it. The newest slice waits unparsed until it is known
 * whether another follows: a checkpoint stands at the last place in it where no sequence and no character is open.
 */
import type { FromWorker, ToWorker } from "./model-messages.ts";

/** The part of @causeway/terminal-checkpoint that is needed. */
export interface CheckpointModel {
  write(bytes: Uint8Array): Promise<void>;
  /** @returns how many bytes were parsed: up to the last place where nothing is open */
  writeToLastBoundary(bytes: Uint8Array): number;
  resize(cols: number, rows: number): void;
  readonly cols: number;
  readonly rows: number;
  readonly isAtBoundary: boolean;
  /** Lines that left the screen into the scrollback so far. */
  readonly linesPushed: number;
  checkpoint(what: "all" | "screen"): Uint8Array;
  dispose(): void;
}

export interface CheckpointModels {
  create(cols: number, rows: number): CheckpointModel;
  restore(checkpoint: Uint8Array, cols: number, rows: number): Promise<CheckpointModel>;
}

/** Our own mistake: the thread ends. */
class OutOfTurn extends Error {}

const NOTHING = new Uint8Array(0);

export class ModelRun {
  readonly #models: CheckpointModels;
  readonly #cpuMs: () => number;
  /** One at a time: a model with its scrollback takes tens of MiB. */
  #model: CheckpointModel | undefined;
  #waiting: Uint8Array = NOTHING;
  #linesBefore = 0;
  #linesBeforeMissing: number | undefined;
  /** Said with the next answer. */
  #failure: string | undefined;

  /** @param cpuMs used by this thread so far */
  constructor(models: CheckpointModels, cpuMs: () => number) {
    this.#models = models;
    this.#cpuMs = cpuMs;
  }

  /**
   * One message after the other. What the emulator throws costs this model and nothing else.
   * @returns the answer, if there is one @throws Error when there was no `begin`
   */
  async handle(message: ToWorker): Promise<FromWorker | undefined> {
    if (message.kind === "begin") this.#failure = undefined;
    if (this.#failure === undefined) {
      try {
        return await this.#handle(message);
      } catch (error) {
        if (error instanceof OutOfTurn) throw error;
        this.#drop();
        this.#failure = error instanceof Error ? error.name : "not an error";
      }
    }
    if (message.kind !== "output" && message.kind !== "end") return undefined;
    return { kind: "failed", error: this.#failure, cpuMs: this.#cpuMs() };
  }

  async #handle(message: ToWorker): Promise<FromWorker | undefined> {
    if (message.kind === "begin") {
      await this.#begin(message);
      return undefined;
    }
    const model = this.#model;
    if (model === undefined) throw new OutOfTurn("there is no model");
    if (message.kind === "output") {
      await this.#parseWaiting(model);
      this.#waiting = message.bytes;
      return { kind: "taken", cpuMs: this.#cpuMs() };
    }
    if (message.kind === "size") {
      await this.#parseWaiting(model);
      model.resize(message.cols, message.rows);
      return undefined;
    }
    if (message.kind === "missing") {
      await this.#parseWaiting(model);
      this.#linesBeforeMissing = model.linesPushed;
      return undefined;
    }
    const waiting = this.#waiting;
    const parsed = model.writeToLastBoundary(waiting.subarray(0, Math.max(0, waiting.length - message.spareBytes)));
    const { cols, rows } = model;
    const checkpoint = model.isAtBoundary ? { bytes: model.checkpoint(message.what), cols, rows } : undefined;
    const { linesPushed } = model;
    const missing = this.#linesBeforeMissing;
    this.#drop();
    return {
      kind: "made",
      checkpoint,
      behindBytes: waiting.length - parsed,
      lines: linesPushed - this.#linesBefore,
      linesSinceMissing: missing === undefined ? undefined : linesPushed - missing,
      cpuMs: this.#cpuMs(),
    };
  }

  async #begin({ cols, rows, checkpoint }: Extract<ToWorker, { kind: "begin" }>): Promise<void> {
    this.#drop();
    this.#model =
      checkpoint === undefined ? this.#models.create(cols, rows) : await this.#models.restore(checkpoint, cols, rows);
    this.#linesBefore = this.#model.linesPushed; // a checkpoint pushes the lines it brings
    this.#linesBeforeMissing = undefined;
  }

  async #parseWaiting(model: CheckpointModel): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = NOTHING;
    if (waiting.length > 0) await model.write(waiting);
  }

  #drop(): void {
    this.#model?.dispose();
    this.#model = undefined;
    this.#waiting = NOTHING;
  }
}
