/**
 * Imported before the graphemes addon, for its effect: while Node loads the addon, small Buffers come from no shared pool.
 * The addon (0.4.0, src/third-party/unicode-trie.ts) reads its table from the start of the Buffer's memory, wherever in the
 * pool the Buffer itself begins; with anything else in the pool before it, loading fails with "Data error".
 */
const { Buffer: nodeBuffer } = globalThis as { Buffer?: { poolSize: number } };
const poolSize = nodeBuffer?.poolSize ?? 0;
if (nodeBuffer) nodeBuffer.poolSize = 0;

/** Called when the addon is loaded. */
export function restoreBufferPool(): void {
  if (nodeBuffer) nodeBuffer.poolSize = poolSize;
}
