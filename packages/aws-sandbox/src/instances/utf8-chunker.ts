/**
 * Cuts a stream of bytes into pieces for single messages, never inside a UTF-8 character.
 * Bytes that are no UTF-8 pass unchanged. Pure; the wait for an unfinished character is the caller's timer.
 */

/** As the real agent (data-channel.md §6.5). */
export const CHUNK_BYTES_MAX = 1024;

export class Utf8Chunker {
  #pending: Uint8Array[] = [];
  #bytes = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes);
    this.#bytes += bytes.length;
  }

  get byteCount(): number {
    return this.#bytes;
  }

  /** Only the beginning of a character is left: it goes out with `takeRest` when nothing follows soon. */
  get holdsOnlyTail(): boolean {
    return this.#bytes > 0 && this.#bytes <= 3 && wholeLength(this.#joined()) === 0;
  }

  /** @returns at most CHUNK_BYTES_MAX bytes that end with a whole character, or undefined when there is none */
  take(): Uint8Array | undefined {
    if (this.#bytes === 0) return undefined;
    const head = this.#peek();
    const length = wholeLength(head);
    if (length === 0) return undefined;
    this.#consume(length);
    return new Uint8Array(head.subarray(0, length)); // a copy: Buffer.slice would be a view
  }

  /** Like `take`, but an unfinished character at the end goes, too. */
  takeRest(): Uint8Array | undefined {
    const whole = this.take();
    if (whole || this.#bytes === 0) return whole;
    const rest = new Uint8Array(this.#joined());
    this.#consume(rest.length);
    return rest;
  }

  /** The first CHUNK_BYTES_MAX bytes, or what there is. */
  #peek(): Uint8Array {
    const first = this.#pending[0];
    if (first && (first.length >= CHUNK_BYTES_MAX || this.#pending.length === 1))
      return first.subarray(0, CHUNK_BYTES_MAX);
    return this.#joined().subarray(0, CHUNK_BYTES_MAX);
  }

  #joined(): Uint8Array {
    if (this.#pending.length > 1) this.#pending = [Buffer.concat(this.#pending)];
    return this.#pending[0] ?? new Uint8Array(0);
  }

  #consume(count: number): void {
    this.#bytes -= count;
    let left = count;
    while (left > 0) {
      const first = this.#pending[0];
      if (!first) return;
      if (first.length > left) {
        this.#pending[0] = first.subarray(left);
        return;
      }
      left -= first.length;
      this.#pending.shift();
    }
  }
}

/** How many bytes there are before a character that is not finished, if the end is such a one. */
export function wholeLength(bytes: Uint8Array): number {
  const end = bytes.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // continuation: look for its lead
    return sequenceLength(byte) > back ? end - back : end;
  }
  return end;
}

const sequenceLength = (lead: number): number => {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
};
