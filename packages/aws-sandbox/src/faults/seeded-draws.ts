/**
 * Draws that are a function of their place, not of how many were made before: what one session, rule or direction draws never
 * shifts what another one gets. Not for secrets.
 */

/** 0 <= n < 1, evenly. The same index always gives the same number. */
export type Draws = (index: number) => number;

/** @param key what the draws are for; different keys give independent draws */
export function seededDraws(seed: number, key: string): Draws {
  const start = mix(hashText(key) ^ mix(seed));
  return (index) => mix(mix(start ^ Math.imul(index + 1, 0x9e37_79b1)) + 0x85eb_ca6b) / 0x1_0000_0000;
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
