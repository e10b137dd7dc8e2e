/** The newest checkpoint of one session, beside its log in the data directory; the file before it goes with each new one. */
import { readdir, rm } from "node:fs/promises";
import { CheckpointFileReading, readCheckpointFacts, writeCheckpointFile } from "./checkpoint-file.ts";
import type { CheckpointFacts, CheckpointReading, CheckpointStore, NewCheckpoint } from "./checkpoint-store.ts";
import type { SessionFiles } from "./keeper-journal.ts";
import { SALT_BYTES, SegmentCipher, type SegmentName } from "./segment-cipher.ts";
import { segmentFileName } from "./segment-file.ts";

const CHECKPOINT_FILE = /^checkpoint-(\d{8,10})(\.new)?$/;

interface KeptFile {
  facts: CheckpointFacts;
  fileBytes: number;
}

export class CheckpointFiles implements CheckpointStore {
  guard: ((offset: number) => boolean) | undefined;
  onSaved: (() => void) | undefined;
  onClosed: (() => void) | undefined;
  readonly #files: SessionFiles;
  #newest: KeptFile | undefined;
  #nextNumber = 1;
  /** One at a time, in order; at most one waits (its maker makes the next one after it). */
  #saving: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(files: SessionFiles) {
    this.#files = files;
  }

  /**
   * Finds what an earlier process left: the newest whole file of which the log has all bytes. Everything else of ours goes.
   * @param headOffset a checkpoint beyond it is of output that was never stored
   */
  async recover(headOffset: number): Promise<void> {
    const { directory, masterKey } = this.#files;
    const found: { file: string; number: number; isWhole: boolean }[] = [];
    for (const file of await readdir(directory)) {
      const match = CHECKPOINT_FILE.exec(file);
      if (match !== null) found.push({ file, number: Number(match[1]), isWhole: match[2] === undefined });
    }
    found.sort((a, b) => b.number - a.number);
    this.#nextNumber = (found[0]?.number ?? 0) + 1;
    for (const { file, number, isWhole } of found) {
      const path = `${directory}/${file}`;
      const kept =
        this.#newest === undefined && isWhole
          ? await readCheckpointFacts(path, masterKey, this.#nameOf(number)).catch(() => undefined)
          : undefined;
      if (kept !== undefined && kept.facts.offset <= headOffset) this.#keep(kept);
      else await rm(path, { force: true });
    }
  }

  get newest(): CheckpointFacts | undefined {
    return this.#newest?.facts;
  }

  read({ number }: CheckpointFacts): CheckpointReading {
    return new CheckpointFileReading(this.#pathOf(number), this.#files.masterKey, this.#nameOf(number));
  }

  save(checkpoint: NewCheckpoint, bytes: Uint8Array): Promise<void> {
    const save = this.#saving.then(() => this.#save(checkpoint, bytes));
    this.#saving = save.catch(() => undefined);
    return save;
  }

  discard({ number }: CheckpointFacts): void {
    if (this.#newest?.facts.number === number) void this.#drop();
  }

  mayDrop(offset: number): boolean {
    return (this.newest?.offset ?? -1) >= offset || (this.guard?.(offset) ?? true);
  }

  /** Resolves when nothing is being written any more; nothing is from then on. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.guard = undefined;
    this.onSaved = undefined;
    this.onClosed?.();
    this.onClosed = undefined;
    await this.#saving;
  }

  /** The same, and the directory is about to be deleted. */
  async abandon(): Promise<void> {
    await this.close();
    await this.#drop();
  }

  async #save(checkpoint: NewCheckpoint, bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) return;
    const { masterKey, randomBytes } = this.#files;
    const number = this.#nextNumber++;
    const facts: CheckpointFacts = { ...checkpoint, number, bytes: bytes.length };
    const cipher = new SegmentCipher(masterKey, this.#nameOf(number), randomBytes(SALT_BYTES));
    const fileBytes = await writeCheckpointFile(this.#pathOf(number), cipher, facts, bytes);
    const older = this.#drop();
    this.#keep({ facts, fileBytes });
    await older;
    this.onSaved?.();
  }

  #keep(file: KeptFile): void {
    this.#newest = file;
    this.#files.budget.add(file.fileBytes);
  }

  /** Never rejects: a file that stays is found by the next start, which keeps the newest only. */
  async #drop(): Promise<void> {
    const file = this.#newest;
    if (file === undefined) return;
    this.#newest = undefined;
    this.#files.budget.add(-file.fileBytes);
    await rm(this.#pathOf(file.facts.number), { force: true }).catch(() => undefined);
  }

  #nameOf(number: number): SegmentName {
    return { sessionId: this.#files.sessionId, kind: "checkpoint", number };
  }
  #pathOf(number: number): string {
    return `${this.#files.directory}/${segmentFileName({ kind: "checkpoint", number })}`;
  }
}
