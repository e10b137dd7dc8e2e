/**
 * Screen reader mode of one terminal: the emulator's rows as text that can be walked through, and our own way of reading new
 * output out. The emulator's own live region is silenced: it is assertive and speaks with every character (DESIGN §12).
 */
import type { Terminal } from "@xterm/xterm";
import type { TerminalClock } from "../terminal-types.ts";
import { OutputAnnouncer } from "./output-announcer.ts";

/** Announcements that stay in the live region: readers speak what is added. */
export const ANNOUNCEMENTS_MAX = 5;

export interface ScreenReaderOptions {
  clock: TerminalClock;
  /** As chosen right now. */
  isOn(): boolean;
}

export class ScreenReader {
  readonly #terminal: Terminal;
  readonly #host: HTMLElement;
  readonly #isOn: () => boolean;
  readonly #announcer: OutputAnnouncer;
  #region: HTMLElement | undefined;

  /** @param host the terminal's element */
  constructor(terminal: Terminal, host: HTMLElement, { clock, isOn }: ScreenReaderOptions) {
    this.#terminal = terminal;
    this.#host = host;
    this.#isOn = isOn;
    this.#announcer = new OutputAnnouncer(terminal, {
      clock,
      isHeard: () => this.#region !== undefined && host.contains(document.activeElement),
      announce: (text) => this.#announce(text),
    });
  }

  /** The setting, as it is now. To be told once the emulator is on the page, and at each change. */
  apply(): void {
    const isOn = this.#isOn();
    if (isOn === (this.#region !== undefined) || this.#terminal.element === undefined) return;
    this.#terminal.options.screenReaderMode = isOn;
    if (!isOn) {
      this.#region?.remove();
      this.#region = undefined;
      this.#announcer.stop();
      return;
    }
    this.#host.querySelector(".xterm-accessibility .live-region")?.setAttribute("aria-live", "off");
    this.#region = document.createElement("div");
    this.#region.className = "sr announced-output";
    this.#region.setAttribute("aria-live", "polite");
    this.#host.append(this.#region);
    this.#announcer.begin();
  }

  handleTyped(text: string): void {
    if (this.#region !== undefined) this.#announcer.handleTyped(text);
  }

  /** @param isLive see `OutputAnnouncer` */
  handleParsed(isLive: boolean): void {
    if (this.#region !== undefined) this.#announcer.handleParsed(isLive);
  }

  /** The emulator was cleared. */
  reset(): void {
    this.#announcer.reset();
  }

  dispose(): void {
    this.#announcer.stop();
    this.#region?.remove();
  }

  #announce(text: string): void {
    if (this.#region === undefined) return;
    const said = document.createElement("p");
    said.textContent = text;
    this.#region.append(said);
    while (this.#region.childElementCount > ANNOUNCEMENTS_MAX) this.#region.firstElementChild?.remove();
  }
}
