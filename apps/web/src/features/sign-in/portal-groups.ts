/** Which accounts the picker shows, in which order. Pure. */
import type { PortalAccount } from "@causeway/wire-contract/identity-center";
import type { PortalMemory } from "./portal-memory.ts";

export interface AccountGroup {
  title: "Favourites" | "Recent" | "All accounts";
  accounts: readonly PortalAccount[];
}

const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Every word must be in the account's name or id, or in the name of a role there. */
export function matchesWords({ id, name, roles = [] }: PortalAccount, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = [name, id, ...roles].join(" ").toLowerCase();
  return words.every((word) => haystack.includes(word));
}

/** An account stands in the first group that it belongs to. */
export function groupAccounts(accounts: readonly PortalAccount[], memory: PortalMemory, text: string): AccountGroup[] {
  const left = new Map(
    accounts
      .filter((account) => matchesWords(account, text))
      .toSorted((a, b) => natural.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
      .map((account) => [account.id, account]),
  );
  const take = (ids: readonly string[]): PortalAccount[] =>
    ids.flatMap((id) => {
      const account = left.get(id);
      left.delete(id);
      return account === undefined ? [] : [account];
    });
  const groups: AccountGroup[] = [
    { title: "Favourites", accounts: take(memory.favourites.map(({ accountId }) => accountId)) },
    { title: "Recent", accounts: take(memory.recents.map(({ accountId }) => accountId)) },
    { title: "All accounts", accounts: take([...left.keys()]) },
  ];
  return groups.filter((group) => group.accounts.length > 0);
}

/** The role to begin with: one that the text names, else a favourite, else the last one used, else the first. */
export function firstRole(account: PortalAccount, memory: PortalMemory, text: string): string | undefined {
  const { roles = [], id } = account;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const named = roles.find((role) => words.some((word) => role.toLowerCase().includes(word)));
  const known = [...memory.favourites, ...memory.recents].find(
    ({ accountId, roleName }) => accountId === id && roles.includes(roleName),
  );
  return named ?? known?.roleName ?? roles[0];
}
