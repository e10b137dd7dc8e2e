/**
 * What the palette can find, made from what list, tabs and keymap know. Composition: how it is ranked is the palette's. It is
 * longer than most because it is one short source after the other, and the words of their rows shall be read side by side.
 */
import type { IdentityView } from "@causeway/wire-contract/identity";
import type { ShareLists } from "@causeway/wire-contract/sharing";
import type { UnheldSession } from "@causeway/wire-contract/unheld-sessions";
import { instancesByRef } from "../features/instances/instance-groups.ts";
import type { IndexedInstance, ListedInstance } from "../features/instances/instance-index.ts";
import { instanceRef } from "../features/instances/instance-ref.ts";
import { shapeOf, shortZone } from "../features/instances/instance-words.ts";
import { tagChoices } from "../features/instances/tag-choices.ts";
import type { PaletteSource } from "../features/palette/palette-groups.ts";
import { type ChooseHow, findEntries, type PaletteEntry, searchable } from "../features/palette/palette-search.ts";
import { ACTIONS, type ActionId, type Keymap } from "../features/workspace/keymap.ts";
import { isPossible } from "../features/workspace/possible-actions.ts";
import { type Pane, type TabState, tabLabel } from "../features/workspace/tab-state.ts";
import { type Environment, environmentOf } from "../lib/environment.ts";
import type { IconName } from "../lib/icons.tsx";
import { accountWord } from "../lib/identities.ts";

/** Rows of a kind when it is asked for alone: more is scrolled past, not read. */
const ALONE_ROWS = 50;
/** Instances offered before anything is typed. */
const NEAR_INSTANCES = 5;

export interface InstanceSourceParts {
  index: readonly IndexedInstance[];
  /** References, the nearest first: opened lately, then favourites. */
  near: readonly string[];
  openCounts: ReadonlyMap<string, number>;
  /** What the identity's account is called; counts more than an instance's tags. */
  environmentOf(instance: ListedInstance): Environment | undefined;
  open(instance: ListedInstance, how: ChooseHow): void;
  details(instance: ListedInstance): void;
}

export function instanceSource(parts: InstanceSourceParts): PaletteSource {
  const { index, near, openCounts } = parts;
  const entryOf = (instance: ListedInstance): PaletteEntry => {
    const open = openCounts.get(instanceRef(instance)) ?? 0;
    const zone = shortZone(instance.availabilityZone, instance.region);
    const environment = parts.environmentOf(instance) ?? environmentOf(instance.tags);
    return {
      id: `instance ${instance.key}`,
      label: instance.name,
      detail: instance.id,
      mono: true,
      also: "",
      mark: { shape: shapeOf(instance) },
      ...(open > 0 ? { aside: `${open} open` } : {}),
      ...(environment === undefined ? {} : { environment }),
      place: zone,
      choose: (how) => parts.open(instance, how),
      details: () => parts.details(instance),
    };
  };
  return {
    heading: "Instances",
    rows: { among: 8, alone: ALONE_ROWS },
    outOf: index.length,
    find: (words, limit) => {
      if (words.length > 0)
        return findEntries(
          {
            items: index,
            labelOf: ({ instance }) => instance.name,
            alsoOf: ({ haystack }) => haystack,
            entryOf: ({ instance }) => entryOf(instance),
          },
          words,
          limit,
        );
      const byRef = instancesByRef(index, new Set(near));
      const nearest = near.flatMap((ref) => byRef.get(ref) ?? []).slice(0, NEAR_INSTANCES);
      return { entries: nearest.map((instance) => ({ entry: entryOf(instance), ranges: [] })), total: nearest.length };
    },
  };
}

export interface OpenParts {
  state: TabState;
  titleOf(pane: Pane): string | undefined;
  /** As AWS names it; undefined while it is not known. */
  sessionOf(pane: Pane): string | undefined;
  activate(paneKey: string): void;
}

