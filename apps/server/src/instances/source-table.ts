/**
 * The machines of one source as a log of changes: each row carries the number of its last change, and every page that
 * watches is a reader with its own number (decision 0014). So a slow page costs no queue, and a late one no second copy.
 * Pure: pages of AWS come in, rows with numbers come out.
 */
import type { Instance } from "@causeway/wire-contract/instances";
import { ChangeLog } from "./change-log.ts";
import type { ListService } from "./instance-directory.ts";
import { type Ec2Instance, joinInstance, type SsmInstance, type SsmKnowledge, sameInstance } from "./join-instances.ts";

/** Machines of one identity in one region; what comes beyond is left out, and the list says so. */
export const INSTANCES_PER_SOURCE_MAX = 20_000;
/** Removals that are remembered one by one; a reader that is further behind starts over. */
export const REMOVALS_KEPT_MAX = 5_000;

export interface Changes {
  /** The reader must forget what it has: it was further behind than removals are remembered. */
  reset: boolean;
  rows: Instance[];
  removed: string[];
  /** Where the reader stands after this. */
  revision: number;
  /** There is more than fitted. */
  more: boolean;
}

export class SourceTable {
  readonly #ec2 = new Map<string, Ec2Instance>();
  readonly #ssm = new Map<string, SsmInstance>();
  readonly #rows = new Map<string, Instance>();
  /** Of rows and of removals. */
  readonly #changes = new ChangeLog();
  /** Ids that readers may still have, the earliest removed first. */
  readonly #removed = new Set<string>();
  /** What the pass that runs has met; undefined: none runs. */
  readonly #met: Record<ListService, Set<string> | undefined> = { ec2: undefined, ssm: undefined };
  readonly #truncated: Record<ListService, boolean> = { ec2: false, ssm: false };
  #ssmKnowledge: SsmKnowledge = "asking";
  /** Removals up to this revision were forgotten. */
  #forgotten = 0;
  #asking = 0;
  readonly #hasRoom: () => boolean;

  /** @param hasRoom false: all lists together hold as much as they may; asked once a page */
  constructor(hasRoom: () => boolean = () => true) {
    this.#hasRoom = hasRoom;
  }

  /** Machines in the list. */
  get size(): number {
    return this.#rows.size;
  }
  /** Machines of which both services have spoken, as far as they will. */
  get settled(): number {
    return this.size - this.#asking;
  }
  get revision(): number {
    return this.#changes.revision;
  }
  get truncated(): boolean {
    return this.#truncated.ec2 || this.#truncated.ssm;
  }

  /** A pass over the pages of one service begins. What an earlier one found stays until this one ends. */
  begin(service: ListService): void {
    this.#met[service] = new Set();
    this.#truncated[service] = false;
  }

  /** @returns false at INSTANCES_PER_SOURCE_MAX, or without room: further pages are of no use */
  handleEc2(items: readonly Ec2Instance[]): boolean {
    return this.#handle("ec2", this.#ec2, items);
  }
  /** @returns as `handleEc2` */
  handleSsm(items: readonly SsmInstance[]): boolean {
    return this.#handle("ssm", this.#ssm, items);
  }

  /**
   * The pass ended. After a complete one, whatever it did not meet is gone; after a broken one, everything stays as it
   * was: a list that grows old is better than one with holes.
   */
  end(service: ListService, complete: boolean): void {
    const met = this.#met[service];
    this.#met[service] = undefined;
    if (complete && met !== undefined && !this.#truncated[service]) {
      const known: Map<string, unknown> = service === "ec2" ? this.#ec2 : this.#ssm;
      const gone = [...known.keys()].filter((id) => !met.has(id));
      for (const id of gone) known.delete(id);
      for (const id of gone) this.#update(id);
    }
    if (service === "ssm")
      this.#learn(complete ? "answered" : this.#ssmKnowledge === "answered" ? "answered" : "refused");
  }

  /** @returns at most `rowsMax` rows and `removedMax` removals that a reader at `revision` has not seen, oldest change first */
  changesSince(revision: number, rowsMax: number, removedMax: number): Changes {
    const reset = revision < this.#forgotten || revision > this.revision;
    const from = reset ? 0 : revision;
    const changes: Changes = { reset, rows: [], removed: [], revision: this.revision, more: false };
    for (const { id, revision: changedAt } of this.#changes.after(from)) {
      const row = this.#rows.get(id);
      if (row === undefined && from === 0) continue; // a reader that has nothing has nothing to remove
      const full = row ? changes.rows.length >= rowsMax : changes.removed.length >= removedMax;
      if (full) return { ...changes, revision: changedAt - 1, more: true };
      if (row) changes.rows.push(row);
      else changes.removed.push(id);
    }
    return changes;
  }

  /** All machines, in no order. */
  instances(): Instance[] {
    return [...this.#rows.values()];
  }

  #handle<T extends { id: string }>(service: ListService, known: Map<string, T>, items: readonly T[]): boolean {
    const sizeMax = this.#hasRoom() ? INSTANCES_PER_SOURCE_MAX : 0;
    for (const item of items) {
      if (!this.#rows.has(item.id) && this.size >= sizeMax) {
        this.#truncated[service] = true;
        continue;
      }
      this.#met[service]?.add(item.id);
      known.set(item.id, item);
      this.#update(item.id);
    }
    return !this.#truncated[service];
  }

  #learn(knowledge: SsmKnowledge): void {
    if (knowledge === this.#ssmKnowledge) return;
    this.#ssmKnowledge = knowledge;
    for (const id of this.#ec2.keys()) if (!this.#ssm.has(id)) this.#update(id);
  }

  #update(id: string): void {
    const before = this.#rows.get(id);
    const instance = joinInstance(id, this.#ec2.get(id), this.#ssm.get(id), this.#ssmKnowledge);
    if (instance === undefined ? before === undefined : before !== undefined && sameInstance(before, instance)) return;
    this.#asking += Number(instance?.reason === "asking") - Number(before?.reason === "asking");
    this.#removed.delete(id);
    if (instance === undefined) {
      this.#rows.delete(id);
      this.#removed.add(id);
    } else this.#rows.set(id, instance);
    this.#changes.note(id);
    if (this.#removed.size > REMOVALS_KEPT_MAX) this.#forgetOldestRemoval();
  }

  #forgetOldestRemoval(): void {
    const [oldest] = this.#removed;
    if (oldest === undefined) return;
    this.#removed.delete(oldest);
    this.#forgotten = this.#changes.forget(oldest) ?? this.#forgotten;
  }
}
