/** Reads one object of a fault plan: every member is checked against its bounds, and a member nobody asked for is refused. */

/** For the one who wrote the plan: names the place and what is wanted there. */
export class FaultPlanError extends Error {
  constructor(at: string, problem: string) {
    super(`${at === "" ? "the plan" : at}: ${problem}`);
    this.name = "FaultPlanError";
  }
}

interface NumberBounds {
  min: number;
  max: number;
  /** Default: whole numbers only. */
  fraction?: true;
}

export class PlanObject {
  readonly at: string;
  readonly #members: Map<string, unknown>;

  /** @throws FaultPlanError */
  constructor(value: unknown, at: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new FaultPlanError(at, "an object is wanted");
    this.at = at;
    this.#members = new Map(Object.entries(value));
  }

  number(name: string, bounds: NumberBounds): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const fits = typeof value === "number" && value >= bounds.min && value <= bounds.max;
    if (!fits || (!bounds.fraction && !Number.isInteger(value)))
      throw this.problem(
        name,
        `a${bounds.fraction ? "" : " whole"} number from ${bounds.min} to ${bounds.max} is wanted`,
      );
    return value;
  }

  text(name: string, charsMax: number): string | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string" || value === "" || value.length > charsMax)
      throw this.problem(name, `a text of 1 to ${charsMax} characters is wanted`);
    return value;
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw this.problem(name, `one of ${choices.join(", ")} is wanted`);
    return choice;
  }

  /** @returns whether it is there and true */
  flag(name: string): boolean {
    const value = this.#take(name);
    if (value !== undefined && typeof value !== "boolean") throw this.problem(name, "true or false is wanted");
    return value === true;
  }

  object<Result>(name: string, read: (object: PlanObject) => Result): Result | undefined {
    const value = this.#take(name);
    return value === undefined ? undefined : readObject(value, this.#path(name), read);
  }

  list<Result>(name: string, itemsMax: number, read: (object: PlanObject) => Result): Result[] {
    const value = this.#take(name);
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > itemsMax)
      throw this.problem(name, `a list of at most ${itemsMax} is wanted`);
    return value.map((item, index) => readObject(item, `${this.#path(name)}[${index}]`, read));
  }

  required<Value>(name: string, value: Value | undefined): Value {
    if (value === undefined) throw this.problem(name, "is needed");
    return value;
  }

  problem(name: string, text: string): FaultPlanError {
    return new FaultPlanError(this.#path(name), text);
  }

  /** @throws FaultPlanError when a member is left that nobody read */
  check(): void {
    const [stray] = this.#members.keys();
    if (stray !== undefined) throw new FaultPlanError(this.at, `"${stray.slice(0, 64)}" is not known here`);
  }

  #take(name: string): unknown {
    const value = this.#members.get(name);
    this.#members.delete(name);
    return value;
  }

  #path(name: string): string {
    return this.at === "" ? name : `${this.at}.${name}`;
  }
}

export function readObject<Result>(value: unknown, at: string, read: (object: PlanObject) => Result): Result {
  const object = new PlanObject(value, at);
  const result = read(object);
  object.check();
  return result;
}
