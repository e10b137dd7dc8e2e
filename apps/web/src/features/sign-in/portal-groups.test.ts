import type { PortalAccount } from "@causeway/wire-contract/identity-center";
import { expect, test } from "vitest";
import { firstRole, groupAccounts } from "./portal-groups.ts";

const account = (id: string, name: string, roles?: string[]): PortalAccount => ({
  id,
  name,
  email: "",
  ...(roles ? { roles } : {}),
});
const ACCOUNTS = [
  account("3", "shop-10", ["ReadOnly"]),
  account("2", "shop-2", ["Admin", "ReadOnly"]),
  account("1", "harbor-prod", ["Operator"]),
];
const NOTHING = { recents: [], favourites: [] };
const shown = (text: string, memory = NOTHING as Parameters<typeof groupAccounts>[1]) =>
  groupAccounts(ACCOUNTS, memory, text).map(({ title, accounts }) => [title, accounts.map(({ name }) => name)]);

test("accounts are in natural order", () => {
  expect(shown("")).toEqual([["All accounts", ["harbor-prod", "shop-2", "shop-10"]]]);
});

test("every word must be in name, id or a role", () => {
  expect(shown("shop admin")).toEqual([["All accounts", ["shop-2"]]]);
  expect(shown("shop operator")).toEqual([]);
});

test("an account stands once: as a favourite, else as a recent one", () => {
  const role = (accountId: string) => ({ accountId, roleName: "ReadOnly" });
  expect(shown("", { favourites: [role("3")], recents: [role("3"), role("2"), role("gone")] })).toEqual([
    ["Favourites", ["shop-10"]],
    ["Recent", ["shop-2"]],
    ["All accounts", ["harbor-prod"]],
  ]);
});

test("the role to begin with is the one that is typed, else the one that was used, else the first", () => {
  const shop = ACCOUNTS[1] as PortalAccount;
  const used = { favourites: [], recents: [{ accountId: "2", roleName: "ReadOnly" }] };
  expect([firstRole(shop, used, "admin"), firstRole(shop, used, ""), firstRole(shop, NOTHING, "")]).toEqual([
    "Admin",
    "ReadOnly",
    "Admin",
  ]);
  expect(firstRole(account("9", "new"), used, "")).toBeUndefined();
});
