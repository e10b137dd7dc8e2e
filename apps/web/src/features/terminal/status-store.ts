/** The status of one terminal as stable snapshots for `useSyncExternalStore`: a new object only when something changed. */
import type { TerminalNotice, TerminalStatus } from "./terminal-types.ts";

/** Parts of the page that follow one terminal; more is a leak. */
export const STATUS_LISTENERS_MAX = 32;
/** Notices kept for the strip; the oldest goes. */
export const NOTICES_MAX = 4;

type Distribute<T> = T extends TerminalStatus ? Omit<T, Exclude<keyof T & BaseKey, "kind">> : never;
type BaseKey =
  | "sinceMs"
  | "heldKeys"
  | "unread"
  | "title"
  | "cols"
  | "rows"
  | "latencyMs"
  | "latencyAtMs"
  | "agentLatencyMs"
  | "agentLatencyAtMs"
  | "latencyLine"
  | "held"
  | "session"
  | "channel"
  | "channelReason"
  | "time"
  | "inputStorage"
  | "notices"
  | "tabMovesFocus"
  | "pasteAsk"
  | "paste"
  | "bell"
  | "progress"
  | "copyAsk"
  | "linkAsk"
  | "said"
  | "search";
/** What is special to one kind of status. */
export type Phase = Distribute<TerminalStatus>;
type Base = Pick<TerminalStatus, BaseKey>;
/** `undefined` takes an optional fact back. */
type BasePatch = { [K in Exclude<BaseKey, "sinceMs" | "notices">]?: Base[K] | undefined };

export class StatusStore {
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  #phase: Phase;
  #base: Base;
  #status: TerminalStatus;
  #nextNoticeId = 1;

  constructor(phase: Phase, base: Omit<Base, "sinceMs" | "notices">, nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#phase = phase;
    this.#base = { ...base, sinceMs: nowMs(), notices: [] };
    this.#status = compose(this.#base, this.#phase);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size >= STATUS_LISTENERS_MAX) throw new Error("too many status listeners: one leaks");
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getStatus = (): TerminalStatus => this.#status;

  get phase(): Phase {
    return this.#phase;
  }

  setPhase(phase: Phase): void {
    if (same(phase, this.#phase)) return;
    if (phase.kind !== this.#phase.kind) this.#base = { ...this.#base, sinceMs: this.#nowMs() };
    this.#phase = phase;
    this.#publish();
  }

  set(patch: BasePatch): void {
    const next: Record<string, unknown> = { ...this.#base };
    for (const [key, value] of Object.entries(patch)) {
      if (value === undefined) delete next[key];
      else next[key] = value;
    }
    if (same(next, this.#base)) return;
    this.#base = next as unknown as Base;
    this.#publish();
  }

  /** The same notice twice is one notice. */
  notice(code: string, text: string | undefined): void {
    const others = this.#base.notices.filter((notice) => notice.code !== code || notice.text !== text);
    const added: TerminalNotice = { id: this.#nextNoticeId++, code, ...(text === undefined ? {} : { text }) };
    this.#base = { ...this.#base, notices: [...others, added].slice(-NOTICES_MAX) };
    this.#publish();
  }

  dismiss(id: number): void {
    if (!this.#base.notices.some((notice) => notice.id === id)) return;
    this.#base = { ...this.#base, notices: this.#base.notices.filter((notice) => notice.id !== id) };
    this.#publish();
  }

  /** @param code only these; default: all */
  clearNotices(code?: string): void {
    const kept = this.#base.notices.filter((notice) => code !== undefined && notice.code !== code);
    if (kept.length === this.#base.notices.length) return;
    this.#base = { ...this.#base, notices: kept };
    this.#publish();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  dispose(): void {
    this.#listeners.clear();
  }

  #publish(): void {
    this.#status = compose(this.#base, this.#phase);
    for (const listener of [...this.#listeners]) listener();
  }
}

function compose(base: Base, phase: Phase): TerminalStatus {
  return { ...base, ...phase } as TerminalStatus;
}

/** Shallow: values are primitives or immutable objects; held keys are small and compared by their content. */
function same(a: object, b: object): boolean {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.is(left[key], right[key]) || (key === "heldKeys" && same(left[key] as object, right[key] as object)),
    )
  );
}
