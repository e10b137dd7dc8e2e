/**
 * The list of one identity in one region: read while somebody looks, kept for a while after, shared by that identity's
 * readers and nobody else's. Knows when to ask AWS; what the answers mean is SourceTable's.
 */
import type { AwsIdentity } from "../identity/index.ts";
import { CatalogError } from "../platform/catalog-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { Log } from "../platform/logger.ts";
import type { InstanceDirectory, InstancePages, ListService } from "./instance-directory.ts";
import { listingPass } from "./listing-pass.ts";
import { SourceTable } from "./source-table.ts";

/** While somebody looks, a new pass begins this long after the last one's end, in milliseconds. */
export const REFRESH_EVERY_MS = 30_000;
/** And at least so many times the last pass's own duration, so that a long list does not fill the account's budget. */
export const REFRESH_REST_FACTOR = 4;
/** After passes that failed the rest doubles up to this, in milliseconds. */
export const REFRESH_REST_MAX_MS = 300_000;
/** A person who asks for a new list gets one unless it is younger than this, in milliseconds. */
export const FRESH_MS = 2_000;
/** Readers of one source: pages and requests of one login. */
export const WATCHERS_PER_SOURCE_MAX = 100;

/** The budget of calls of an account and region (sessions/calls/call-bucket.ts implements it). */
export interface CallBudget {
  /** Resolves when a call may leave. @throws CatalogError AWS_THROTTLED when too many wait; the signal's reason */
  take(service: ListService, account: string, region: string, urgency: Urgency, signal: AbortSignal): Promise<void>;
  handleThrottled(service: ListService, account: string, region: string): void;
}
export type Urgency = "person" | "background";

export interface InventorySourceDeps {
  directory: InstanceDirectory;
  budget: CallBudget;
  clock: Clock;
  log: Log;
  /** 0 to 1. */
  random(): number;
}

export interface SourceState {
  phase: "loading" | "complete" | "failed";
  refreshing: boolean;
  /** Machines of which both services have spoken. */
  loaded: number;
  /** How many there may be: what the last complete pass found, before it what EC2 named so far. */
  about: number | undefined;
  truncated: boolean;
  errors: Readonly<Record<ListService, CatalogError | undefined>>;
  /** It was read to its end at least once: what it said then stays, whatever it says now. */
  kept: Readonly<Record<ListService, boolean>>;
  fetchedAtMs: number | undefined;
  nextTryAtMs: number | undefined;
}

export class InventorySource {
  readonly table: SourceTable;
  readonly region: string;
  readonly #deps: InventorySourceDeps;
  #identity: AwsIdentity;
  readonly #watchers = new Set<() => void>();
  readonly #closed = new AbortController();
  #errors: Record<ListService, CatalogError | undefined> = { ec2: undefined, ssm: undefined };
  #kept: Record<ListService, boolean> = { ec2: false, ssm: false };
  #about: number | undefined;
  #fetchedAtMs: number | undefined;
  #failures = 0;
  #running: Promise<void> | undefined;
  /** The pass that runs may be refused for credentials that are renewed by now. */
  #renewedMeanwhile = false;
  #cancelTimer: (() => void) | undefined;
  #nextTryAtMs: number | undefined;
  #unwatchedSinceMs: number;

  /** @param hasRoom false: all lists together hold as many machines as they may */
  constructor(identity: AwsIdentity, region: string, deps: InventorySourceDeps, hasRoom: () => boolean = () => true) {
    this.table = new SourceTable(hasRoom);
    this.#identity = identity;
    this.region = region;
    this.#deps = deps;
    this.#unwatchedSinceMs = deps.clock.nowMs();
  }

  /** Whose list this is. */
  get identity(): AwsIdentity {
    return this.#identity;
  }

  get state(): SourceState {
    const { settled, size, truncated } = this.table;
    const failed = this.#errors.ec2 !== undefined && this.#errors.ssm !== undefined;
    return {
      phase: this.#fetchedAtMs !== undefined ? "complete" : failed ? "failed" : "loading",
      refreshing: this.#running !== undefined,
      loaded: settled,
      about: this.#about ?? (size > settled ? size : undefined),
      truncated,
      errors: this.#errors,
      kept: this.#kept,
      fetchedAtMs: this.#fetchedAtMs,
      nextTryAtMs: this.#failures > 0 && this.#running === undefined ? this.#nextTryAtMs : undefined,
    };
  }

  /** Since when nobody looks, in milliseconds since the epoch; undefined: somebody does. */
  get unwatchedSinceMs(): number | undefined {
    return this.#watchers.size > 0 ? undefined : this.#unwatchedSinceMs;
  }

