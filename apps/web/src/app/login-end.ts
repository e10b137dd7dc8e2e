/**
 * How the page learns that its login ended, and what it says. Two tell it: the websocket, at once and for whatever reason, and
 * the answer to the next request, also hours later, as long as the browser still has the cookie.
 */
import { isLoginEndCode, type LoginEndCode } from "@causeway/wire-contract/login-ends";
import type { Problem } from "@causeway/wire-contract/problem";

/** `login`: the server knows this browser no more; `credentials`: AWS refused them, and nobody said whose. */
export type SignInEnded = { of: "login"; problem: Problem } | { of: "credentials" };

/** Ends after which the shells go on, and wait for whoever began them. */
const KEEPS_SHELLS: ReadonlySet<string> = new Set<LoginEndCode>(["LOGIN_EXPIRED", "LOGIN_SIGNED_OUT"]);

/** The words of the strip above terminals whose login ended. @param allProven every name she had here is verified */
export function loginEndWords(
  { code, title, cause, remedy }: Pick<Problem, "code" | "title" | "cause" | "remedy">,
  allProven: boolean,
): { title: string; detail: string } {
  const limit =
    KEEPS_SHELLS.has(code) && !allProven ? "Where your name is unverified, another login cannot take them back." : "";
  return { title: `${title}.`, detail: [cause, remedy, limit].filter(Boolean).join(" ") };
}

export interface LoginEndDeps {
  /** Catalog words of a code, fetched when they are needed. */
  problemOf(code: LoginEndCode): Promise<Problem>;
  onEnded(problem: Problem): void;
  /** Of several identities some are gone, and the login goes on without them. */
  onPartlyEnded(problem: Problem): void;
}

/** Joins the two: of what they say, the more telling one stands, until somebody signs in. */
export class LoginEnd {
  readonly #deps: LoginEndDeps;
  #told: LoginEndCode | undefined;
  #isSaid = false;

  constructor(deps: LoginEndDeps) {
    this.#deps = deps;
  }

  /** The server said so and closes the websocket. Whether the login as such is over shows at the next request. */
  handleSocketRefused(code: string): void {
    if (isLoginEndCode(code)) this.#told = code;
  }

  /** A request was refused for lack of a login. Resolves when that is said. */
  async handleSignedOut(problem: Problem): Promise<void> {
    if (this.#isSaid) return;
    this.#isSaid = isLoginEndCode(problem.code);
    this.#deps.onEnded(problem);
    const told = this.#told;
    if (this.#isSaid || told === undefined) return;
    // another tab of this browser signed out: the cookie is gone, and the answer says nothing of what went before
    this.#isSaid = true;
    const why = await this.#deps.problemOf(told);
    if (this.#told === told) this.#deps.onEnded(why);
  }

  /** The websocket stands again: the login lives. Resolves when what is gone of it is said. */
  async handleSocketReady(): Promise<void> {
    const told = this.#told;
    this.handleSignedIn();
    if (told !== undefined) this.#deps.onPartlyEnded(await this.#deps.problemOf(told));
  }

  /** What was said is of before. */
  handleSignedIn(): void {
    this.#told = undefined;
    this.#isSaid = false;
  }
}
