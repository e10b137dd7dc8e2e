/**
 * Notifications of the system, for whoever turned them on: a long command that ended, a question for the keyboard, an idle
 * limit that is near; only while the page is hidden. They name the instance and say nothing of what was typed or printed.
 */
import type { CommandEnd } from "../features/terminal/marks/command-marks.ts";
import { commandWords } from "../features/terminal/marks/command-words.ts";

/** Shorter commands are waited for. */
export const LONG_COMMAND_MS = 10_000;
/** How long before the idle limit it is said (DESIGN §10). */
export const IDLE_WARNING_MS = 2 * 60_000;

/** `absent`: this browser has none. */
export type NoticePermission = "default" | "granted" | "denied" | "absent";

/** The browser's part. */
export interface NoticeHost {
  permission(): NoticePermission;
  /** Asks the person, if she was not asked yet. */
  ask(): Promise<unknown>;
  isHidden(): boolean;
  /** @param tag one notice of a tag stands at a time */
  show(notice: { title: string; body: string; tag: string; onClick: () => void }): void;
}

export interface NoticedTerminal {
  readonly key: string;
  readonly target: { instanceName: string };
}

export class SystemNotices {
  readonly #host: NoticeHost;
  readonly #isWanted: () => boolean;
  readonly #open: (terminal: NoticedTerminal) => void;
  readonly #listeners = new Set<() => void>();

  /** @param open the person clicked a notice: brings the page and this terminal to the front */
  constructor(host: NoticeHost, isWanted: () => boolean, open: (terminal: NoticedTerminal) => void) {
    this.#host = host;
    this.#isWanted = isWanted;
    this.#open = open;
  }

  readonly permission = (): NoticePermission => this.#host.permission();

  /** Told when the person has answered the browser. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** On the person's own word only: browsers ignore, and people refuse, what comes unasked. */
  async ask(): Promise<void> {
    if (this.#host.permission() === "default") await this.#host.ask();
    for (const listener of [...this.#listeners]) listener();
  }

  commandEnded(terminal: NoticedTerminal, end: CommandEnd): void {
    if (end.tookMs <= LONG_COMMAND_MS) return;
    const { instanceName } = terminal.target;
    this.#tell(
      terminal,
      "command",
      `A command on ${instanceName} is over`,
      `It ${commandWords({ state: "ended", ...end })}.`,
    );
  }

  keyboardAsked(terminal: NoticedTerminal, name: string): void {
    this.#tell(
      terminal,
      "keyboard",
      `${name} asks for the keyboard`,
      `Of your terminal on ${terminal.target.instanceName}.`,
    );
  }

  idleNear(terminal: NoticedTerminal): void {
    const { instanceName } = terminal.target;
    this.#tell(terminal, "idle", `The shell on ${instanceName} ends soon`, "In 2 min without a key. Any key keeps it.");
  }

  #tell(terminal: NoticedTerminal, kind: string, title: string, body: string): void {
    if (!this.#isWanted() || !this.#host.isHidden() || this.#host.permission() !== "granted") return;
    const { key, target } = terminal;
    // the notice may stand long after its terminal was closed: it keeps no more of that than its name
    this.#host.show({ title, body, tag: `${kind} ${key}`, onClick: () => this.#open({ key, target }) });
  }
}

export const browserNotices: NoticeHost = {
  permission: () => ("Notification" in globalThis ? Notification.permission : "absent"),
  ask: () => Notification.requestPermission(),
  isHidden: () => document.visibilityState === "hidden",
  show: ({ title, body, tag, onClick }) => {
    const notice = new Notification(title, { body, tag });
    notice.onclick = () => {
      window.focus();
      notice.close();
      onClick();
    };
  },
};
