/**
 * Frames for an end that is not connected just now.
 * At the bound the newest frame is dropped: sequenced messages are acknowledged end to end, so their sender sends them again.
 */
import { messageIdOf } from "./frame-fields.ts";

export const QUEUED_FRAMES_MAX = 4_096;
export const QUEUED_BYTES_MAX = 1024 * 1024;

export class FrameQueue {
  #frames: Uint8Array[] = [];
  #messageIds = new Set<string>();
  #bytes = 0;

  /** @returns false when the frame was dropped at the bound. A frame that already waits is not queued twice (agents resend the same bytes). */
  push(frame: Uint8Array): boolean {
    const messageId = messageIdOf(frame);
    if (this.#messageIds.has(messageId)) return true;
    if (this.#frames.length >= QUEUED_FRAMES_MAX || this.#bytes + frame.length > QUEUED_BYTES_MAX) return false;
    this.#frames.push(frame);
    this.#messageIds.add(messageId);
    this.#bytes += frame.length;
    return true;
  }

  /** Gives what waits, oldest first, and is empty afterwards. */
  takeAll(): Uint8Array[] {
    const frames = this.#frames;
    this.clear();
    return frames;
  }

  clear(): void {
    this.#frames = [];
    this.#messageIds = new Set();
    this.#bytes = 0;
  }

  get frameCount(): number {
    return this.#frames.length;
  }
}
