/** A link to one machine, `?instance=`: its id, its name, or `key=value` of a tag that only it has. Pure. */
import { filterInstances, NO_FILTER, parseFilter } from "./instance-filter.ts";
import type { IndexedInstance, ListedInstance } from "./instance-index.ts";

/** Longest link that is looked for, in characters. */
export const LINK_CHARACTERS_MAX = 300;

export type LinkTarget =
  | { kind: "one"; instance: ListedInstance }
  /** Several fit: the link is a filter. */
  | { kind: "several"; filter: string }
  /** None of the instances that are listed fits. */
  | { kind: "none" };

export function resolveLink(link: string, index: readonly IndexedInstance[]): LinkTarget {
  const text = link.slice(0, LINK_CHARACTERS_MAX);
  const wanted = text.toLowerCase();
  const byId = index.filter(({ instance }) => instance.id === wanted);
  const named = byId.length > 0 ? byId : index.filter(({ instance }) => instance.name.toLowerCase() === wanted);
  const { words, conditions } = parseFilter(text);
  const isTag = words.length === 0 && conditions.length > 0;
  const found = named.length > 0 || !isTag ? named : filterInstances(index, conditions, NO_FILTER);
  const [first] = found;
  if (first === undefined) return { kind: "none" };
  // the same machine seen by two identities is one machine
  const isOne = found.every(({ instance }) => instance.id === first.instance.id);
  return isOne ? { kind: "one", instance: first.instance } : { kind: "several", filter: text };
}
