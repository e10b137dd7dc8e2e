/** Waiting for what must become true; real time, because everything here is real. */

const LOOK_EVERY_MS = 25;

/** @throws Error naming `what` when it has not come true after `withinMs` */
export async function until(holds: () => boolean, what: () => string, withinMs: number): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error(`waited ${withinMs / 1_000} s in vain: ${what()}`);
    await passed(LOOK_EVERY_MS);
  }
}

/** A part of a schedule's timeline goes by. */
export function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