/** The tabs, but not the one in front. */
export function tabSource({ state, activate }: OpenParts): PaletteSource {
  const entries = state.tabs
    .filter(({ key }) => key !== state.activeKey)
    .map((tab): PaletteEntry => {
      const panes = tab.panes.length > 1 ? `${tab.panes.length} panes` : undefined;
      return {
        id: `tab ${tab.key}`,
        label: tabLabel(state, tab),
        ...(panes === undefined ? {} : { detail: panes }),
        also: `tab ${tab.panes.map(({ target }) => `${target.instanceName} ${target.instanceId}`).join(" ")}`.toLowerCase(),
        mark: { icon: "terminal" },
        aside: `tab ${state.tabs.indexOf(tab) + 1}`,
        ...(tab.environment === undefined ? {} : { environment: tab.environment }),
        choose: () => activate(tab.activePane),
      };
    });
  return { heading: "Tabs", rows: { among: 5, alone: ALONE_ROWS }, find: findAmong(entries) };
}

/**
 * Each terminal by its session: what AWS calls it, and what runs in it. Offered before anything is typed: those that no tab of
 * their own leads to, but not the one that has the keyboard.
 */
export function sessionSource({ state, titleOf, sessionOf, activate }: OpenParts): PaletteSource {
  const rows = state.tabs.flatMap((tab) =>
    tab.panes.map((pane) => {
      const [title, session] = [titleOf(pane), sessionOf(pane)];
      const isHere = tab.key === state.activeKey && pane.key === tab.activePane;
      const entry: PaletteEntry = {
        id: `session ${pane.key}`,
        label: title === undefined ? pane.target.instanceName : `${pane.target.instanceName}: ${title}`,
        ...(session === undefined ? {} : { detail: session, mono: true }),
        also: `session ${session ?? ""} ${pane.target.instanceId}`.toLowerCase(),
        mark: { icon: "enter" },
        aside: tabLabel(state, tab),
        choose: () => activate(pane.key),
      };
      return { entry, isOffered: tab.panes.length > 1 && !isHere };
    }),
  );
  const find = findAmong(rows.map(({ entry }) => entry));
  const offer = findAmong(rows.filter(({ isOffered }) => isOffered).map(({ entry }) => entry));
  return {
    heading: "Sessions",
    rows: { among: 4, alone: ALONE_ROWS },
    find: (words, limit) => (words.length === 0 ? offer : find)(words, limit),
  };
}

/** Terminals of others that she may watch, offered at once, and those of hers that others may, found by typing. "@": by person. */
export function shareSource(
  { mine, withMe }: ShareLists,
  open: { watch(shareId: string): void; own(sessionId: string): void },
): PaletteSource {
  const own = new Map(mine.map((link) => [link.sessionId, link]));
  const entries: PaletteEntry[] = [
    ...withMe.map(({ shareId, instanceName, instanceId, owner, region }): PaletteEntry => {
      return {
        id: `shared ${shareId}`,
        label: `${instanceName}, shared by ${owner.name}`,
        detail: instanceId,
        mono: true,
        also: `shared with me watch ${instanceId} ${owner.name} ${region}`.toLowerCase(),
        mark: { icon: "eye" },
        aside: "shared with you",
        choose: () => open.watch(shareId),
      };
    }),
    ...[...own.values()].map(({ sessionId, instanceName, instanceId }): PaletteEntry => {
      return {
        id: `share of ${sessionId}`,
        label: `${instanceName}, shared by you`,
        detail: instanceId,
        mono: true,
        also: `my shares ${instanceId}`.toLowerCase(),
        mark: { icon: "share" },
        aside: "your share",
        choose: () => open.own(sessionId),
      };
    }),
  ];
  const find = findAmong(entries);
  const offer = findAmong(entries.slice(0, withMe.length));
  return {
    prefix: "@",
    heading: "Shared terminals",
    rows: { among: 4, alone: ALONE_ROWS },
    find: (words, limit) => (words.length === 0 ? offer : find)(words, limit),
  };
}

/** Sessions that AWS has and this Causeway does not hold, as far as their page has asked: found, not offered. */
export function unheldSource(known: readonly UnheldSession[], show: () => void): PaletteSource {
  const entries = known.map(({ awsSessionId, instanceId, status }): PaletteEntry => {
    return {
      id: `unheld ${awsSessionId}`,
      label: awsSessionId,
      detail: instanceId,
      mono: true,
      also: `session aws other unheld ${status}`.toLowerCase(),
      mark: { icon: "external" },
      aside: "only in AWS",
      choose: show,
    };
  });
  const find = findAmong(entries);
  return {
    heading: "Sessions in AWS",
    rows: { among: 3, alone: ALONE_ROWS },
    find: (words, limit) => (words.length === 0 ? { entries: [], total: 0 } : find(words, limit)),
  };
}

