import { CHECKPOINT_FRAME_BYTES_MAX } from "@causeway/wire-contract/terminal-frames";
import type { CheckpointFacts, CheckpointReading, CheckpointStore, NewCheckpoint } from "./checkpoint-store.ts";

/** The newest checkpoint of a log in memory; readers hold on to the one they read. */
export class MemoryCheckpoints implements CheckpointStore {
  guard: ((offset: number) => boolean) | undefined;
  onSaved: (() => void) | undefined;
  onClosed: (() => void) | undefined;
  #newest: { facts: CheckpointFacts; bytes: Uint8Array } | undefined;
  #nextNumber = 1;

  get newest(): CheckpointFacts | undefined {
    return this.#newest?.facts;
  }

  read({ number }: CheckpointFacts): CheckpointReading {
    const bytes = this.#newest?.facts.number === number ? this.#newest.bytes : undefined;
    let position = 0;
    return {
      async next() {
        const part = bytes?.subarray(position, position + CHECKPOINT_FRAME_BYTES_MAX);
        position += part?.length ?? 0;
        return part;
      },
      close() {},
    };
  }

  async save(checkpoint: NewCheckpoint, bytes: Uint8Array): Promise<void> {
    this.#newest = { facts: { ...checkpoint, number: this.#nextNumber++, bytes: bytes.length }, bytes };
    this.onSaved?.();
  }

  discard({ number }: CheckpointFacts): void {
    if (this.#newest?.facts.number === number) this.#newest = undefined;
  }

  mayDrop(offset: number): boolean {
    return (this.newest?.offset ?? -1) >= offset || (this.guard?.(offset) ?? true);
  }
}
