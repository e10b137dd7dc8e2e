/** All lists that are read or kept, by identity and region. A list is shared by the readers of one login's identity only. */
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import { InventorySource, type InventorySourceDeps } from "./inventory-source.ts";

/** Lists at once; at the bound the one unwatched for longest goes, and if all are watched a new one is refused. */
export const SOURCES_MAX = 500;
/** Machines of all lists together, each about 2 KB; at the bound as above, and lists that
 * still grow are cut and say so. */
export const INSTANCES_KEPT_MAX = 200_000;
/** A list that nobody looks at is kept this long, so that coming back shows it at once; in milliseconds. */
export const KEEP_UNWATCHED_MS = 300_000;
/** How often kept lists are looked through, in milliseconds. */
const SWEEP_EVERY_MS = 60_000;

export class Inventory {
  readonly #deps: InventorySourceDeps;
  readonly #sources = new Map<string, InventorySource>();
  #cancelSweep: (() => void) | undefined;

  constructor(deps: InventorySourceDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#sources.size;
  }

  /** @throws CatalogError INVENTORY_LIMIT_REACHED when all lists are watched and no more fit */
  source(identity: AwsIdentity, region: string): InventorySource {
    // The login is part of the key: two logins of one person may hold credentials with different session policies.
    const key = JSON.stringify([identity.loginId, identity.ownerKey, identity.arn, region]);
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    while (this.#isFull()) if (!this.#dropOldestUnwatched()) throw new CatalogError("INVENTORY_LIMIT_REACHED");
    const made = new InventorySource(identity, region, this.#deps, () => this.#instances < INSTANCES_KEPT_MAX);
    this.#sources.set(key, made);
    this.#sweepLater();
    return made;
  }

  /** Lists of this login's identity that were refused for its credentials are read again at once. */
  handleCredentialsRenewed(identity: AwsIdentity): void {
    for (const source of this.#sources.values())
      if (source.identity.loginId === identity.loginId && source.identity.ownerKey === identity.ownerKey)
        source.handleCredentialsRenewed(identity);
  }

  /** These identities of the login are no more: their lists go at once, and no call leaves with their credentials. */
  dropLogin(loginId: string, ownerKeys: ReadonlySet<string>): void {
    for (const [key, { identity }] of this.#sources)
      if (identity.loginId === loginId && ownerKeys.has(identity.ownerKey)) this.#drop(key);
  }

  close(): void {
    this.#cancelSweep?.();
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
  }

  #isFull(): boolean {
    return this.#sources.size >= SOURCES_MAX || this.#instances >= INSTANCES_KEPT_MAX;
  }

  get #instances(): number {
    let instances = 0;
    for (const { table } of this.#sources.values()) instances += table.size;
    return instances;
  }

  #dropOldestUnwatched(): boolean {
    let oldest: { key: string; sinceMs: number } | undefined;
    for (const [key, { unwatchedSinceMs: sinceMs }] of this.#sources)
      if (sinceMs !== undefined && (oldest === undefined || sinceMs < oldest.sinceMs)) oldest = { key, sinceMs };
    if (oldest === undefined) return false;
    this.#drop(oldest.key);
    return true;
  }

  #drop(key: string): void {
    this.#sources.get(key)?.close();
    this.#sources.delete(key);
  }

  #sweepLater(): void {
    if (this.#cancelSweep !== undefined) return;
    const { clock } = this.#deps;
    this.#cancelSweep = clock.setTimer(clock.nowMs() + SWEEP_EVERY_MS, () => {
      this.#cancelSweep = undefined;
      const untilMs = clock.nowMs() - KEEP_UNWATCHED_MS;
      for (const [key, { unwatchedSinceMs }] of this.#sources)
        if (unwatchedSinceMs !== undefined && unwatchedSinceMs <= untilMs) this.#drop(key);
      if (this.#sources.size > 0) this.#sweepLater();
    });
  }
}
