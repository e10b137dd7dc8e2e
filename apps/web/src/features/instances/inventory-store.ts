/**
 * What this page knows of the lists it shows: rows as the server tells them, merged into one index. Framework-free; React
 * subscribes. Changes are gathered, so that a thousand rows are drawn once, and the longer the longer the list is.
 */
import type { PageMessage, SourceEvent } from "@causeway/wire-contract/events";
import { SOURCES_PER_PAGE_MAX, type SourceKey, type SourceStatus } from "@causeway/wire-contract/instances";
import {
  type IndexedInstance,
  indexInstance,
  type ListedInstance,
  mergeIndex,
  readsTheSame,
  withChanged,
} from "./instance-index.ts";

/** Changes are drawn this long after the first of them came, in milliseconds. */
export const GATHER_MS = 60;
/**
 * And so long for each row that is shown already, in milliseconds: taking in a page of rows costs by the whole list
 * (docs/performance.md). A refresh of 20,000, which changes the pings of nearly all, takes a frame once a second at most.
 */
export const GATHER_PER_ROW_MS = 0.05;
/** Lists that are no longer shown and whose counts are remembered; at the bound the one left longest ago is forgotten. */
export const LEFT_LISTS_MAX = SOURCES_PER_PAGE_MAX;
/** Parts of the page that watch the store; more is a leak. */
export const LISTENERS_MAX = 16;

/** A source that the page wants, with the account it belongs to. */
export interface WantedSource extends SourceKey {
  account: string;
  /** As Identity Center or the server's settings call it. */
  accountName?: string | undefined;
}

export interface SourceView extends WantedSource {
  /** undefined: nothing was told yet. */
  status: SourceStatus | undefined;
  /** Code of the error catalog: the server does not list this one. */
  refused: string | undefined;
}

/** What this page saw of a list that it shows no longer. */
export interface LeftList {
  account: string;
  region: string;
  /** Instances in it, when it was left. */
  count: number;
}

export interface InventorySnapshot {
  /** All rows of all wanted sources, in order. */
  index: readonly IndexedInstance[];
  /**
   * `index` as it was when something last came, went or was called otherwise: the same instances in the same order, and all
   * that is read of them the same; their states and pings may be older. What is made of texts need not be made anew.
   */
  texts: readonly IndexedInstance[];
  sources: readonly SourceView[];
  /** Complete lists that were shown before. The one left last is the last. */
  left: readonly LeftList[];
  /** false: what is shown may be older than it says. */
  connected: boolean;
  /** What kept the page from being told, if it was not the network. */
  error: unknown;
  /** The server's clock minus this browser's, in milliseconds. */
  clockOffsetMs: number;
}

export interface InventoryStoreDeps {
  /** @returns false: there is no connection; `handleReady` will be called when there is */
  send(message: PageMessage): boolean;
  clock: { nowMs(): number; setTimeout(run: () => void, ms: number): number; clearTimeout(id: number): void };
}

export const NOTHING_LISTED: InventorySnapshot = {
  index: [],
  texts: [],
  sources: [],
  left: [],
  connected: false,
  error: undefined,
  clockOffsetMs: 0,
};

export class InventoryStore {
  readonly #deps: InventoryStoreDeps;
  readonly #listeners = new Set<() => void>();
  #sources = new Map<string, SourceView>();
  #snapshot: InventorySnapshot = NOTHING_LISTED;
  /** All of the snapshot's index, by key. */
  readonly #entries = new Map<string, IndexedInstance>();
  readonly #changed = new Map<string, IndexedInstance>();
  readonly #gone = new Set<string>();
  /** Among what changed or went is more than states and pings. */
  #textsChanged = false;
  #timer: number | undefined;

  constructor(deps: InventoryStoreDeps) {
    this.#deps = deps;
  }

