/** How a person's preferences change. Pure. */
import {
  FAVOURITES_MAX,
  type InstancePreferences,
  type InstanceRef,
  RECENTS_MAX,
  type RecentRef,
  SAVED_VIEWS_MAX,
  type SavedView,
} from "@causeway/wire-contract/preferences";
import { FOLDED_GROUPS_MAX } from "../features/workspace/workspace-storage.ts";
import type { PreferenceChange } from "./preferences-store.ts";

const same = (one: InstanceRef) => (other: InstanceRef) =>
  one.account === other.account && one.region === other.region && one.instanceId === other.instanceId;

/** A favourite is none any more; at the bound a new one is not taken. */
export function toggleFavourite(ref: InstanceRef): PreferenceChange {
  return (before) => {
    if (before.favourites.some(same(ref)))
      return { ...before, favourites: before.favourites.filter((each) => !same(ref)(each)) };
    return before.favourites.length >= FAVOURITES_MAX ? before : { ...before, favourites: [...before.favourites, ref] };
  };
}

/** The newest stands first; beyond the bound the oldest goes. */
export function addRecent(ref: RecentRef): PreferenceChange {
  return (before) => ({
    ...before,
    recents: [ref, ...before.recents.filter((each) => !same(ref)(each))].slice(0, RECENTS_MAX),
  });
}

/** Instead of the one with the same name; beyond the bound the oldest goes. */
export function saveView(view: SavedView): PreferenceChange {
  return (before) => ({
    ...before,
    views: [...before.views.filter(({ name }) => name !== view.name), view].slice(-SAVED_VIEWS_MAX),
  });
}

export function deleteView({ name }: SavedView): PreferenceChange {
  return (before) => ({ ...before, views: before.views.filter((view) => view.name !== name) });
}

export function setGroupBy(groupBy: string | undefined): PreferenceChange {
  return ({ groupBy: _before, ...rest }): InstancePreferences => (groupBy === undefined ? rest : { ...rest, groupBy });
}

/** Groups that are folded, the one folded last at the end; beyond the bound the first one is shown again. */
export function withFold(before: readonly string[], key: string, isFolded: boolean): string[] {
  const others = before.filter((each) => each !== key);
  return isFolded ? [...others, key].slice(-FOLDED_GROUPS_MAX) : others;
}
