/**
 * What one page has been told of the lists it watches. Each list is a log of changes and this is a reader of it: it
 * sends while the page keeps up, and reads on where it was when the page has caught up. No queue, no second copy.
 */
import { REMOVED_PER_MESSAGE_MAX, ROWS_PER_MESSAGE_MAX, type ServerEvent } from "@causeway/wire-contract/events";
import type { InstanceSource, SourceKey, SourceStatus } from "@causeway/wire-contract/instances";
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import { problemOf } from "../platform/http/problem.ts";
import type { Inventory } from "./inventory.ts";
import type { InventorySource } from "./inventory-source.ts";

/** Changes are gathered this long before they are sent, in milliseconds: a page draws no faster. */
export const GATHER_MS = 50;
/** Messages sent in one turn of the event loop; each is about 100 KB of JSON at most. */
export const MESSAGES_PER_TURN_MAX = 4;

export interface PageReaderDeps {
  inventory: Inventory;
  clock: Clock;
  /** The login's identity by its id. @throws CatalogError when it has none such */
  identityOf(identityId: string): AwsIdentity;
  /** @throws CatalogError REGION_NOT_ALLOWED */
  checkRegion(region: string): void;
  send(event: ServerEvent): void;
  /** The page reads what it was sent; false: it is behind. */
  isKeepingUp(): boolean;
  /** Of the request that opened the page's connection, for the problems in a status. */
  requestId: string;
}

interface Watched {
  key: SourceKey;
  source: InventorySource;
  revision: number;
  status: string;
  unwatch(): void;
}

export class PageReader {
  readonly #deps: PageReaderDeps;
  readonly #watched = new Map<string, Watched>();
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(deps: PageReaderDeps) {
    this.#deps = deps;
  }

  /** Exactly these from now on. A list that goes on being watched is not sent again. */
  watch(keys: readonly SourceKey[]): void {
    const wanted = new Map(keys.map((key) => [idOf(key), key]));
    for (const [id, watched] of this.#watched)
      if (!wanted.has(id)) {
        watched.unwatch();
        this.#watched.delete(id);
      }
    for (const [id, key] of wanted) if (!this.#watched.has(id)) this.#begin(id, key);
    this.#sendSoon();
  }

  refresh(): void {
    for (const { source } of this.#watched.values()) void source.refresh();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    for (const { unwatch } of this.#watched.values()) unwatch();
    this.#watched.clear();
  }

  #begin(id: string, key: SourceKey): void {
    try {
      this.#deps.checkRegion(key.region);
      const identity = this.#deps.identityOf(key.identityId);
      const source = this.#deps.inventory.source(identity, key.region);
      const unwatch = source.watch(identity, () => this.#sendSoon());
      this.#watched.set(id, { key, source, revision: 0, status: "", unwatch });
      // the page may have rows of an earlier connection
      this.#deps.send({ type: "rows", source: key, reset: true, rows: [], removed: [] });
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      this.#deps.send({ type: "refused", source: key, code: error.code });
    }
  }

  #sendSoon(afterMs: number = GATHER_MS): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    const { clock } = this.#deps;
    this.#cancelTimer = clock.setTimer(clock.nowMs() + afterMs, () => {
      this.#cancelTimer = undefined;
      this.#sendTurn();
    });
  }

  /** A share of what there is, in turn by list, so that the first rows of each come early. */
  #sendTurn(): void {
    let messages = 0;
    let more = false;
    for (const watched of this.#watched.values()) {
      if (messages >= MESSAGES_PER_TURN_MAX || !this.#deps.isKeepingUp()) {
        more = true;
        break;
      }
      const changes = watched.source.table.changesSince(
        watched.revision,
        ROWS_PER_MESSAGE_MAX,
        REMOVED_PER_MESSAGE_MAX,
      );
      watched.revision = changes.revision;
      more ||= changes.more;
      const { key: source } = watched;
      const { reset, rows, removed } = changes;
      if (reset || rows.length > 0 || removed.length > 0) {
        this.#deps.send({ type: "rows", source, reset, rows, removed });
        messages += 1;
      }
      // the status says "complete" only once the page has the rows
      if (!changes.more) this.#sendStatus(watched);
      // the next turn begins behind the one that was served
      if (changes.more && this.#watched.delete(idOf(source))) this.#watched.set(idOf(source), watched);
    }
    if (more) this.#sendSoon(this.#deps.isKeepingUp() ? 0 : GATHER_MS);
  }

  #sendStatus(watched: Watched): void {
    const status = statusOf(watched.source, this.#deps.requestId);
    const text = JSON.stringify(status);
    if (text === watched.status) return;
    watched.status = text;
    this.#deps.send({ type: "status", source: watched.key, status });
  }
}

function idOf({ identityId, region }: SourceKey): string {
  return `${identityId} ${region}`;
}

/** In the words of the contract. */
export function statusOf(source: InventorySource, requestId: string): SourceStatus {
  const { phase, refreshing, loaded, about, truncated, errors, kept, fetchedAtMs, nextTryAtMs } = source.state;
  return {
    phase,
    refreshing,
    loaded,
    ...(about === undefined ? {} : { about }),
    truncated,
    ec2: serviceOf(errors.ec2, requestId, kept.ec2),
    ssm: serviceOf(errors.ssm, requestId, kept.ssm),
    ...(fetchedAtMs === undefined ? {} : { fetchedAt: fetchedAtMs }),
    ...(nextTryAtMs === undefined ? {} : { nextTryAt: nextTryAtMs }),
  };
}

/** @param kept what it said before is still there */
export function serviceOf(error: CatalogError | undefined, requestId: string, kept = false): InstanceSource {
  if (error === undefined) return { ok: true };
  return { ok: false, problem: problemOf(error, requestId), ...(kept ? { kept } : {}) };
}
