/**
 * SHA-256 (FIPS 180-4) in plain JavaScript, for hosts without a native one and for short acknowledgements:
 * below about 200 bytes it is faster than the call into a native library, above some 300 bytes slower.
 */

/** @returns the 32-byte SHA-256 of `data` */
export type Sha256 = (data: Uint8Array) => Uint8Array;
/** The same to compare with: as bytes, or as 64 lower-case hex digits. */
export type Digest = (data: Uint8Array) => Uint8Array | string;

/** The state after a prefix of whole 64-byte blocks; many digests can start from it. */
export interface Sha256Midstate {
  readonly words: Int32Array;
  readonly prefixBytes: number;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Offset in the last block at which the 64-bit message length stands. */
const LENGTH_OFFSET = 56;

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
/** The initial hash value (FIPS 180-4 §5.3.3). */
const INITIAL: Sha256Midstate = {
  words: new Int32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]),
  prefixBytes: 0,
};

// Scratch space shared by all calls: nothing here is asynchronous, so no two digests are ever under way at once.
const schedule = new Int32Array(64);
const state = new Int32Array(8);
const tail = new Uint8Array(2 * BLOCK_BYTES);

export function sha256(data: Uint8Array): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES);
  sha256Continue(INITIAL, data, 0, digest, 0);
  return digest;
}

/**
 * Hashes a prefix once, for all the messages that begin with it.
 *
 * @param prefix whole blocks: a multiple of 64 bytes
 * @param from the state to go on from; the beginning of a message when left out
 * @throws RangeError when the prefix is no multiple of 64 bytes long
 */
export function sha256Midstate(prefix: Uint8Array, from: Sha256Midstate = INITIAL): Sha256Midstate {
  if (prefix.length % BLOCK_BYTES !== 0) throw new RangeError("a SHA-256 midstate exists after whole blocks only");
  state.set(from.words);
  for (let offset = 0; offset < prefix.length; offset += BLOCK_BYTES) compress(prefix, offset);
  return { words: state.slice(), prefixBytes: from.prefixBytes + prefix.length };
}

/**
 * Writes the 32-byte digest of (the midstate's prefix followed by `data` from `dataOffset` to its end) into `target` at
 * `targetOffset`. Both may be the same array: the digest is written last.
 */
export function sha256Continue(
  from: Sha256Midstate,
  data: Uint8Array,
  dataOffset: number,
  target: Uint8Array,
  targetOffset: number,
): void {
  state.set(from.words);
  const restBytes = data.length - dataOffset;
  const leftBytes = restBytes % BLOCK_BYTES;
  const leftOffset = data.length - leftBytes;
  for (let offset = dataOffset; offset < leftOffset; offset += BLOCK_BYTES) compress(data, offset);

  // Padding: one bit, zeros, then the length in bits as 64-bit number at the end of a block.
  const tailBytes = leftBytes < LENGTH_OFFSET ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  for (let index = 0; index < leftBytes; index++) tail[index] = data[leftOffset + index] as number;
  tail[leftBytes] = 0x80;
  for (let index = leftBytes + 1; index < tailBytes; index++) tail[index] = 0;
  const totalBytes = from.prefixBytes + restBytes;
  writeWord(tail, tailBytes - 8, Math.floor(totalBytes / 0x2000_0000));
  writeWord(tail, tailBytes - 4, totalBytes << 3);
  compress(tail, 0);
  if (tailBytes > BLOCK_BYTES) compress(tail, BLOCK_BYTES);

  for (let index = 0; index < 8; index++) writeWord(target, targetOffset + 4 * index, state[index] as number);
}

function writeWord(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word >>> 24;
  bytes[offset + 1] = word >>> 16;
  bytes[offset + 2] = word >>> 8;
  bytes[offset + 3] = word;
}

/** One round of the compression function over the block at `offset` (FIPS 180-4 §6.2.2). Typed array reads are in range. */
function compress(block: Uint8Array, offset: number): void {
  for (let t = 0, at = offset; t < 16; t++, at += 4)
    schedule[t] =
      ((block[at] as number) << 24) |
      ((block[at + 1] as number) << 16) |
      ((block[at + 2] as number) << 8) |
      (block[at + 3] as number);
  for (let t = 16; t < 64; t++) {
    const w15 = schedule[t - 15] as number;
    const w2 = schedule[t - 2] as number;
    const sigma0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
    const sigma1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
    schedule[t] = (sigma1 + (schedule[t - 7] as number) + sigma0 + (schedule[t - 16] as number)) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choose = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choose + (K[t] as number) + (schedule[t] as number)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}
