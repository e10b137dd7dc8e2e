import { expect, test } from "vitest";
import {
  type FromWorker,
  MATCH_MS_MAX,
  START_MS_MAX,
  type ToWorker,
  type WorkerLike,
  WorkerMatcher,
} from "./line-matcher.ts";

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  readonly asked: ToWorker[] = [];
  isEnded = false;
  postMessage(message: ToWorker): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  tell(data: FromWorker): void {
    this.onmessage?.({ data });
  }
}

class FakeTimers {
  readonly #due = new Map<number, { callback: () => void; ms: number }>();
  #next = 1;
  setTimeout(callback: () => void, ms: number): number {
    this.#due.set(this.#next, { callback, ms });
    return this.#next++;
  }
  clearTimeout(id: number): void {
    this.#due.delete(id);
  }
  get waitsMs(): number[] {
    return [...this.#due.values()].map(({ ms }) => ms);
  }
  fire(): void {
    for (const { callback } of this.#due.values()) callback();
  }
}

function begin() {
  const workers: FakeWorker[] = [];
  const timers = new FakeTimers();
  const matcher = new WorkerMatcher(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  }, timers);
  const match = (line: string) => matcher.match(/a/g, [line], 5);
  return { workers, timers, matcher, match };
}

/** Promises that are settled have told so. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("lines are sent once the worker has started, one question at a time, and one worker serves them all", async () => {
  const { workers, match } = begin();
  const first = match("one");
  const second = match("two");
  await turn();
  expect(workers[0]?.asked).toEqual([]);
  workers[0]?.tell({ kind: "ready" });
  expect(workers[0]?.asked.map(({ lines }) => lines)).toEqual([["one"]]);
  workers[0]?.tell({ kind: "matched", matches: [0, 1, 2] });
  expect(await first).toEqual({ kind: "matched", matches: [0, 1, 2] });
  await turn();
  expect(workers[0]?.asked.map(({ lines }) => lines)).toEqual([["one"], ["two"]]);
  workers[0]?.tell({ kind: "matched", matches: [] });
  expect(await second).toEqual({ kind: "matched", matches: [] });
  expect(workers).toHaveLength(1);
});

test("a pattern that runs beyond its time is ended with its worker, and the next one gets a new worker", async () => {
  const { workers, timers, match } = begin();
  const slow = match("one");
  await turn();
  expect(timers.waitsMs).toEqual([START_MS_MAX]);
  workers[0]?.tell({ kind: "ready" });
  expect(timers.waitsMs).toEqual([MATCH_MS_MAX]);
  timers.fire();
  expect(await slow).toEqual({ kind: "slow" });
  expect(workers[0]?.isEnded).toBe(true);
  const next = match("two");
  await turn();
  workers[1]?.tell({ kind: "ready" });
  workers[1]?.tell({ kind: "matched", matches: [] });
  expect(await next).toEqual({ kind: "matched", matches: [] });
  expect(timers.waitsMs).toEqual([]);
});

test("a worker that cannot be loaded is said, and tried again with the next question", async () => {
  const { workers, match } = begin();
  const first = match("one");
  await turn();
  workers[0]?.onerror?.(new Error("refused"));
  expect(await first).toEqual({ kind: "unavailable" });
  void match("two");
  await turn();
  expect(workers).toHaveLength(2);
});

test("a closed one answers whoever still waits, and leaves neither worker nor timer", async () => {
  const { workers, timers, matcher, match } = begin();
  const first = match("one");
  const second = match("two");
  await turn();
  matcher.dispose();
  expect(await first).toEqual({ kind: "unavailable" });
  expect(await second).toEqual({ kind: "unavailable" });
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([true]);
  expect(timers.waitsMs).toEqual([]);
});
