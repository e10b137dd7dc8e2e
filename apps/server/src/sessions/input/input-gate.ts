/**
 * Whether input may pass while the session's log takes nothing (architecture §8): it is refused until the person confirms
 * that she wants to type without a net, and stored again as soon as the disk takes it. Pure bookkeeping.
 *
 * What is refused is not counted as taken: its page keeps it, and sends it again, or not, when the gate opens. Until a page
 * has heard of the refusal it goes on numbering; those bytes come too early and are passed over, not called a gap.
 */
import type { InputStorage } from "@causeway/wire-contract/terminal-messages";

/** Whoever types; only told apart. */
type Typist = object;

export class InputGate {
  #isDurable: boolean;
  #isConfirmed = false;
  /** Typists whose newest bytes were refused, so that what follows them begins too late. */
  #behind = new WeakSet<Typist>();

  constructor(isDurable: boolean) {
    this.#isDurable = isDurable;
  }

  get isDurable(): boolean {
    return this.#isDurable;
  }
  get state(): InputStorage {
    if (this.#isDurable) return "stored";
    return this.#isConfirmed ? "without-net" : "refused";
  }

  /** @returns false: that was known. A confirmation holds until the log is durable again. */
  handleDurable(isDurable: boolean): boolean {
    if (isDurable === this.#isDurable) return false;
    this.#isDurable = isDurable;
    this.#isConfirmed = false;
    return true;
  }

  /** @returns false: nothing changed; while the log is durable there is nothing to confirm */
  confirm(isConfirmed: boolean): boolean {
    if (this.#isDurable || isConfirmed === this.#isConfirmed) return false;
    this.#isConfirmed = isConfirmed;
    return true;
  }

  /** @returns true: these bytes are not taken */
  refuses(typist: Typist): boolean {
    if (this.state !== "refused") return false;
    this.#behind.add(typist);
    return true;
  }

  /** Bytes begin beyond what was taken. @returns true: they follow refused ones, and are refused with them */
  refusesGap(typist: Typist): boolean {
    return this.#behind.has(typist);
  }

  /** Bytes begin where they should. */
  handleTaken(typist: Typist): void {
    this.#behind.delete(typist);
  }
}
