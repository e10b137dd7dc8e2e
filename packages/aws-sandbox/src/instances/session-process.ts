/** What runs in a session, as the agent sees it: a shell in a pty, a command in a pty, or a command without one. */

export interface SessionProcess {
  /** Bytes from the person. */
  write(bytes: Uint8Array): void;
  /** Bytes given to `write` that the process has not taken yet. */
  readonly inputBytesWaiting: number;
  resize(cols: number, rows: number): void;
  /** Stops reading output: the process blocks once the kernel's buffer is full. */
  pauseOutput(): void;
  resumeOutput(): void;
  /** SIGHUP to all that belongs to it, SIGKILL soon after. `exited` follows. */
  kill(): void;
}

export interface SessionProcessEvents {
  /** @param isStdErr only for processes whose outputs are separate */
  output(bytes: Uint8Array, isStdErr: boolean): void;
  /** After the last output; once. */
  exited(exitCode: number): void;
}
