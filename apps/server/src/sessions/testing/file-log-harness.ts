/** Session logs in a directory of their own, with a clock that stands still and a start that can be repeated. */
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { FakeClock } from "../../platform/fake-clock.ts";
import type { FileSessionLog } from "../log/file-session-log.ts";
import {
  type FileSessionLogs,
  type FileSessionLogsOptions,
  openSessionLogs,
  type RecoveredSession,
} from "../log/file-session-logs.ts";
import { UNSTORED_MARK_FILE } from "../log/unstored-mark.ts";

export const SIZE = { cols: 80, rows: 24 };
export const SESSION = "AAAAAAAAAAAAAAAAAAAAAA";
export const KEY = createHash("sha256").update("a key for tests").digest();

/** What message `number` prints: of a length of its own, and telling its number. */
export function numberedOutput(number: number): string {
  return `${number} ${".".repeat((number * 37) % 1_000)}\n`;
}

/** Checkpoint `number`: of a length of its own, above 2 MiB, and telling its number everywhere. */
export function numberedCheckpoint(number: number): Buffer {
  return Buffer.alloc(2 * 1024 * 1024 + ((number * 7_919) % 100_000), `checkpoint ${number}, `);
}

export interface HarnessOptions {
  /** Default: a new directory, deleted by `dispose`. */
  dataDir?: string;
  bootId?: string;
  /** Default: KEY alone. The first is used, the others are of before. */
  keys?: readonly [Uint8Array, ...Uint8Array[]];
  settings?: FileSessionLogsOptions["settings"];
}

/** One life of a server: opened on a data directory, and again on the same for the next life. */
export class LogLife {
  readonly clock = new FakeClock();
  readonly dataDir: string;
  readonly durable: string[] = [];
  readonly damage: string[] = [];
  readonly deleted: string[] = [];
  logs!: FileSessionLogs;
  found: RecoveredSession[] = [];

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  static async begin(options: HarnessOptions = {}): Promise<LogLife> {
    const life = new LogLife(options.dataDir ?? mkdtempSync(`${tmpdir()}/causeway-log-`));
    const { logs, found } = await openSessionLogs({
      dataDir: life.dataDir,
      masterKey: options.keys?.[0] ?? KEY,
      oldMasterKeys: options.keys?.slice(1) ?? [],
      bootId: options.bootId ?? "boot 1",
      clock: life.clock,
      randomBytes,
      listener: {
        onDurable: (_id, isDurable, code) => life.durable.push(isDurable ? "durable" : code),
        onDamage: (_id, text) => life.damage.push(text),
        onDeleted: (id) => life.deleted.push(id),
      },
      // A developer's nearly full disk is not what these tests are about.
      settings: { freeBytesMin: 0, ...options.settings },
    });
    life.logs = logs;
    life.found = found;
    return life;
  }

  /**
   * The process is killed at this very moment and started again: what it had not written is gone. On a copy of its
   * files, so that what the old object still does reaches nobody.
   * @param change what happens to the session's files in between
   */
  next(options: Omit<HarnessOptions, "dataDir"> = {}, change?: (directory: string) => void): Promise<LogLife> {
    const dataDir = mkdtempSync(`${tmpdir()}/causeway-log-`);
    cpSync(this.dataDir, dataDir, { recursive: true, preserveTimestamps: true });
    change?.(`${dataDir}/sessions/${SESSION}`);
    return LogLife.begin({ ...options, dataDir });
  }

  create(id = SESSION): Promise<FileSessionLog> {
    return this.logs.create(id, SIZE);
  }

  /** The only session that was found. */
  get only(): RecoveredSession {
    const [first, ...others] = this.found;
    if (first === undefined || others.length > 0) throw new Error(`${this.found.length} sessions were found`);
    return first;
  }

  directory(id = SESSION): string {
    return `${this.dataDir}/sessions/${id}`;
  }

  /** Names of the session's files, in order. */
  files(kind: "output" | "keeper", id = SESSION): string[] {
    return readdirSync(this.directory(id))
      .filter((file) => file.startsWith(kind))
      .sort();
  }

  get hasUnstoredMark(): boolean {
    return existsSync(`${this.directory()}/${UNSTORED_MARK_FILE}`);
  }

  path(kind: "output" | "keeper", index = -1, id = SESSION): string {
    const file = this.files(kind, id).at(index);
    if (file === undefined) throw new Error("there is no such file");
    return `${this.directory(id)}/${file}`;
  }

  async dispose(): Promise<void> {
    await this.logs.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Lets promises, file operations and their callbacks run until the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAtMs = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > giveUpAtMs) throw new Error("waited 20 s in vain");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
