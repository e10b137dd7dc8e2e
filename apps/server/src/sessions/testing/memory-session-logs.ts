/** For tests: logs in memory, whose keeper's part is stored at once and forgotten with the process. */
import { MemoryCheckpoints } from "../log/memory-checkpoints.ts";
import { MemorySessionLog } from "../log/memory-session-log.ts";
import type { TerminalSize } from "../log/session-log.ts";
import type { DurableLog, SessionLogs } from "../log/session-logs.ts";

export class MemoryDurableLog extends MemorySessionLog implements DurableLog {
  readonly checkpoints = new MemoryCheckpoints();
  appendEarly(_sequenceNumber: number, _frame: Uint8Array, onStored: () => void): void {
    onStored();
  }
  readonly isDurable = true;
  appendHole(): void {}
  withdrawSent(): void {}
  reserveUnstored(): boolean {
    return true;
  }
  appendSent(_message: unknown, onStored: (stored: boolean) => void): void {
    onStored(true);
  }
  appendAcknowledged(): void {}
  appendStreamOffset(_streamId: string, _offset: number, onStored: () => void): void {
    onStored();
  }
  storeState(): void {}
}

export class MemorySessionLogs implements SessionLogs {
  /** By session. */
  readonly logs = new Map<string, MemoryDurableLog>();
  async create(id: string, size: TerminalSize): Promise<DurableLog> {
    const log = new MemoryDurableLog(size);
    this.logs.set(id, log);
    return log;
  }
  async delete(): Promise<void> {}
  async close(): Promise<void> {}
}