const ACTION_ICONS: Partial<Record<ActionId, IconName>> = {
  "split-right": "splitRight",
  "split-down": "splitDown",
  "zoom-pane": "expand",
  "close-pane": "close",
  "pane-to-own-tab": "external",
  details: "info",
  share: "share",
  "focus-list": "server",
  "undo-close": "refresh",
};

interface CommandParts {
  keymap: Keymap;
  state: TabState;
  /** Names of commands, newest first. */
  recent: readonly string[];
  run(id: ActionId): void;
}

/** What can be done now, what was done lately first. */
export function commandSource({ keymap, state, recent, run }: CommandParts): PaletteSource {
  const place = (id: ActionId): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const entries = ACTIONS.filter(({ id }) => id !== "palette" && isPossible(id, state))
    .toSorted((one, other) => place(one.id) - place(other.id))
    .map(({ id, words, group }): PaletteEntry => actionEntry(id, words, group, keymap, run));
  return { prefix: ">", heading: "Commands", rows: { among: 5, alone: ALONE_ROWS }, find: findAmong(entries) };
}

/** Every chord there is, whether or not it would do something now. */
export function keySource({ keymap, run }: Pick<CommandParts, "keymap" | "run">): PaletteSource {
  const entries = ACTIONS.filter(({ id }) => keymap.caps(id).length > 0).map(({ id, words, group }) => {
    const entry = actionEntry(id, words, group, keymap, run);
    return { ...entry, id: `key ${id}`, also: `${entry.also} ${keymap.caps(id).join(" ").toLowerCase()}` };
  });
  return {
    prefix: "?",
    heading: "Keys",
    aloneOnly: true,
    rows: { among: 0, alone: ALONE_ROWS },
    find: findAmong(entries),
  };
}

function actionEntry(
  id: ActionId,
  words: string,
  group: string,
  keymap: Keymap,
  run: (id: ActionId) => void,
): PaletteEntry {
  return {
    id: `command ${id}`,
    label: words,
    also: group.toLowerCase(),
    mark: { icon: ACTION_ICONS[id] ?? "keyboard" },
    caps: keymap.caps(id),
    choose: () => run(id),
  };
}

/** A tag with its value narrows the list to it. */
export function tagSource(index: readonly IndexedInstance[], narrow: (filter: string) => void): PaletteSource {
  return {
    prefix: "#",
    heading: "Tags",
    aloneOnly: true,
    rows: { among: 0, alone: ALONE_ROWS },
    find: (words, limit) => {
      const entries = tagChoices(index).flatMap(({ key, values }) =>
        values
          .filter((value) => !/\s/.test(`${key}${value}`))
          .map(
            (value): PaletteEntry => ({
              id: `tag ${key}=${value}`,
              label: `${key}=${value}`,
              also: "",
              mark: { icon: "tag" },
              aside: "show in the list",
              choose: () => narrow(`${key}=${value}`),
            }),
          ),
      );
      return findEntries(searchable(entries), words, limit);
    },
  };
}

export interface Setting {
  id: string;
  words: string;
  /** More words that it is found by. */
  also: string;
  icon: IconName;
  /** "now", where it is what counts already. */
  aside?: string;
  choose(): void;
}

export function settingSource(settings: readonly Setting[]): PaletteSource {
  const entries = settings.map(({ id, words, also, icon, aside, choose }): PaletteEntry => {
    return {
      id: `setting ${id}`,
      label: words,
      also,
      mark: { icon },
      ...(aside === undefined ? {} : { aside }),
      choose,
    };
  });
  const find = findAmong(entries);
  return { prefix: ">", heading: "Settings", rows: { among: 3, alone: ALONE_ROWS }, find };
}

function findAmong(entries: readonly PaletteEntry[]): PaletteSource["find"] {
  return (words, limit) => findEntries(searchable(entries), words, limit);
}

/** "harbor-prod · eu-west-1", or how many of what. */
export function scopeWords(identities: readonly IdentityView[], regions: readonly string[]): string {
  const [identity] = identities;
  const who = identities.length === 1 && identity ? accountWord(identity) : `${identities.length} identities`;
  return `${who} · ${regions.length === 1 ? regions[0] : `${regions.length} regions`}`;
}
