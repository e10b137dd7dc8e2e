/**
 * What one terminal shows and how large it is: joins the emulator, the order of output, and the size that the pane wants for
 * the shell. It knows whether somebody looks. Connections and keys are other parts'.
 */
import { isSizeFrozen } from "./frozen-size.ts";
import { OutputWriter, type OutputWriterEvents } from "./output-writer.ts";
import { ShellSize, type Size } from "./shell-size.ts";
import type { StatusStore } from "./status-store.ts";
import type { Surface } from "./surface.ts";
import type { PageSignals, TerminalClock } from "./terminal-types.ts";

export interface SessionScreenOptions {
  surface: Surface;
  /** Of the shell when it is known; else the surface's own. */
  size: Size;
  clock: TerminalClock;
  page: PageSignals;
  status: StatusStore;
  acknowledgements: OutputWriterEvents;
  /** Tells the server what the pane wants. @returns false: there is no connection */
  sendSize: (size: Size) => boolean;
  /** The pane has an area: a shell may be begun for it. */
  onFits: () => void;
}

export class SessionScreen {
  readonly writer: OutputWriter;
  readonly #options: SessionScreenOptions;
  readonly #size: ShellSize;

  constructor(options: SessionScreenOptions) {
    this.#options = options;
    const { surface, size, clock, acknowledgements } = options;
    this.writer = new OutputWriter(
      {
        write: (bytes, parsed) => surface.write(bytes, parsed),
        resize: (cols, rows) => this.#applySize(cols, rows),
        reset: () => surface.reset(),
        restored: () => surface.restored(),
      },
      acknowledgements,
    );
    this.#size = new ShellSize(size, clock, (wanted) => this.#sendSize(wanted));
  }

  get wantedSize(): Size {
    return this.#size.wanted;
  }

  /** The wanted size goes along with an attach message. */
  tellSizeWithAttach(): Size {
    return this.#size.tellWithAttach();
  }

  get isSeen(): boolean {
    return this.#options.surface.isShown && this.#options.page.isVisible();
  }

  /** @param bytes the server's next output */
  output(bytes: Uint8Array): void {
    const isNews = this.writer.output(bytes);
    if (isNews && !this.isSeen) this.#options.status.set({ unread: true });
  }

  /** Somebody may look again. */
  handleShown(): void {
    if (this.isSeen) this.#options.status.set({ unread: false });
  }

  /** The pane was laid out anew. */
  handleLayout(): void {
    this.handleShown();
    if (this.#isFrozen) return;
    const fit = this.#options.surface.fitSize();
    if (fit === undefined) return;
    this.#size.want(fit);
    this.#options.onFits();
  }

  dispose(): void {
    this.#size.stop();
    this.writer.dispose();
    this.#options.surface.dispose();
  }

  get #isFrozen(): boolean {
    return isSizeFrozen(this.#options.status.getStatus(), this.#options.clock.nowMs());
  }

  #sendSize(size: Size): boolean {
    return this.#options.surface.isShown && !this.#isFrozen && this.#options.sendSize(size);
  }

  #applySize(cols: number, rows: number): void {
    this.#options.surface.resize(cols, rows);
    this.#options.status.set({ cols, rows });
  }
}
