/** Which interactive_shell messages an agent takes: each session once, and so many at a time. */

/** As the real agent's workers (aws-facts.md §1). */
export const SESSIONS_MAX = 1_000;
/** Session ids remembered: an interactive_shell that comes twice starts one shell. At the bound the oldest is forgotten. */
export const KNOWN_SESSIONS_MAX = 4_096;

export class SessionIntake {
  readonly #known = new Set<string>();

  /**
   * @param running sessions of this agent at the moment
   * @returns `repeated`: it was taken or refused before, nothing is to be done; `full`: it is to be refused
   */
  take(sessionId: string, running: number): "new" | "repeated" | "full" {
    if (this.#known.has(sessionId)) return "repeated";
    this.#known.add(sessionId);
    const oldest = this.#known.values().next().value;
    if (this.#known.size > KNOWN_SESSIONS_MAX && oldest !== undefined) this.#known.delete(oldest);
    return running < SESSIONS_MAX ? "new" : "full";
  }
}
