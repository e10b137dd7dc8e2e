/** The readers attached to one session, who of them drives, and whose size holds. Tells each what concerns it. */
import type { ServerMessage } from "@causeway/wire-contract/terminal-messages";
import type { TerminalSize } from "../log/session-log.ts";
import { driverOf, wantedSizeOf } from "./reader-roles.ts";
import type { SessionReader } from "./session-reader.ts";

/** Pages of the owner per session. At the bound an attach is refused. */
export const READERS_MAX = 20;
/** Pages of viewers per session; sharing/ refuses people far below it, each of whom may have a few. */
export const GUEST_READERS_MAX = 200;

export class ReaderSet {
  /** In order of attaching. */
  #readers: SessionReader[] = [];

  isFullFor(reader: { isGuest: boolean }): boolean {
    const count = this.#readers.filter(({ isGuest }) => isGuest === reader.isGuest).length;
    return count >= (reader.isGuest ? GUEST_READERS_MAX : READERS_MAX);
  }
  get size(): number {
    return this.#readers.length;
  }
  get isAnyFarBehind(): boolean {
    return this.#readers.some((reader) => reader.isFarBehind && !reader.isGuest);
  }
  get driver(): SessionReader | undefined {
    return driverOf(this.#readers);
  }
  /** undefined: no page of the owner is attached, the last size stays. */
  get wantedSize(): TerminalSize | undefined {
    return wantedSizeOf(this.#readers);
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
