/** Telling bytes from anything else, for input of which nothing is known. */

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);
const getter = (key: PropertyKey) =>
  Object.getOwnPropertyDescriptor(typedArrayPrototype, key)?.get as (this: unknown) => unknown;
const nameOf = getter(Symbol.toStringTag);
const bufferOf = getter("buffer") as (this: unknown) => ArrayBufferLike;
const byteOffsetOf = getter("byteOffset") as (this: unknown) => number;
const byteLengthOf = getter("byteLength") as (this: unknown) => number;

/**
 * Asks the engine, not the object: right for values of other realms and for proxies, and no property that a subclass
 * overrides is touched.
 *
 * @returns a plain view of the same bytes, or undefined when the value is no Uint8Array. Never throws; a detached buffer
 * gives no bytes.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (nameOf.call(value) !== "Uint8Array") return undefined;
  if (isPlain(value as Uint8Array)) return value as Uint8Array; // a flood's frames are: a view costs as much as its checks
  const length = byteLengthOf.call(value);
  return length === 0 ? new Uint8Array(0) : new Uint8Array(bufferOf.call(value), byteOffsetOf.call(value), length);
}

/** Of no subclass, whose properties might be others: to be used as it is. */
function isPlain(bytes: Uint8Array): boolean {
  return Object.getPrototypeOf(bytes) === Uint8Array.prototype;
}
