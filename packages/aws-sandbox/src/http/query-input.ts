// Reads the form parameters of the query protocol: `Filter.1.Name=…&Filter.1.Value.1=…`.
import { AwsError } from "./aws-error.ts";

/** EC2 refuses more than 200 values per filter; ids may be up to 1,000. */
const LIST_ITEMS_MAX = 1_000;

export interface QueryFilter {
  name: string;
  values: string[];
}

export class QueryInput {
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(body: Uint8Array) {
    this.#parameters = new Map(new URLSearchParams(new TextDecoder().decode(body)));
  }

  get action(): string {
    return this.text("Action") ?? "";
  }

  get version(): string {
    return this.text("Version") ?? "";
  }

  text(name: string): string | undefined {
    return this.#parameters.get(name);
  }

  /** @returns the values of `prefix.1`, `prefix.2`, … in order of number; numbers may be missing */
  texts(prefix: string): string[] {
    return this.#indexes(prefix).flatMap((index) => this.text(`${prefix}.${index}`) ?? []);
  }

  /** @returns the values of `name.member.1`, …: how all query services but EC2 write a list */
  members(name: string): string[] {
    return this.texts(`${name}.member`);
  }

  /** @returns the beginnings of the names of each structure in a list, e.g. `ContextEntries.member.1` */
  memberPrefixes(name: string): string[] {
    return this.#indexes(`${name}.member`).map((index) => `${name}.member.${index}`);
  }

  filters(): QueryFilter[] {
    return this.#indexes("Filter").map((index) => ({
      name: this.text(`Filter.${index}.Name`) ?? "",
      values: this.texts(`Filter.${index}.Value`),
    }));
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  /** @throws AwsError InvalidParameterValue when the text is not a whole number */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^-?\d{1,9}$/.test(text))
      throw new AwsError("InvalidParameterValue", `Invalid value '${text.slice(0, 64)}' for ${name}. Not a number.`);
    return Number(text);
  }

  #indexes(prefix: string): number[] {
    const indexes = new Set<number>();
    for (const name of this.#parameters.keys()) {
      if (!name.startsWith(`${prefix}.`)) continue;
      const digits = /^\d{1,6}/.exec(name.slice(prefix.length + 1));
      if (digits) indexes.add(Number(digits[0]));
    }
    if (indexes.size > LIST_ITEMS_MAX)
      throw new AwsError("InvalidParameterValue", `The maximum number of values for ${prefix} is ${LIST_ITEMS_MAX}.`);
    return [...indexes].sort((a, b) => a - b);
  }
}
