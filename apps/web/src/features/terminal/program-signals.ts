/**
 * What programs ask for beside their text: the bell, progress, the clipboard, links. Programs are not trusted: the clipboard is
 * written only where the person allowed it for this session, and a link that hides its target is asked about (DESIGN §6).
 */
import type { LinkTarget } from "./links/terminal-links.ts";
import type { ProgramProgress } from "./output/program-progress.ts";
import type { StatusStore } from "./status-store.ts";
import type { TerminalClock } from "./terminal-types.ts";

/** A bell that rings on and on is one bell. */
export const BELL_EVERY_MS = 1_000;
/** How long a bell that was seen is shown. */
export const BELL_SHOWN_MS = 3_000;

export interface ProgramSignalsOptions {
  status: StatusStore;
  clock: TerminalClock;
  /** Somebody looks at this terminal. */
  isSeen: () => boolean;
  /** Rejects where the browser does not let the page write. */
  writeClipboard: (text: string) => Promise<void>;
  openLink: (uri: string) => void;
}

export class ProgramSignals {
  readonly #options: ProgramSignalsOptions;
  #mayCopy: boolean | undefined;
  #bellAtMs = Number.NEGATIVE_INFINITY;
  #bellTimer: number | undefined;

  constructor(options: ProgramSignalsOptions) {
    this.#options = options;
  }

  bell(): void {
    const { status, clock, isSeen } = this.#options;
    const nowMs = clock.nowMs();
    if (nowMs - this.#bellAtMs < BELL_EVERY_MS) return;
    this.#bellAtMs = nowMs;
    status.set({ bell: true });
    if (isSeen()) this.handleShown();
    else status.set({ unread: true });
  }

  /** Somebody looks: a bell has been seen a moment later. */
  handleShown(): void {
    const { status, clock } = this.#options;
    if (status.getStatus().bell === undefined || this.#bellTimer !== undefined) return;
    this.#bellTimer = clock.setTimeout(() => {
      this.#bellTimer = undefined;
      status.set({ bell: undefined });
    }, BELL_SHOWN_MS);
  }

  progress(progress: ProgramProgress | undefined): void {
    const { status } = this.#options;
    const now = status.getStatus().progress;
    if (now?.kind === progress?.kind && now?.percent === progress?.percent) return;
    status.set({ progress });
  }

  /** A program wants this in the clipboard. */
  copies(text: string): void {
    if (this.#mayCopy === true) this.#write(text);
    else if (this.#mayCopy === undefined) this.#options.status.set({ copyAsk: { text } });
  }

  /** The person's word about this session's programs. */
  allowCopies(allowed: boolean): void {
    const { status } = this.#options;
    const asked = status.getStatus().copyAsk;
    this.#mayCopy = allowed;
    status.set({ copyAsk: undefined });
    if (allowed && asked !== undefined) this.#write(asked.text);
  }

  link(link: LinkTarget, isPlain: boolean): void {
    if (isPlain) this.#options.openLink(link.uri);
    else this.#options.status.set({ linkAsk: link });
  }

  answerLink(open: boolean): void {
    const { status, openLink } = this.#options;
    const { linkAsk } = status.getStatus();
    status.set({ linkAsk: undefined });
    if (open && linkAsk !== undefined) openLink(linkAsk.uri);
  }

  /** Another session: nothing is allowed, nothing is under way. */
  restart(): void {
    this.#mayCopy = undefined;
    this.#options.status.set({ copyAsk: undefined, linkAsk: undefined, progress: undefined });
  }

  stop(): void {
    if (this.#bellTimer !== undefined) this.#options.clock.clearTimeout(this.#bellTimer);
    this.#bellTimer = undefined;
  }

  #write(text: string): void {
    const { status, writeClipboard } = this.#options;
    writeClipboard(text).catch(() => status.notice("CLIPBOARD_NOT_WRITTEN", undefined));
  }
}
