import { expect, test } from "vitest";
import { KEPT_NOTICES_MAX, TOAST_MS, TOASTS_MAX, Toasts, type ToastTimer } from "./toasts.ts";

class FakeTimer implements ToastTimer {
  #now = 0;
  #nextId = 1;
  readonly pending = new Map<number, { at: number; fn: () => void }>();
  nowMs = (): number => this.#now;
  setTimeout = (fn: () => void, ms: number): number => {
    this.pending.set(this.#nextId, { at: this.#now + ms, fn });
    return this.#nextId++;
  };
  clearTimeout = (id: number): void => void this.pending.delete(id);
  advance(ms: number): void {
    this.#now += ms;
    for (const [id, { at, fn }] of [...this.pending]) if (at <= this.#now && this.pending.delete(id)) fn();
  }
}

function setUp() {
  const timer = new FakeTimer();
  const expired: string[] = [];
  const toasts = new Toasts(timer);
  const show = (title: string) => toasts.show({ title, onExpire: () => void expired.push(title) });
  return { timer, toasts, expired, show };
}

test("a toast leaves after its time, and what hangs on it happens once", () => {
  const { timer, toasts, expired, show } = setUp();
  show("a");
  timer.advance(TOAST_MS - 1);
  expect(expired).toEqual([]);
  timer.advance(1);
  expect(expired).toEqual(["a"]);
  expect(toasts.getSnapshot()).toEqual([]);
  toasts.flush();
  expect(expired).toEqual(["a"]);
});

test("while the pointer is on the toasts time stands still", () => {
  const { timer, toasts, expired, show } = setUp();
  show("a");
  timer.advance(TOAST_MS - 1_000);
  toasts.hold();
  timer.advance(60_000);
  expect(expired).toEqual([]);
  toasts.release();
  timer.advance(999);
  expect(expired).toEqual([]);
  timer.advance(1);
  expect(expired).toEqual(["a"]);
});

test("taking the action instead keeps the other thing from happening", () => {
  const { timer, toasts, expired } = setUp();
  const done: string[] = [];
  const id = toasts.show({
    title: "Closed",
    action: { label: "Undo", run: () => void done.push("undone") },
    onExpire: () => void expired.push("ended"),
  });
  toasts.act(id);
  timer.advance(TOAST_MS);
  expect(done).toEqual(["undone"]);
  expect(expired).toEqual([]);
  expect(timer.pending.size).toBe(0);
});

test("one more than the bound makes the oldest expire at once", () => {
  const { toasts, expired, show } = setUp();
  for (let count = 0; count <= TOASTS_MAX; count++) show(`toast ${count}`);
  expect(expired).toEqual(["toast 0"]);
  expect(toasts.getSnapshot()).toHaveLength(TOASTS_MAX);
});

test("when the page goes, everything that waits happens now, in order", () => {
  const { timer, toasts, expired, show } = setUp();
  show("a");
  show("b");
  toasts.flush();
  expect(expired).toEqual(["a", "b"]);
  expect(timer.pending.size).toBe(0);
});

test("notices are kept, the newest first, up to a bound; one that left by itself is unread until they are looked at", () => {
  const { timer, toasts, show } = setUp();
  toasts.dismiss(show("taken away"));
  expect(toasts.getKept()).toMatchObject({ notices: [{ title: "taken away", atMs: 0 }], hasUnread: false });
  timer.advance(5);
  show("ran out");
  timer.advance(TOAST_MS);
  expect(toasts.getKept().hasUnread).toBe(true);
  expect(toasts.getKept().notices.map(({ title, atMs }) => [title, atMs])).toEqual([
    ["ran out", 5],
    ["taken away", 0],
  ]);
  toasts.handleRead();
  expect(toasts.getKept().hasUnread).toBe(false);
  for (let n = 0; n < KEPT_NOTICES_MAX; n++) show(`${n}`);
  expect(toasts.getKept().notices).toHaveLength(KEPT_NOTICES_MAX);
  expect(toasts.getKept().notices.at(-1)?.title).toBe("0");
  expect(toasts.getKept().hasUnread).toBe(true); // pushed out by newer ones
});
