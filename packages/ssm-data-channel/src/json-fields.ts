/**
 * Reads JSON the way the real ends' Go does (data-channel.md §0.2): keys in any case, unknown keys ignored, missing and null
 * fields zero values, the last of several spellings wins. A field of the wrong kind makes the whole text unreadable, as in
 * Go. Hostile input: nothing here throws, nesting and length are bounded, and no key of the peer is ever
 * used to write a property of an object of ours.
 */
import { base64Decode } from "./base64.ts";
import { utf8Decode } from "./utf8.ts";

/** Longer texts are unreadable. The longest real one, agent_job, holds at most 120,000 bytes of content (§13.6). */
export const JSON_BYTES_MAX = 1024 * 1024;
/** Deeper texts are unreadable: real ones nest about 6 deep, and whoever walks the value may do so by recursion. */
export const JSON_DEPTH_MAX = 64;

export type JsonObject = { readonly [key: string]: unknown };

/** @returns the value of a JSON text, without keys named `__proto__`; undefined when it is not JSON or beyond a bound */
export function parseJson(source: Uint8Array | string): unknown {
  if (source.length > JSON_BYTES_MAX) return undefined;
  const text = typeof source === "string" ? source : utf8Decode(source);
  if (isDeeperThan(text, JSON_DEPTH_MAX)) return undefined;
  try {
    // A copy by assignment of an object with such a key would change the copy's prototype.
    return JSON.parse(text, (key: string, value: unknown) => (key === "__proto__" ? undefined : value));
  } catch {
    return undefined; // not JSON: what is wrong with it is the peer's secret, the text may hold a token
  }
}

/** @returns the fields of a JSON object, or undefined when the source holds none; `null` is an object without fields */
export function parseFields(source: Uint8Array | string): JsonFields | undefined {
  const value = parseJson(source);
  if (value === null) return new JsonFields({});
  return isJsonObject(value) ? new JsonFields(value) : undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The fields of one object, by name in any case. Each getter gives the zero value when the field is missing or null, and
 * also when it is of the wrong kind; then `isMistyped` is true afterwards.
 */
export class JsonFields {
  #values = new Map<string, unknown>();
  #mistyped = false;

  constructor(object: JsonObject) {
    for (const [key, value] of Object.entries(object)) if (value !== null) this.#values.set(foldCase(key), value);
  }

  /** A field that was asked for had a value of the wrong kind. */
  get isMistyped(): boolean {
    return this.#mistyped;
  }

  text(name: string): string {
    return this.#get(name, "", (value) => (typeof value === "string" ? value : undefined));
  }

  boolean(name: string): boolean {
    return this.#get(name, false, (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** For fields that documents write as true or as "true" (data-channel.md §11). */
  booleanOrText(name: string): boolean {
    return this.#get(name, false, (value) => {
      if (typeof value === "string") return value.toLowerCase() === "true";
      return typeof value === "boolean" ? value : undefined;
    });
  }

  /** An integer between the bounds, inclusive; beyond 2^53 rounded to what a JavaScript number can hold. */
  integer(name: string, min: number, max: number): number {
    return this.#get(name, 0, (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
    );
  }

  /** For texts that others write as numbers and nobody here depends on; anything else is "". */
  textOrNumber(name: string): string {
    return this.#get(name, "", (value) =>
      typeof value === "string" || typeof value === "number" ? String(value) : "",
    );
  }

  /** A byte slice: base64 text. */
  bytes(name: string): Uint8Array {
    return this.#get(name, new Uint8Array(0), (value) => (typeof value === "string" ? base64Decode(value) : undefined));
  }

  object(name: string): JsonFields {
    return this.#get(name, new JsonFields({}), (value) => (isJsonObject(value) ? new JsonFields(value) : undefined));
  }

  list(name: string): readonly unknown[] {
    return this.#get<readonly unknown[]>(name, [], (value) => (Array.isArray(value) ? value : undefined));
  }

  textList(name: string): string[] {
    return this.#get<string[]>(name, [], (value) =>
      Array.isArray(value) && value.every((entry) => typeof entry === "string") ? value : undefined,
    );
  }

  /** Any value, for fields whose meaning is somebody else's; undefined when missing or null. */
  any(name: string): unknown {
    return this.#values.get(foldCase(name));
  }

  #get<T>(name: string, zero: T, convert: (value: unknown) => T | undefined): T {
    const value = this.#values.get(foldCase(name));
    if (value === undefined) return zero;
    const converted = convert(value);
    if (converted === undefined) this.#mistyped = true;
    return converted ?? zero;
  }
}

/** Go folds two letters beyond ASCII onto ASCII ones: the long s and the Kelvin sign. */
function foldCase(key: string): string {
  return key.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

/** Counts brackets outside of strings; right for every text that is JSON, and harmless for all others. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > depthMax) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}
