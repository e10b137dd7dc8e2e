/**
 * All session logs of a data directory: makes them, finds them again after a restart, deletes them. One process at a
 * time may do so: the caller holds the directory's lock.
 */
import { existsSync, readdirSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import type { SessionEnd } from "@causeway/wire-contract/sessions";
import { CatalogError } from "../../platform/catalog-error.ts";
import type { Clock } from "../../platform/clock.ts";
import { makePrivateDirectory } from "../../platform/private-file.ts";
import { CheckpointFiles } from "./checkpoint-files.ts";
import { DiskBudget } from "./disk-budget.ts";
import { EarlySpillFiles } from "./early-spill-files.ts";
import { FileSessionLog } from "./file-session-log.ts";
import type { FileSessionLogStart } from "./file-session-log-options.ts";
import { masterKeyOf, recoverSessionFiles } from "./file-session-log-recovery.ts";
import type { KeeperState } from "./keeper-log.ts";
import { KeeperStateMirror } from "./keeper-state.ts";
import { RING_IDLE_BYTES } from "./output-ring.ts";
import { ReadCache } from "./read-cache.ts";
import { RingBudget } from "./ring-budget.ts";
import { syncDirectory } from "./segment-file.ts";
import type { TerminalSize } from "./session-log.ts";
import { WriteTick } from "./write-tick.ts";

/** Output kept per session on the disk, in bytes (architecture §8). */
export const KEEP_BYTES = 64 * 1024 * 1024;
/** The log of an ended session is deleted after so long, in milliseconds: as long as the session can still be read. */
export const ENDED_LOG_KEPT_MS = 10 * 60_000;
/** The public id of a session is the name of its directory, so it must not be able to name anything else. */
const SESSION_ID = /^[A-Za-z0-9_-]{1,64}$/;

export interface FileSessionLogsOptions {
  dataDir: string;
  /** 32 bytes; new sessions are under it. */
  masterKey: Uint8Array;
  /** Earlier keys: sessions that were begun under one go on under it. */
  oldMasterKeys?: readonly Uint8Array[];
  /** `readBootId`. */
  bootId: string;
  clock: Clock;
  randomBytes: (size: number) => Uint8Array;
  listener: FileSessionLogsListener;
  settings?: {
    /** Default KEEP_BYTES. */
    keepBytes?: number;
    /** Default ENDED_LOG_KEPT_MS. */
    endedKeptMs?: number;
    /** Default LOG_BYTES_MAX. */
    logBytesMax?: number;
    /** Default FREE_BYTES_MIN. */
    freeBytesMin?: number;
    /** Default RING_BYTES_MAX. */
    ringBytesMax?: number;
  };
}

export interface FileSessionLogsListener {
  /** One session's log stopped, or began again, to be stored. `code`: the system's word (ENOSPC, EIO …). */
  onDurable(sessionId: string, isDurable: boolean, code: string): void;
  /** Something on the disk is not what was written there. */
  onDamage(sessionId: string, text: string): void;
  /** An ended session's log was deleted because its time was over. */
  onDeleted(sessionId: string): void;
}

export interface RecoveredSession {
  id: string;
  log: FileSessionLog;
  end: SessionEnd | undefined;
  /** undefined: the session ended, or its keeper's files are damaged beyond use: nobody can go on with it. */
  keeper: RecoveredKeeperState | undefined;
  /** Output that may have been acknowledged to the agent is missing behind the log's head: it is to be said as a hole. */
  lostOutput: boolean;
  damage: string[];
}

export interface RecoveredKeeperState extends KeeperState {
  /**
   * The host crashed: numbers from `channel.nextOutgoingNumber` up to here may have been used, so the keeper first sends
   * repeated sizes until its next number is this one. undefined: the numbers are exact.
   */
  walkPastBelow: number | undefined;
}

export class FileSessionLogs {
  readonly #options: FileSessionLogsOptions;
  readonly #directory: string;
  readonly #budget: DiskBudget;
  readonly #rings: RingBudget;
  readonly #readCache = new ReadCache();
  readonly #tick: WriteTick;
  #logs = new Map<string, FileSessionLog>();
  #checkpoints = new Map<string, CheckpointFiles>();
  #cancelDeletions = new Map<string, () => void>();

  /** Use `openSessionLogs`. */
  constructor(options: FileSessionLogsOptions) {
    const { clock, settings } = options;
    this.#options = options;
    this.#directory = `${options.dataDir}/sessions`;
    makePrivateDirectory(this.#directory);
    this.#budget = new DiskBudget({ directory: this.#directory, ...settings });
    this.#rings = new RingBudget(clock, RING_IDLE_BYTES, settings?.ringBytesMax);
    this.#tick = new WriteTick(clock);
  }

  /** For metrics and readiness. */
  get usage(): { diskBytes: number; ringBytes: number; notDurable: number } {
    const notDurable = [...this.#logs.values()].filter((log) => !log.isDurable).length;
    return { diskBytes: this.#budget.usedBytes, ringBytes: this.#rings.usedBytes, notDurable };
  }

  /**
   * @param id the session's public id, not used before
   * @throws CatalogError STORAGE_FULL: refused before anything is asked of AWS
   */
  async create(id: string, size: TerminalSize): Promise<FileSessionLog> {
    const directory = this.#directoryOf(id);
    if (existsSync(directory)) throw new Error("a session of this id has a log already");
    this.#budget.admit();
    try {
      makePrivateDirectory(directory);
      await syncDirectory(this.#directory);
    } catch (cause) {
      throw new CatalogError("STORAGE_FULL", { cause });
    }
    const log = this.#make(id, {
      tail: { segments: [], head: 0, lastSequenceNumber: -1, size, nextNumber: 1 },
      marks: [],
      size,
      keeper: { mirror: new KeeperStateMirror(), older: [], firstNumber: 1, unstoredBelow: 0 },
    });
    await log.begin();
    if (log.isDurable) return log;
    await this.delete(id);
    throw new CatalogError("STORAGE_FULL");
  }

  get(id: string): FileSessionLog | undefined {
    return this.#logs.get(id);
  }

  /** Everything found in the data directory; damage is reported to the listener, too. */
  async recover(): Promise<RecoveredSession[]> {
    const { bootId, listener, oldMasterKeys = [] } = this.#options;
    const found: RecoveredSession[] = [];
    for (const entry of await readdir(this.#directory, { withFileTypes: true })) {
      if (!entry.isDirectory() || !SESSION_ID.test(entry.name)) continue;
      const id = entry.name;
      const directory = this.#directoryOf(id);
      makePrivateDirectory(directory);
      const keys = [this.#options.masterKey, ...oldMasterKeys] as const;
      const masterKey = await masterKeyOf({ directory, sessionId: id }, keys);
      const recovered = await recoverSessionFiles({ directory, sessionId: id, masterKey, bootId });
      if (recovered === undefined) {
        await rm(directory, { recursive: true, force: true });
        continue;
      }
      const { start, hasKeeper, lostOutput, damage } = recovered;
      const log = this.#make(id, start, masterKey);
      for (const text of await log.earlySpill.recover()) damage.push(text);
      for (const text of damage) listener.onDamage(id, text);
      await this.#checkpoints.get(id)?.recover(log.headOffset);
      if (hasKeeper || log.end !== undefined) await log.begin();
      if (log.end !== undefined) this.#deleteLater(id, log.end);
      const keeper = hasKeeper && log.end === undefined ? keeperOf(log) : undefined;
      found.push({ id, log, end: log.end, keeper, lostOutput, damage });
    }
    return found;
  }

  /** Deletes a session's log, whatever its state. Idempotent. The files are gone when it resolves. */
  async delete(id: string): Promise<void> {
    this.#cancelDeletions.get(id)?.();
    this.#cancelDeletions.delete(id);
    const log = this.#logs.get(id);
    this.#logs.delete(id);
    await log?.abandon();
    await this.#checkpoints.get(id)?.abandon();
    this.#checkpoints.delete(id);
    await rm(this.#directoryOf(id), { recursive: true, force: true });
    await syncDirectory(this.#directory);
  }

  /** Everything on the disk; sessions are found again by the next start. */
  async close(): Promise<void> {
    for (const cancel of this.#cancelDeletions.values()) cancel();
    this.#cancelDeletions.clear();
    await Promise.all([...this.#logs.values(), ...this.#checkpoints.values()].map((each) => each.close()));
  }

  #make(id: string, start: FileSessionLogStart, masterKey = this.#options.masterKey): FileSessionLog {
    const { bootId, clock, listener, randomBytes, settings } = this.#options;
    const files = {
      directory: this.#directoryOf(id),
      sessionId: id,
      masterKey,
      randomBytes,
      budget: this.#budget,
    };
    const checkpoints = new CheckpointFiles(files);
    this.#checkpoints.set(id, checkpoints);
    const log = new FileSessionLog(
      {
        ...files,
        checkpoints,
        earlySpill: new EarlySpillFiles(files),
        bootId,
        keepBytes: settings?.keepBytes ?? KEEP_BYTES,
        clock,
        tick: this.#tick,
        ringBudget: this.#rings,
        readCache: this.#readCache,
        listener: {
          onDurable: (isDurable, code) => listener.onDurable(id, isDurable, code),
          onDamage: (text) => listener.onDamage(id, text),
          onEnded: (end) => this.#deleteLater(id, end),
        },
      },
      start,
    );
    this.#logs.set(id, log);
    return log;
  }

  #deleteLater(id: string, end: SessionEnd): void {
    const { clock, listener, settings } = this.#options;
    const atMs = end.at + (settings?.endedKeptMs ?? ENDED_LOG_KEPT_MS);
    const run = () => {
      this.delete(id).then(
        () => listener.onDeleted(id),
        (error: unknown) => listener.onDamage(id, `its files could not be deleted (${String((error as Error).name)})`),
      );
    };
    this.#cancelDeletions.set(id, clock.setTimer(atMs, run));
  }

  #directoryOf(id: string): string {
    if (!SESSION_ID.test(id)) throw new RangeError("not the id of a session");
    return `${this.#directory}/${id}`;
  }
}

/** Whether an earlier process left sessions in this data directory. Before `openSessionLogs`. */
export function hasSessionLogs(dataDir: string): boolean {
  const directory = `${dataDir}/sessions`;
  return existsSync(directory) && readdirSync(directory).length > 0;
}

/**
 * Opens the logs of a data directory and reads what an earlier process left there.
 * @throws PrivateFileError with one plain line when the directory cannot be used
 */
export async function openSessionLogs(
  options: FileSessionLogsOptions,
): Promise<{ logs: FileSessionLogs; found: RecoveredSession[] }> {
  const logs = new FileSessionLogs(options);
  return { logs, found: await logs.recover() };
}

function keeperOf(log: FileSessionLog): RecoveredKeeperState {
  const { walkPastBelow, channel, memo, sources, streams } = log.keeperState;
  const walk = walkPastBelow > channel.nextOutgoingNumber ? walkPastBelow : undefined;
  return { channel, memo, sources, streams, walkPastBelow: walk };
}