  /**
   * Tells the watcher of every change, without saying which: it reads `table` and `state` when it has time to.
   *
   * @param identity the same person's, as it is now: its credentials are used from here on
   * @returns ends the watching
   * @throws CatalogError INVENTORY_LIMIT_REACHED at WATCHERS_PER_SOURCE_MAX
   */
  watch(identity: AwsIdentity, onChange: () => void): () => void {
    if (this.#watchers.size >= WATCHERS_PER_SOURCE_MAX) throw new CatalogError("INVENTORY_LIMIT_REACHED");
    this.#identity = identity;
    const watcher = (): void => onChange(); // the same function may watch twice
    this.#watchers.add(watcher);
    this.#schedule();
    return () => {
      if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
      this.#unwatchedSinceMs = this.#deps.clock.nowMs();
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    };
  }

  /** A person asks now. Resolves at the end of the pass that runs or is begun; at once when the list is fresh. Never rejects. */
  async refresh(): Promise<void> {
    const ageMs = this.#deps.clock.nowMs() - (this.#fetchedAtMs ?? Number.NEGATIVE_INFINITY);
    if (this.#running === undefined && ageMs < FRESH_MS && this.#failures === 0) return;
    await this.#begin("person");
  }

  /** A list that was refused for its credentials is read again at once. @param identity the same person's, with fresh ones */
  handleCredentialsRenewed(identity: AwsIdentity): void {
    this.#identity = identity;
    this.#renewedMeanwhile = this.#running !== undefined;
    if (this.#running !== undefined || !isSignInMissing(this.#errors)) return;
    this.#nextTryAtMs = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#schedule();
  }

  /** Nobody will look again: stops what runs. */
  close(): void {
    this.#closed.abort(new CatalogError("SERVER_STOPPING"));
    this.#cancelTimer?.();
    this.#watchers.clear();
  }

  #begin(urgency: Urgency): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#running = this.#pass(urgency).finally(() => {
      this.#running = undefined;
      if (this.#renewedMeanwhile && isSignInMissing(this.#errors)) this.#nextTryAtMs = undefined;
      this.#renewedMeanwhile = false;
      this.#schedule();
      this.#tell();
    });
    this.#tell();
    return this.#running;
  }

  async #pass(urgency: Urgency): Promise<void> {
    const { clock, directory } = this.#deps;
    const startedAtMs = clock.nowMs();
    const pages = directory.pages(this.#identity, this.region);
    const failed = await this.#missingLogin();
    const [ec2, ssm] = failed
      ? [failed, failed]
      : await Promise.all([this.#read("ec2", pages, urgency), this.#read("ssm", pages, urgency)]);
    this.#errors = { ec2, ssm };
    this.#kept = { ec2: this.#kept.ec2 || ec2 === undefined, ssm: this.#kept.ssm || ssm === undefined };
    const endedAtMs = clock.nowMs();
    const answered = ec2 === undefined || ssm === undefined;
    this.#failures = answered && !isPassing(ec2) && !isPassing(ssm) ? 0 : this.#failures + 1;
    if (answered) {
      this.#fetchedAtMs = endedAtMs;
      this.#about = this.table.size;
    }
    const restMs = Math.max(REFRESH_EVERY_MS, (endedAtMs - startedAtMs) * REFRESH_REST_FACTOR);
    const backOff = 2 ** Math.min(this.#failures, 10) * (0.75 + this.#deps.random() / 2);
    this.#nextTryAtMs = endedAtMs + (this.#failures === 0 ? restMs : Math.min(restMs * backOff, REFRESH_REST_MAX_MS));
  }

  /** An ended login is one clear error, and AWS is not asked. */
  async #missingLogin(): Promise<CatalogError | undefined> {
    try {
      await this.#identity.credentials();
      return undefined;
    } catch (error) {
      return this.#asCatalogError(error);
    }
  }

  /** @returns why this service could not be read to its end */
  async #read(service: ListService, pages: InstancePages, urgency: Urgency): Promise<CatalogError | undefined> {
    const { budget, clock, random } = this.#deps;
    const { account } = this.#identity;
    const common = {
      takeTurn: () => budget.take(service, account, this.region, urgency, this.#closed.signal),
      onThrottled: () => budget.handleThrottled(service, account, this.region),
      clock,
      random,
      signal: this.#closed.signal,
    };
    const { table } = this;
    const told = (wanted: boolean): boolean => {
      this.#tell();
      return wanted;
    };
    table.begin(service);
    try {
      if (service === "ec2")
        await listingPass({ ...common, read: pages.ec2, onPage: (items) => told(table.handleEc2(items)) });
      else await listingPass({ ...common, read: pages.ssm, onPage: (items) => told(table.handleSsm(items)) });
      table.end(service, true);
      return undefined;
    } catch (error) {
      table.end(service, false);
      return this.#asCatalogError(error);
    } finally {
      this.#tell();
    }
  }

  #schedule(): void {
    if (this.#closed.signal.aborted || this.#watchers.size === 0) return;
    if (this.#running !== undefined || this.#cancelTimer !== undefined) return;
    const { clock } = this.#deps;
    const atMs = this.#nextTryAtMs ?? 0;
    if (atMs <= clock.nowMs()) {
      void this.#begin(this.#fetchedAtMs === undefined ? "person" : "background");
      return;
    }
    this.#cancelTimer = clock.setTimer(atMs, () => {
      this.#cancelTimer = undefined;
      void this.#begin("background");
    });
  }

  #asCatalogError(error: unknown): CatalogError {
    if (error instanceof CatalogError) return error;
    this.#deps.log.error({ err: error, region: this.region }, "a list of instances could not be read");
    return new CatalogError("INTERNAL_ERROR", { cause: error });
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function isSignInMissing({ ec2, ssm }: SourceState["errors"]): boolean {
  return [ec2, ssm].some((error) => error?.code === "CREDENTIALS_EXPIRED" || error?.code === "SIGN_IN_REQUIRED");
}

/** A refusal lasts until somebody changes a policy; these pass by themselves, and are worth an earlier look. */
function isPassing(error: CatalogError | undefined): boolean {
  return error !== undefined && error.code !== "AWS_ACCESS_DENIED" && error.code !== "AWS_SERVICE_ABSENT";
}
