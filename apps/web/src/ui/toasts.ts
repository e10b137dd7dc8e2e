/**
 * Short notices at the bottom right. The toast owns the one timer of what hangs on it: hovering or focusing it
 * holds the time still, and whatever way it leaves, except by its own actions, `onExpire` runs exactly once.
 * Framework-free; `toast-region.tsx` draws it.
 */
export const TOAST_MS = 6_000;
/** At the bound the oldest expires at once, as if its time had run out (DESIGN §10). */
export const TOASTS_MAX = 3;
/** Kept to be read later, of this page; at the bound the oldest is forgotten. */
export const KEPT_NOTICES_MAX = 50;

export interface ToastTimer {
  nowMs(): number;
  setTimeout(fn: () => void, ms: number): number;
  clearTimeout(id: number): void;
}

export interface ToastSpec {
  title: string;
  detail?: string;
  tone?: "plain" | "bad";
  /** Keys that do what it speaks of. */
  keys?: readonly { caps: readonly string[]; words: string }[];
  /** How long it stands, in milliseconds; otherwise `TOAST_MS`. */
  standsMs?: number;
  action?: { label: string; keys?: readonly string[]; run(): void };
  /** The other answer, where there are two. */
  other?: { label: string; run(): void };
  /** It asks: it stands for so long, and newer ones do not push it out. In milliseconds. */
  asksForMs?: number;
  /** Time ran out, was dismissed, or newer toasts pushed it out. Not called when the action was taken. */
  onExpire?(): void;
}

export interface Toast extends ToastSpec {
  readonly id: number;
}

/** A notice as it is kept (DESIGN §10). */
export interface KeptNotice {
  readonly id: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly tone: ToastSpec["tone"];
  /** On the timer's clock, in milliseconds. */
  readonly atMs: number;
}

export interface KeptNotices {
  /** Newest first. */
  readonly notices: readonly KeptNotice[];
  /** One left by itself since they were looked at. */
  readonly hasUnread: boolean;
}

interface Running {
  toast: Toast;
  leftMs: number;
  startedAtMs: number;
  timer: number | undefined;
}

export class Toasts {
  readonly #timer: ToastTimer;
  readonly #listeners = new Set<() => void>();
  #running: Running[] = [];
  #snapshot: readonly Toast[] = [];
  #kept: KeptNotices = { notices: [], hasUnread: false };
  #nextId = 1;

  constructor(timer: ToastTimer) {
    this.#timer = timer;
  }

  getSnapshot = (): readonly Toast[] => this.#snapshot;
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getKept = (): KeptNotices => this.#kept;

  /** Somebody looks at what was kept. */
  handleRead(): void {
    this.#kept = { ...this.#kept, hasUnread: false };
    this.#emit();
  }

  nowMs(): number {
    return this.#timer.nowMs();
  }

  show(spec: ToastSpec): number {
    const toast: Toast = { ...spec, id: this.#nextId++ };
    this.#keep(toast);
    const running: Running = {
      toast,
      leftMs: spec.asksForMs ?? spec.standsMs ?? TOAST_MS,
      startedAtMs: 0,
      timer: undefined,
    };
    this.#running = [...this.#running, running];
    this.#start(running);
    const isFull = this.#running.length > TOASTS_MAX;
    const oldest = isFull
      ? (this.#running.find(({ toast: { asksForMs } }) => asksForMs === undefined) ?? this.#running[0])
      : undefined;
    if (oldest) this.#runOut(oldest.toast.id);
    this.#emit();
    return toast.id;
  }

  /** Pointer or focus is on the toasts: nothing runs out while it is read. */
  hold(): void {
    for (const running of this.#running) {
      if (running.timer === undefined) continue;
      this.#timer.clearTimeout(running.timer);
      running.timer = undefined;
      running.leftMs -= this.#timer.nowMs() - running.startedAtMs;
    }
  }

  release(): void {
    for (const running of this.#running) if (running.timer === undefined) this.#start(running);
  }

  act(id: number): void {
    const toast = this.#remove(id);
    toast?.action?.run();
  }

  actOther(id: number): void {
    const toast = this.#remove(id);
    toast?.other?.run();
  }

  dismiss(id: number): void {
    const toast = this.#remove(id);
    toast?.onExpire?.();
  }

  /** Everything that waits happens now, in order: the page is going away. */
  flush(): void {
    for (const { toast } of [...this.#running]) this.dismiss(toast.id);
  }

  #start(running: Running): void {
    running.startedAtMs = this.#timer.nowMs();
    running.timer = this.#timer.setTimeout(() => this.#runOut(running.toast.id), Math.max(0, running.leftMs));
  }

  /** Nobody took it away: perhaps nobody saw it. */
  #runOut(id: number): void {
    this.#kept = { ...this.#kept, hasUnread: true };
    this.dismiss(id);
  }

  #keep({ id, title, detail, tone }: Toast): void {
    const notice = { id, title, detail, tone, atMs: this.#timer.nowMs() };
    this.#kept = { ...this.#kept, notices: [notice, ...this.#kept.notices].slice(0, KEPT_NOTICES_MAX) };
  }

  #remove(id: number): Toast | undefined {
    const running = this.#running.find((candidate) => candidate.toast.id === id);
    if (running === undefined) return undefined;
    if (running.timer !== undefined) this.#timer.clearTimeout(running.timer);
    this.#running = this.#running.filter((candidate) => candidate !== running);
    this.#emit();
    return running.toast;
  }

  #emit(): void {
    this.#snapshot = this.#running.map(({ toast }) => toast);
    for (const listener of [...this.#listeners]) listener();
  }
}
