/**
 * What the shells of sandbox machines received, kept for tests and for the curious.
 * Written by the machines, read through the gateway. Never logged: these are keystrokes.
 */

export const JOURNAL_BYTES_MAX = 64 * 1024;
/** One entry costs more than its bytes; single keys must not grow the journal without end. */
export const JOURNAL_CHUNKS_MAX = 8_192;
/** Sessions remembered; the one that was first written to goes first. */
export const JOURNAL_SESSIONS_MAX = 256;

export interface InputChunk {
  readonly sequenceNumber?: number;
  readonly bytes: Uint8Array;
}

interface Journal {
  chunks: InputChunk[];
  bytes: number;
}

/** Per session the last JOURNAL_BYTES_MAX bytes of input, in order; at the bound the oldest chunks go. */
export class InputJournal {
  #journals = new Map<string, Journal>();

  record(sessionId: string, chunk: InputChunk): void {
    const journal = this.#journals.get(sessionId) ?? this.#open(sessionId);
    journal.chunks.push({ ...chunk, bytes: chunk.bytes.slice(-JOURNAL_BYTES_MAX) });
    journal.bytes += Math.min(chunk.bytes.length, JOURNAL_BYTES_MAX);
    while (journal.bytes > JOURNAL_BYTES_MAX || journal.chunks.length > JOURNAL_CHUNKS_MAX)
      journal.bytes -= journal.chunks.shift()?.bytes.length ?? 0;
  }

  read(sessionId: string): readonly InputChunk[] {
    return [...(this.#journals.get(sessionId)?.chunks ?? [])];
  }

  #open(sessionId: string): Journal {
    const journal: Journal = { chunks: [], bytes: 0 };
    this.#journals.set(sessionId, journal);
    if (this.#journals.size > JOURNAL_SESSIONS_MAX) {
      const first = this.#journals.keys().next().value;
      if (first !== undefined) this.#journals.delete(first);
    }
    return journal;
  }
}
