/** Who waits to hear that something is stored, in order. As many as were appended since the last write, so no bound of their own. */
interface SentCallback {
  sequenceNumber: number;
  isWritten: boolean;
  run: (isStored: boolean) => void;
}

export class StoredCallbacks {
  #others: (() => void)[] = [];
  #sent: SentCallback[] = [];

  add(run: () => void): void {
    this.#others.push(run);
  }

  /** Of a message of ours: it may have to wait longer than its write, for its number. */
  addSent(sequenceNumber: number, run: (isStored: boolean) => void): void {
    this.#sent.push({ sequenceNumber, isWritten: false, run });
  }

  /** Messages of ours from this number on were taken back: nobody waits for them. */
  withdrawSent(fromSequenceNumber: number): void {
    this.#sent = this.#sent.filter(({ sequenceNumber }) => sequenceNumber < fromSequenceNumber);
  }

  /** Everything so far was handed to the kernel. */
  handleWritten(): void {
    for (const sent of this.#sent) sent.isWritten = true;
  }

  runOthers(): void {
    for (const run of this.#others.splice(0)) run();
  }

  /** @param confirmedBelow numbers below it may leave; undefined: the log is not durable, and nobody waits for a number */
  runSent(confirmedBelow: () => number | undefined): void {
    for (let sent = this.#sent[0]; sent !== undefined; sent = this.#sent[0]) {
      const below = confirmedBelow();
      if (below !== undefined && (!sent.isWritten || sent.sequenceNumber >= below)) return;
      this.#sent.shift();
      sent.run(sent.isWritten); // a restart finds what was written, also on a disk that takes nothing more
    }
  }

  clear(): void {
    this.#others = [];
    this.#sent = [];
  }
}
