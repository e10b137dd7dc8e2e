/** Output of a process on its way into messages: in order, cut at characters, with the payload type it goes out as. Pure. */
import { Utf8Chunker } from "./utf8-chunker.ts";

export interface OutputPiece {
  readonly bytes: Uint8Array;
  readonly payloadType: number;
}

interface Segment {
  readonly payloadType: number;
  readonly chunker: Utf8Chunker;
}

export class OutputQueue {
  readonly #isText: boolean;
  #segments: Segment[] = [];
  #bytes = 0;

  /** @param isText false: bytes of a tunnel, of which nothing waits for what might belong to it */
  constructor(isText = true) {
    this.#isText = isText;
  }

  push(bytes: Uint8Array, payloadType: number): void {
    let last = this.#segments.at(-1);
    if (last?.payloadType !== payloadType) {
      last = { payloadType, chunker: new Utf8Chunker() };
      this.#segments.push(last);
    }
    last.chunker.push(bytes);
    this.#bytes += bytes.length;
  }

  get byteCount(): number {
    return this.#bytes;
  }

  /** The only thing left is the beginning of a character. */
  get holdsOnlyTail(): boolean {
    return this.#isText && this.#segments.length === 1 && this.#segments[0]?.chunker.holdsOnlyTail === true;
  }

  /** @returns the next piece; the beginning of a character at the very end stays until more comes, unless `withTail` */
  take(withTail: boolean): OutputPiece | undefined {
    const first = this.#segments[0];
    if (!first) return undefined;
    const mayHoldBack = this.#isText && this.#segments.length === 1 && !withTail;
    const bytes = mayHoldBack ? first.chunker.take() : first.chunker.takeRest();
    if (first.chunker.byteCount === 0) this.#segments.shift();
    if (!bytes) return undefined;
    this.#bytes -= bytes.length;
    return { bytes, payloadType: first.payloadType };
  }

  clear(): void {
    this.#segments = [];
    this.#bytes = 0;
  }
}
