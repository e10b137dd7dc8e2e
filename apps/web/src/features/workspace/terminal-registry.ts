/**
 * Owns the terminals of this page, outside React, by tab key. The terminal code is loaded after the first paint;
 * tabs opened before it is there get their terminal when it comes.
 */
import type { Session } from "@causeway/wire-contract/sessions";
import type { TabTarget } from "./tab-state.ts";
import type { TerminalFactory, WorkspaceTerminal } from "./workspace-terminal.ts";

interface Waiting {
  target: TabTarget;
  existing: Session | undefined;
}

export class TerminalRegistry<T extends WorkspaceTerminal = WorkspaceTerminal> {
  readonly #load: () => Promise<TerminalFactory<T>>;
  readonly #terminals = new Map<string, { terminal: T; unsubscribe: () => void }>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<() => void>();
  #factory: TerminalFactory<T> | undefined;
  #loading = false;
  #loadFailed = false;
  #disposed = false;

  constructor(load: () => Promise<TerminalFactory<T>>) {
    this.#load = load;
  }

  /** Begins to fetch the terminal code; again after a failure. */
  preload(): void {
    if (this.#factory || this.#loading) return;
    this.#loading = true;
    this.#loadFailed = false;
    this.#load().then(
      (factory) => this.#loaded(factory),
      () => {
        this.#loading = false;
        this.#loadFailed = true; // an old page on an updated server: its files are gone
        this.#emit();
      },
    );
  }

  get loadFailed(): boolean {
    return this.#loadFailed;
  }

  open(key: string, target: TabTarget, existing: Session | undefined): void {
    if (this.#factory) this.#make(key, target, existing, this.#factory);
    else {
      this.#waiting.set(key, { target, existing });
      this.preload();
    }
    this.#emit();
  }

  get(key: string): T | undefined {
    return this.#terminals.get(key)?.terminal;
  }

  /** Lets go of the terminal; its shell goes on unless it was ended before. */
  remove(key: string): void {
    this.#waiting.delete(key);
    const entry = this.#terminals.get(key);
    if (entry === undefined) return;
    this.#terminals.delete(key);
    entry.unsubscribe();
    entry.terminal.dispose();
    this.#emit();
  }

  all(): T[] {
    return [...this.#terminals.values()].map(({ terminal }) => terminal);
  }

  /** Told when a terminal came, went, or changed its status. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  dispose(): void {
    this.#disposed = true;
    this.#waiting.clear();
    for (const key of [...this.#terminals.keys()]) this.remove(key);
    this.#listeners.clear();
  }

  #loaded(factory: TerminalFactory<T>): void {
    this.#loading = false;
    if (this.#disposed) return;
    this.#factory = factory;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [key, { target, existing }] of waiting) this.#make(key, target, existing, factory);
    this.#emit();
  }

  #make(key: string, target: TabTarget, existing: Session | undefined, factory: TerminalFactory<T>): void {
    const terminal = factory(target, existing);
    this.#terminals.set(key, { terminal, unsubscribe: terminal.subscribe(() => this.#emit()) });
  }

  #emit(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
