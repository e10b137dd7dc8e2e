/** The identities of a login as a page speaks of them: words, colours, which are shown. Pure. */
import type { IdentityView, Me, PersonView, Region } from "@causeway/wire-contract/identity";
import type { Environment } from "./environment.ts";

/** Where and as whom a terminal runs, as tab and pane say it. */
export interface IdentityLook {
  name: string;
  role: string;
  /** The account's name, or its number. */
  account: string;
  /** What the server's configuration calls the account, if it does. */
  environment: Environment | undefined;
}

/** The one that a question means when it names none. @throws Error never with an answer of the server: there is one */
export function firstIdentity(me: Me): IdentityView {
  const [first] = me.identities;
  if (first === undefined) throw new Error("a login without an identity");
  return first;
}

export function accountWord({ accountName, person }: Pick<IdentityView, "accountName" | "person">): string {
  return accountName ?? person.account;
}

/** "SRE-Operator in harbor-prod", "dana (IAM user) in 111122223333". */
export function identityTitle(identity: IdentityView): string {
  const { name, role } = identity.person;
  return `${role === "IAM user" ? `${name} (IAM user)` : role} in ${accountWord(identity)}`;
}

export function environmentOfAccount({ environment }: Pick<IdentityView, "environment">): Environment | undefined {
  // the name of the setting is the account's: the word beside it says what the colour says
  return environment && environment.colour !== "none"
    ? { colour: environment.colour, word: environment.colour }
    : undefined;
}

export function lookOf(identity: IdentityView): IdentityLook {
  const { name, role } = identity.person;
  return { name, role, account: accountWord(identity), environment: environmentOfAccount(identity) };
}

/** The same person in the same role, also under the id of another login. */
export function isSamePerson(one: PersonView, other: PersonView): boolean {
  return one.account === other.account && one.userId === other.userId && one.role === other.role;
}

/** @param asked ids with commas between, as the address has them. @returns those of them that the login has; none: all */
export function shownIdentities(me: Me, asked: string | undefined): readonly IdentityView[] {
  const ids = asked?.split(",") ?? [];
  const shown = me.identities.filter(({ id }) => ids.includes(id));
  return shown.length === 0 ? me.identities : shown;
}

/** Every region that one of them may choose, each once. */
export function regionsOf(identities: readonly IdentityView[]): Region[] {
  const regions = new Map(identities.flatMap((identity) => identity.regions.map((region) => [region.id, region])));
  return [...regions.values()];
}

/** What tells several identities apart in a row, by id: the account, and of one account the role. Of one identity: nothing. */
export function wordsOfIdentities(identities: readonly IdentityView[]): ReadonlyMap<string, string> {
  if (identities.length < 2) return new Map();
  const counts = new Map<string, number>();
  for (const { person } of identities) counts.set(person.account, (counts.get(person.account) ?? 0) + 1);
  const isOneAccount = counts.size === 1;
  return new Map(
    identities.map((identity) => {
      const shares = (counts.get(identity.person.account) ?? 0) > 1;
      const words = [...(isOneAccount ? [] : [accountWord(identity)]), ...(shares ? [identity.person.role] : [])];
      return [identity.id, words.join(" ")];
    }),
  );
}
