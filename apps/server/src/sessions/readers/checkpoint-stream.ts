/** One checkpoint on its way to one page, as far ahead of what the page has parsed as its credit allows. */
import { CHECKPOINT_FRAME_BYTES_MAX, READER_CREDIT_BYTES } from "@causeway/wire-contract/terminal-frames";
import type { CheckpointFacts, CheckpointReading } from "../log/checkpoint-store.ts";

export interface CheckpointStreamEvents {
  send(bytes: Uint8Array): void;
  /** It cannot be read (to its end): the page needs another beginning. */
  failed(): void;
}

export class CheckpointStream {
  readonly id: number;
  readonly facts: CheckpointFacts;
  readonly #reading: CheckpointReading;
  readonly #events: CheckpointStreamEvents;
  #sent = 0;
  #acknowledged = 0;
  #isLoading = false;
  #isClosed = false;

  constructor(id: number, facts: CheckpointFacts, reading: CheckpointReading, events: CheckpointStreamEvents) {
    this.id = id;
    this.facts = facts;
    this.#reading = reading;
    this.#events = events;
  }

  /** The page has parsed all of it. */
  get isApplied(): boolean {
    return this.#acknowledged >= this.facts.bytes;
  }

  /** @param bytes parsed so far. @returns false: more than was sent */
  acknowledge(bytes: number): boolean {
    if (bytes > this.#sent) return false;
    this.#acknowledged = Math.max(this.#acknowledged, bytes);
    return true;
  }

  /** Sends what the credit allows; goes on by itself while parts are read. */
  pump(): void {
    const isSpent = this.#sent - this.#acknowledged + CHECKPOINT_FRAME_BYTES_MAX > READER_CREDIT_BYTES;
    if (this.#isClosed || this.#isLoading || isSpent || this.#sent >= this.facts.bytes) return;
    this.#isLoading = true;
    void this.#reading.next().then((part) => {
      this.#isLoading = false;
      if (this.#isClosed) return;
      if (part === undefined || part.length === 0) {
        this.#events.failed();
        return;
      }
      this.#sent += part.length;
      this.#events.send(part);
      this.pump();
    });
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#reading.close();
  }
}
