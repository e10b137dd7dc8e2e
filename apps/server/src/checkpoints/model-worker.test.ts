/** The real thread with the real model. */
import { restoreModel, TerminalModel } from "@causeway/terminal-checkpoint";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { FakeClock } from "../platform/fake-clock.ts";
import { workerEntry } from "./index.ts";
import { ANSWER_WITHIN_MS, IDLE_ENDED_AFTER_MS, ModelWorker, RESTART_DELAY_MS } from "./model-worker.ts";

const FRAGILE_WORKER = new URL("./testing/fragile-worker.mjs", import.meta.url);
const BROKEN_WORKER = new URL("./testing/broken-worker.mjs", import.meta.url);

const workers: ModelWorker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

function make(entry: URL = workerEntry(), clock: ConstructorParameters<typeof ModelWorker>[0]["clock"] = systemClock) {
  const deaths: string[] = [];
  const worker = new ModelWorker({ clock, entry, onDied: (reason) => deaths.push(reason) });
  workers.push(worker);
  return { worker, deaths };
}
const text = (value: string) => new TextEncoder().encode(value);

async function modelOf(parts: readonly string[]): Promise<TerminalModel> {
  const model = new TerminalModel({ cols: 40, rows: 10 });
  for (const part of parts) await model.write(text(part));
  return model;
}

test("what the thread makes of slices and sizes is what a model makes of them here", async () => {
  const { worker } = make();
  worker.begin(40, 10, undefined);
  await worker.output(text("one\r\n\u001b[31mtwo "));
  await worker.output(text("漢字\r\n"));
  worker.size(60, 12);
  await worker.output(text("three \u001b[4m"));
  const { checkpoint, behindBytes, cpuMs } = await worker.end("all", 1);
  expect(checkpoint).toMatchObject({ cols: 60, rows: 12 });
  expect(behindBytes).toBe("\u001b[4m".length);
  expect(cpuMs).toBeGreaterThan(0);
  const expected = await modelOf(["one\r\n\u001b[31mtwo 漢字\r\n"]);
  expected.resize(60, 12);
  await expected.write(text("three "));
  const restored = await restoreModel(checkpoint?.bytes ?? text(""), 60, 12);
  expect(restored.describe()).toEqual(expected.describe());
});

test("it goes on from a checkpoint", async () => {
  const before = await modelOf(["\u001b[?1049h\u001b[5;5Hhello \u001b[1m"]);
  const { worker } = make();
  worker.begin(40, 10, before.checkpoint());
  await worker.output(text("world\u001b[m."));
  const { checkpoint } = await worker.end("screen", 0);
  await before.write(text("world\u001b[m."));
  const restored = await restoreModel(checkpoint?.bytes ?? text(""), 40, 10);
  expect(restored.describe("screen")).toEqual(before.describe("screen"));
});

test("a place inside a sequence is no place for a checkpoint; where there is none at all, it is said", async () => {
  const { worker } = make();
  worker.begin(40, 10, undefined);
  await worker.output(text("\u001b]0;never"));
  await worker.output(text(" ending title"));
  expect((await worker.end("all", 0)).checkpoint).toBeUndefined();
  worker.begin(40, 10, undefined); // and the next job is not disturbed
  await worker.output(text("ok \u001b[3"));
  expect(await worker.end("all", 0)).toMatchObject({ checkpoint: { cols: 40 }, behindBytes: 3 });
});

test("the CPU of a job is counted while it is under way, also when it never comes to its end", async () => {
  const { worker } = make();
  worker.begin(40, 10, undefined);
  await worker.output(text("one\r\n"));
  const { cpuMs } = worker;
  expect(cpuMs).toBeGreaterThan(0);
  await worker.output(text("two\r\n".repeat(10_000)));
  await worker.output(text("three\r\n")); // the one before was parsed first
  expect(worker.cpuMs).toBeGreaterThan(cpuMs);
});

test("a thread without work is ended, and made again by the next job", async () => {
  const clock = new FakeClock();
  const { worker, deaths } = make(workerEntry(), clock);
  worker.begin(40, 10, undefined);
  await worker.end("all", 0);
  const { cpuMs } = worker;
  expect(worker.isRunning).toBe(true);
  clock.advance(IDLE_ENDED_AFTER_MS);
  expect(worker.isRunning).toBe(false);
  worker.begin(40, 10, undefined);
  await worker.end("all", 0);
  expect(worker.cpuMs).toBeGreaterThan(cpuMs);
  expect(deaths).toEqual([]);
});

test("a thread that dies takes its job with it, and the next one is made a second later, then two, until one works", async () => {
  const clock = new FakeClock();
  const { worker, deaths } = make(BROKEN_WORKER, clock);
  for (const delayMs of [RESTART_DELAY_MS, 2 * RESTART_DELAY_MS]) {
    worker.begin(40, 10, undefined);
    await expect(worker.output(text("die"))).rejects.toThrow();
    expect(worker.availableAtMs).toBe(clock.nowMs() + delayMs);
  }
  expect(deaths).toHaveLength(2);
});

test("a thread that needs more memory than it may have is ended, and nothing else is", async () => {
  const { worker, deaths } = make(BROKEN_WORKER, new FakeClock());
  worker.begin(40, 10, undefined);
  await expect(worker.output(text("eat"))).rejects.toThrow();
  expect(deaths).toEqual(["ERR_WORKER_OUT_OF_MEMORY"]);
});

test("a thread that hangs is given up", async () => {
  const clock = new FakeClock();
  const { worker, deaths } = make(BROKEN_WORKER, clock);
  worker.begin(40, 10, undefined);
  const output = worker.output(text("hang"));
  clock.advance(ANSWER_WITHIN_MS);
  await expect(output).rejects.toThrow(/no answer/);
  expect(deaths).toHaveLength(1);
  expect(worker.isRunning).toBe(false);
});

test("what the emulator throws costs the model, not the thread: the next job is done at once", async () => {
  const { worker, deaths } = make(FRAGILE_WORKER);
  worker.begin(40, 10, undefined);
  await worker.output(text("poison"));
  await expect(worker.output(text("after it"))).rejects.toThrow(/emulator threw: TypeError/);
  worker.begin(40, 10, undefined);
  await worker.output(text("well again"));
  const { checkpoint } = await worker.end("all", 0);
  expect(new TextDecoder().decode(checkpoint?.bytes)).toContain("well again");
  expect(deaths).toEqual([]);
});

test("it counts the lines that were pushed out since it began, and since output was missing, not those of the checkpoint", async () => {
  const before = await modelOf(["old\r\n".repeat(500)]);
  const { worker } = make();
  worker.begin(40, 10, before.checkpoint());
  await worker.output(text("new\r\n".repeat(30)));
  worker.missing();
  await worker.output(text("newer\r\n".repeat(12)));
  expect(await worker.end("all", 0)).toMatchObject({ lines: 42, linesSinceMissing: 12 });
  worker.begin(40, 10, before.checkpoint());
  await worker.output(text("\u001b[?1049h\u001b[10;1Hvim\n\n\u001b[?1049l\u001b[2;5r\u001b[5;1H\n\n"));
  expect(await worker.end("all", 0)).toMatchObject({ lines: 0, linesSinceMissing: undefined });
});