  getSnapshot = (): InventorySnapshot => this.#snapshot;
  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= LISTENERS_MAX) throw new Error("too many listeners of the inventory: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The sources to show from now on; rows of others are forgotten. Beyond SOURCES_PER_PAGE_MAX they count as refused. */
  show(wanted: readonly WantedSource[]): void {
    const next = new Map(wanted.map((source) => [idOf(source), source]));
    if (next.size === this.#sources.size && [...next.keys()].every((id) => this.#sources.has(id))) return;
    for (const [id, source] of this.#sources)
      if (!next.has(id)) {
        this.#rememberCount(source);
        this.#forget(id);
      }
    this.#sources = new Map(
      [...next].map(([id, source], number) => {
        const refused = number < SOURCES_PER_PAGE_MAX ? undefined : "INVENTORY_LIMIT_REACHED";
        const known = refused === undefined ? this.#sources.get(id) : undefined;
        return [id, known ?? { ...source, status: undefined, refused }];
      }),
    );
    this.#watch();
    this.#flush();
  }

  /** The person wants new lists now. */
  refresh(): void {
    this.#deps.send({ type: "refresh" });
  }

  handleReady(): void {
    this.#snapshot = { ...this.#snapshot, connected: true, error: undefined };
    this.#watch();
    this.#flush();
  }

  handleLost(error: unknown): void {
    this.#snapshot = { ...this.#snapshot, connected: false, error };
    this.#flush();
  }

  handle(event: SourceEvent): void {
    const id = idOf(event.source);
    const source = this.#sources.get(id);
    if (source === undefined) return; // was wanted when the server sent it
    if (event.type === "refused") this.#sources.set(id, { ...source, refused: event.code });
    else if (event.type === "status") this.#handleStatus(id, source, event.status);
    else {
      if (event.reset) this.#forget(id);
      const { account, accountName, identityId, region } = source;
      const place = { account, identityId, region, ...(accountName === undefined ? {} : { accountName }) };
      for (const instance of event.rows) {
        const key = `${id} ${instance.id}`;
        this.#gone.delete(key);
        this.#change({ ...instance, key, ...place });
      }
      for (const instanceId of event.removed) this.#remove(`${id} ${instanceId}`);
    }
    const gatherMs = Math.max(GATHER_MS, this.#snapshot.index.length * GATHER_PER_ROW_MS);
    this.#timer ??= this.#deps.clock.setTimeout(() => this.#flush(), gatherMs);
  }

  dispose(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #handleStatus(id: string, source: SourceView, status: SourceStatus): void {
    // only a list that has just been completed says what time it is there
    if (status.fetchedAt !== undefined && source.status !== undefined && source.status.fetchedAt !== status.fetchedAt)
      this.#snapshot = { ...this.#snapshot, clockOffsetMs: status.fetchedAt - this.#deps.clock.nowMs() };
    this.#sources.set(id, { ...source, status, refused: undefined });
  }

  #watch(): void {
    const sources = [...this.#sources.values()]
      .slice(0, SOURCES_PER_PAGE_MAX)
      .map(({ identityId, region }) => ({ identityId, region }));
    this.#deps.send({ type: "watch", sources });
  }

  #rememberCount({ account, region, status }: SourceView): void {
    if (status?.phase !== "complete") return;
    const others = this.#snapshot.left.filter((list) => list.account !== account || list.region !== region);
    const left = [...others, { account, region, count: status.loaded }].slice(-LEFT_LISTS_MAX);
    this.#snapshot = { ...this.#snapshot, left };
  }

  #forget(id: string): void {
    for (const { instance } of this.#snapshot.index) if (instance.key.startsWith(`${id} `)) this.#remove(instance.key);
    for (const key of [...this.#changed.keys()]) if (key.startsWith(`${id} `)) this.#remove(key);
  }

  #change(instance: ListedInstance): void {
    const { key } = instance;
    const known = this.#changed.get(key) ?? this.#entries.get(key);
    const reads = known !== undefined && readsTheSame(known.instance, instance);
    this.#changed.set(key, reads ? { ...known, instance } : indexInstance(instance));
    this.#textsChanged ||= !reads;
  }

  #remove(key: string): void {
    this.#changed.delete(key);
    this.#gone.add(key);
    this.#textsChanged = true;
  }

  #flush(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const before = this.#snapshot;
    const index = this.#textsChanged
      ? mergeIndex(before.index, [...this.#changed.values()], this.#gone)
      : withChanged(before.index, [...this.#changed.values()]);
    for (const key of this.#gone) this.#entries.delete(key);
    for (const [key, entry] of this.#changed) this.#entries.set(key, entry);
    const texts = this.#textsChanged ? index : before.texts;
    this.#changed.clear();
    this.#gone.clear();
    this.#textsChanged = false;
    this.#snapshot = { ...before, index, texts, sources: [...this.#sources.values()] };
    for (const listener of [...this.#listeners]) listener();
  }
}

function idOf({ identityId, region }: SourceKey): string {
  return `${identityId} ${region}`;
}
