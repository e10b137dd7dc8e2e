/** The readers attached to one session, who of them drives, and whose size holds. Tells each what concerns it. */
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import { driverOf, sizeOwnerOf } from "./reader-roles.ts";
import type { SessionReader } from "./session-reader.ts";

/** Readers per session (architecture §8 allows 50 viewers; sharing raises this). At the bound an attach is refused. */
export const READERS_MAX = 20;

export class ReaderSet {
  /** In order of attaching. */
  #readers: SessionReader[] = [];

  get isFull(): boolean {
    return this.#readers.length >= READERS_MAX;
  }
  get size(): number {
    return this.#readers.length;
  }
  get isAnyFarBehind(): boolean {
    return this.#readers.some((reader) => reader.isFarBehind);
  }
  get driver(): SessionReader | undefined {
    return driverOf(this.#readers);
  }
  get sizeOwner(): SessionReader | undefined {
    return sizeOwnerOf(this.#readers);
  }

  byStream(streamId: string): SessionReader | undefined {
    return this.#readers.find((reader) => reader.streamId === streamId);
  }

  add(reader: SessionReader): void {
    this.#readers.push(reader);
  }

  remove(reader: SessionReader): boolean {
    const index = this.#readers.indexOf(reader);
    if (index >= 0) this.#readers.splice(index, 1);
    return index >= 0;
  }

  pump(): void {
    for (const reader of [...this.#readers]) reader.pump(); // a reader that meets the end leaves the set
  }

  forEach(act: (reader: SessionReader) => void): void {
    for (const reader of [...this.#readers]) act(reader);
  }

  sendToAll(message: ServerMessage): void {
    for (const reader of this.#readers) reader.sink.sendMessage(message);
  }

  /**
   * Tells who began or ceased to answer terminal queries.
   * @param headOffset end of the log: a query before it was the former driver's, so that none is answered twice
   */
  announceDriver(headOffset: number): void {
    const { driver } = this;
    for (const reader of this.#readers) {
      const answersQueries = reader === driver;
      if (reader.answersQueries === answersQueries) continue;
      reader.answersQueries = answersQueries;
      reader.sink.sendMessage({ type: "control", answersQueries, fromOffset: headOffset });
    }
  }
}
