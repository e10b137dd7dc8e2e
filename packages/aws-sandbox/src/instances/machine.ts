/**
 * A sandbox machine: an emulated SSM agent with shells, reaching the sandbox over HTTP and websockets as a real agent does.
 * It shares nothing with the gateway but the input journal.
 */
import type { SandboxLog } from "../log.ts";
import type { InputJournal } from "../ssm-messages/input-journal.ts";
import type { FleetInstance } from "./fleet.ts";

export interface MachineOptions {
  instance: FleetInstance;
  /** http://127.0.0.1:port */
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Folder in which the machine makes its home directory, 0700. */
  homeRoot: string;
  /** `windowed` (default) stops reading the pty at 128 unacknowledged frames; `real-agent` never does. Source: data-channel.md §16.2 #11. */
  profile?: "windowed" | "real-agent";
  /** `gateway.journal` */
  journal: InputJournal;
  log: SandboxLog;
}

export class Machine {
  readonly #options: MachineOptions;
  constructor(options: MachineOptions) {
    this.#options = options;
  }
  /** Resolves when the control channel was opened once (or the machine was stopped). */
  async start(): Promise<void> {
    this.#options.log.info("machine started", { instanceId: this.#options.instance.id });
  }
  /** Shells get SIGHUP, their sessions end, then the channels close. A stopped machine can be started again. */
  async stop(): Promise<void> {}
  /** The network is gone: sockets cut, nothing redialled; shells go on. */
  loseNetwork(): void {}
  /** The network is back: channels are redialled, sessions go on where they were. */
  restoreNetwork(): void {}
}
