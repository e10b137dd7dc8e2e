/**
 * The identities this page has acted with. After signing in anew the same person has another id: terminals that were
 * opened with the old one are shown, and started again, with the new one. Framework-free.
 */
import type { IdentityView, Me } from "@causeway/wire-contract/identity";
import { isSamePerson } from "../lib/identities.ts";

/** Ids remembered; beyond it the oldest that is not the login's any more is forgotten, and its tabs name the first identity. */
export const KNOWN_IDENTITIES_MAX = 200;

export class KnownIdentities {
  readonly #known = new Map<string, IdentityView>();
  #current: readonly IdentityView[] = [];

  /** With every answer about who is signed in. */
  learn(me: Me): void {
    this.#current = me.identities;
    for (const identity of me.identities) {
      this.#known.delete(identity.id); // to the end: the newest is forgotten last
      this.#known.set(identity.id, identity);
    }
    for (const id of this.#known.keys()) {
      if (this.#known.size <= KNOWN_IDENTITIES_MAX) break;
      this.#known.delete(id);
    }
  }

  /**
   * The identity that acts for whoever had this id.
   * @param id absent: the login's first
   * @returns undefined: the login does not have her (any more)
   */
  now(id: string | undefined): IdentityView | undefined {
    if (id === undefined) return this.#current[0];
    const known = this.#known.get(id);
    return (
      this.#current.find((one) => one.id === id) ??
      (known && this.#current.find((one) => isSamePerson(one.person, known.person)))
    );
  }

  /** Others of the login that may reach the same account. @param id as for `now` */
  othersOf(id: string | undefined): readonly IdentityView[] {
    const account = this.shown(id)?.person.account;
    const actor = this.now(id)?.id;
    return this.#current.filter((one) => one.id !== actor && one.person.account === account && one.state !== "expired");
  }

  /** As `now`; of somebody the login does not have any more, what was known last. */
  shown(id: string | undefined): IdentityView | undefined {
    return this.now(id) ?? (id === undefined ? undefined : this.#known.get(id));
  }
}
