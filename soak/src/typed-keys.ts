/**
 * What one page typed, and what became of each key as far as the page was told: the account that the machine's output is
 * held against. Pure bookkeeping by byte offset of the page's input stream.
 */

interface TypedKey {
  /** As the program says it; undefined: not a key of the program (the command that starts it, the last key). */
  name: string | undefined;
  bytes: number;
}

export class TypedKeys {
  /** Typed and not known to be stored, oldest first; the first one begins at `#storedBytes`. */
  #pending: TypedKey[] = [];
  #storedBytes = 0;
  readonly #wanted: string[] = [];
  #acknowledged = 0;
  #dropped = 0;
  readonly #problems: string[] = [];

  typed(name: string | undefined, bytes: number): void {
    this.#pending.push({ name, bytes });
    if (name !== undefined) this.#wanted.push(name);
  }

  /** The server says that everything below this offset is stored; `isAttach`: it says so on a new connection. */
  handleStored(offset: number, isAttach: boolean): void {
    if (isAttach && offset < this.#storedBytes)
      this.#problems.push(`the server forgot stored input: it said ${this.#storedBytes}, then ${offset}`);
    while (this.#pending[0] !== undefined && this.#storedBytes + this.#pending[0].bytes <= offset) {
      const key = this.#pending.shift() as TypedKey;
      this.#storedBytes += key.bytes;
      if (key.name !== undefined) this.#acknowledged++;
    }
  }

  /** The page did not take the newest key. */
  handleRefused(): void {
    const key = this.#pending.pop();
    if (key?.name !== undefined) this.#wanted.pop();
  }

  /** The person chose to forget what was not sent: none of it may ever arrive. */
  handleDropped(): void {
    const gone = this.#pending.filter(({ name }) => name !== undefined).length;
    this.#wanted.splice(this.#wanted.length - gone, gone);
    this.#pending = [];
    this.#dropped += gone;
  }

  /** Names of all keys that were typed and not dropped, in order. */
  get wanted(): readonly string[] {
    return this.#wanted;
  }
  /** How many of them, from the first, the page was told are stored. */
  get acknowledged(): number {
    return this.#acknowledged;
  }
  get dropped(): number {
    return this.#dropped;
  }
  /** Something that is no key of the program waits to be stored. */
  get isCommandPending(): boolean {
    return this.#pending.some(({ name }) => name === undefined);
  }
  get isAllStored(): boolean {
    return this.#pending.length === 0;
  }
  get problems(): readonly string[] {
    return this.#problems;
  }
}
