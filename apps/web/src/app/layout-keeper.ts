/** Stores the newest layout of tabs and panes on the server once changes rest; one request at a time. */
import type { WorkspaceLayout } from "@causeway/wire-contract/preferences";

/** Opening, splitting and moving come in bursts. */
export const LAYOUT_REST_MS = 1_000;

interface Deps {
  clock: { setTimeout(callback: () => void, ms: number): number; clearTimeout(id: number): void };
  store(layout: WorkspaceLayout): Promise<void>;
}

export class LayoutKeeper {
  readonly #deps: Deps;
  #newest: WorkspaceLayout | undefined;
  #timer: number | undefined;
  #isStoring = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  keep(layout: WorkspaceLayout): void {
    this.#newest = layout;
    if (!this.#isStoring) this.#wait();
  }

  stop(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#newest = undefined;
  }

  #wait(): void {
    if (this.#timer !== undefined) this.#deps.clock.clearTimeout(this.#timer);
    this.#timer = this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#store();
    }, LAYOUT_REST_MS);
  }

  async #store(): Promise<void> {
    const layout = this.#newest;
    if (layout === undefined) return;
    this.#newest = undefined;
    this.#isStoring = true;
    await this.#deps.store(layout);
    this.#isStoring = false;
    if (this.#newest !== undefined) this.#wait();
  }
}
