/** What runs in a session, as the agent sees it: a shell in a pty, a command in a pty, a command without one, or a tunnel. */

export interface SessionProcess {
  /** Bytes from the person. */
  write(bytes: Uint8Array): void;
  /** Bytes given to `write` that the process has not taken yet. */
  readonly inputBytesWaiting: number;
  resize(cols: number, rows: number): void;
  /** A word of the client's besides its bytes: of tunnels only (data-channel.md §5, Flag). */
  flag?(flag: number): void;
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

/** What a tunnel says besides. */
export interface TunnelEvents extends SessionProcessEvents {
  /** A word to the client (data-channel.md §5, Flag). */
  flag(flag: number): void;
  /** In the place of `exited`: what it was started for did not come about. `text` is for the person, "" for none. */
  failed(text: string): void;
}
