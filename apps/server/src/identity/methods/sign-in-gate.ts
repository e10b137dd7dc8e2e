import type { IssuedLogin, Login } from "../logins.ts";
import type { ActContext } from "../sign-in.ts";
import type { SignedIn, SignInMethod, SignInMode } from "../signed-in-identity.ts";

/** Who signs in from where, and what becomes of the login she has. */
export interface SignInAct {
  previous: Login | undefined;
  how: SignInMode;
  context: ActContext;
}

/** Through which every way of signing in goes: limits per address, the audit lines, the login. Implemented by SignIn. */
export interface SignInGate {
  /**
   * @param prove finds out who she is and fetches her credentials; what it throws is audited as a refusal
   * @throws CatalogError RATE_LIMITED, what `prove` throws, what the logins refuse
   */
  enter(way: SignInMethod, act: SignInAct, prove: () => Promise<SignedIn>): Promise<IssuedLogin>;
}
