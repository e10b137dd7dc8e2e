/**
 * Which accounts and roles this browser used and likes, per start URL. Names only; nothing in it opens anything.
 */
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

export const RECENTS_MAX = 5;
export const FAVOURITES_MAX = 50;

const Role = Type.Object({ accountId: Type.String({ maxLength: 12 }), roleName: Type.String({ maxLength: 64 }) });
const Memory = Type.Object({
  recents: Type.Array(Role, { maxItems: RECENTS_MAX }),
  favourites: Type.Array(Role, { maxItems: FAVOURITES_MAX }),
  /** Opened without a question when a code of this organisation is approved. */
  next: Type.Optional(Role),
  /** Of the last time. */
  region: Type.Optional(Type.String({ maxLength: 32 })),
});
export type PortalRole = Static<typeof Role>;
export type PortalMemory = Static<typeof Memory>;

const NOTHING: PortalMemory = { recents: [], favourites: [] };

type TextStorage = Pick<Storage, "getItem" | "setItem"> | undefined;

/** @param storage undefined where the browser forbids it */
export function readMemory(storage: TextStorage, startUrl: string): PortalMemory {
  try {
    const memory: unknown = JSON.parse(storage?.getItem(keyOf(startUrl)) ?? "null");
    return Value.Check(Memory, memory) ? memory : NOTHING;
  } catch {
    return NOTHING;
  }
}

export function writeMemory(storage: TextStorage, startUrl: string, memory: PortalMemory): void {
  try {
    storage?.setItem(keyOf(startUrl), JSON.stringify(memory));
  } catch {
    // full or forbidden: the next visit starts without
  }
}

/** The role comes first; at the bound the one used longest ago goes. */
export function withRecent(memory: PortalMemory, role: PortalRole): PortalMemory {
  const others = memory.recents.filter((each) => !isSameRole(each, role));
  return { ...memory, recents: [role, ...others].slice(0, RECENTS_MAX) };
}

/** @param role undefined: the person is asked again */
export function withNext({ next: _before, ...memory }: PortalMemory, role: PortalRole | undefined): PortalMemory {
  return role === undefined ? memory : { ...memory, next: role };
}

/** At the bound the oldest favourite goes. */
export function withFavouriteToggled(memory: PortalMemory, role: PortalRole): PortalMemory {
  const others = memory.favourites.filter((each) => !isSameRole(each, role));
  const wasOne = others.length < memory.favourites.length;
  return { ...memory, favourites: wasOne ? others : [...others, role].slice(-FAVOURITES_MAX) };
}

export function isSameRole(a: PortalRole, b: PortalRole): boolean {
  return a.accountId === b.accountId && a.roleName === b.roleName;
}

function keyOf(startUrl: string): string {
  return `causeway-portal:${startUrl}`;
}
