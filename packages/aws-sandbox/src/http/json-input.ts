// Reads the members of a JSON 1.1 request and collects what is wrong with them, so that the refusal reads like AWS's own:
// "2 validation errors detected: Value … at 'target' failed to satisfy constraint: …; …". Unknown members are ignored, as AWS does.
import { AwsError } from "./aws-error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws AwsError SerializationException when the body is not a JSON object */
export function parseJsonBody(body: Uint8Array): JsonInput {
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new AwsError("SerializationException", "Could not parse the request body as JSON");
  }
  if (!isJsonObject(value)) throw new AwsError("SerializationException", "Start of structure or map expected");
  return new JsonInput(value, "", []);
}

export interface TextConstraint {
  charsMin?: number;
  charsMax?: number;
  pattern?: RegExp;
  oneOf?: readonly string[];
}

export class JsonInput {
  readonly #object: JsonObject;
  readonly #path: string;
  readonly #violations: string[];

  constructor(object: JsonObject, path: string, violations: string[]) {
    this.#object = object;
    this.#path = path;
    this.#violations = violations;
  }

  /** undefined: absent, or wrong (then `check` will say so). */
  text(member: string, constraint: TextConstraint = {}): string | undefined {
    const value = this.#member(member);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw wrongType("STRING_VALUE", value);
    return this.#checkText(value, this.#at(member), constraint) ? value : undefined;
  }

  /** @returns "" when it is absent or wrong; call `check` before using it */
  requiredText(member: string, constraint: TextConstraint = {}): string {
    if (this.#member(member) === undefined)
      this.#violations.push(
        `Value null at '${this.#at(member)}' failed to satisfy constraint: Member must not be null`,
      );
    return this.text(member, constraint) ?? "";
  }

  integer(member: string, bounds: { min: number; max: number }): number | undefined {
    const value = this.#member(member);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType("NUMBER_VALUE", value);
    const side =
      value < bounds.min
        ? `greater than or equal to ${bounds.min}`
        : value > bounds.max
          ? `less than or equal to ${bounds.max}`
          : undefined;
    if (side === undefined) return value;
    this.#violate(String(value), this.#at(member), `Member must have value ${side}`);
    return undefined;
  }

  /** A moment, as JSON 1.1 has it: seconds since the epoch, with a fraction or without. @returns milliseconds since the epoch */
  timeMs(member: string): number | undefined {
    const value = this.#member(member);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType("TIMESTAMP", value);
    return Math.round(value * 1_000);
  }

  /** @returns each element; [] when absent */
  objects(member: string, bounds: { min: number; max: number }): JsonInput[] {
    return this.#list(member, bounds).map((value, index) => {
      if (!isJsonObject(value)) throw wrongType("STRUCTURE", value);
      return new JsonInput(value, `${this.#at(member)}.${index + 1}.member.`, this.#violations);
    });
  }

  texts(member: string, bounds: { min: number; max: number }, constraint: TextConstraint = {}): string[] {
    return this.#list(member, bounds).map((value, index) => {
      if (typeof value !== "string") throw wrongType("STRING_VALUE", value);
      this.#checkText(value, `${this.#at(member)}.${index + 1}.member`, constraint);
      return value;
    });
  }

  /** A map of name to list of text. */
  textLists(member: string, valueCharsMax: number): Record<string, string[]> {
    const value = this.#member(member);
    if (value === undefined) return {};
    if (!isJsonObject(value)) throw wrongType("STRUCTURE", value);
    const map = new JsonInput(value, `${this.#at(member)}.`, this.#violations);
    // No prototype: a parameter may be called anything.
    const result: Record<string, string[]> = Object.create(null);
    for (const name of Object.keys(value))
      result[name] = map.texts(name, { min: 0, max: LIST_ITEMS_MAX }, { charsMax: valueCharsMax });
    return result;
  }

  /** A map of name to text; empty when absent. */
  textMap(member: string): Record<string, string> {
    const value = this.#member(member);
    if (value === undefined) return {};
    if (!isJsonObject(value)) throw wrongType("STRUCTURE", value);
    const map = new JsonInput(value, `${this.#at(member)}.`, this.#violations);
    const result: Record<string, string> = Object.create(null);
    for (const name of Object.keys(value)) result[name] = map.text(name) ?? "";
    return result;
  }

  /** false: absent. */
  flag(member: string): boolean {
    const value = this.#member(member);
    if (value !== undefined && typeof value !== "boolean") throw wrongType("BOOLEAN_VALUE", value);
    return value === true;
  }

  has(member: string): boolean {
    return this.#member(member) !== undefined;
  }

  /** @throws AwsError ValidationException with all that was found wrong so far */
  check(): void {
    const count = this.#violations.length;
    if (count > 0)
      throw new AwsError(
        "ValidationException",
        `${count} validation error${count === 1 ? "" : "s"} detected: ${this.#violations.join("; ")}`,
      );
  }

  #list(member: string, { min, max }: { min: number; max: number }): readonly unknown[] {
    const value = this.#member(member);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw wrongType("COLLECTION", value);
    const side =
      value.length < min
        ? `greater than or equal to ${min}`
        : value.length > max
          ? `less than or equal to ${max}`
          : undefined;
    if (side === undefined) return value;
    this.#violate(`[${value.length} members]`, this.#at(member), `Member must have length ${side}`);
    return [];
  }

  #checkText(
    value: string,
    at: string,
    { charsMin = 0, charsMax = Infinity, pattern, oneOf }: TextConstraint,
  ): boolean {
    const before = this.#violations.length;
    if (value.length < charsMin)
      this.#violate(value, at, `Member must have length greater than or equal to ${charsMin}`);
    if (value.length > charsMax) this.#violate(value, at, `Member must have length less than or equal to ${charsMax}`);
    if (oneOf && !oneOf.includes(value))
      this.#violate(value, at, `Member must satisfy enum value set: [${oneOf.join(", ")}]`);
    if (pattern && !pattern.test(value))
      this.#violate(value, at, `Member must satisfy regular expression pattern: ${pattern.source}`);
    return this.#violations.length === before;
  }

  #violate(value: string, at: string, constraint: string): void {
    this.#violations.push(
      `Value '${value.slice(0, SHOWN_CHARS_MAX)}' at '${at}' failed to satisfy constraint: ${constraint}`,
    );
  }

  /** AWS names members in lower camel case here. */
  #at(member: string): string {
    return this.#path + member.charAt(0).toLowerCase() + member.slice(1);
  }

  /** null is the same as absent. Own members only: a request may not reach Object.prototype. */
  #member(name: string): unknown {
    const value = Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
    return value === null ? undefined : value;
  }
}

/** Bounds what one refusal repeats of the caller's own text. */
const SHOWN_CHARS_MAX = 512;
/** Beyond any list the supported calls take. */
const LIST_ITEMS_MAX = 200;

const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function wrongType(expected: string, value: unknown): AwsError {
  const actual = Array.isArray(value)
    ? "COLLECTION"
    : typeof value === "object"
      ? "STRUCTURE"
      : `${typeof value}`.toUpperCase();
  return new AwsError(
    "SerializationException",
    `${actual}_VALUE can not be converted to ${expected}`.replace("_VALUE_VALUE", "_VALUE"),
  );
}
