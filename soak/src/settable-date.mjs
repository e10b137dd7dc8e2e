/**
 * Loaded into the server's process before the server (node --import): its wall clock differs from the computer's by what a
 * file says, in milliseconds. SIGUSR2: the file has changed, somebody set the clock. Monotonic time and timers stay.
 */
import { readFileSync } from "node:fs";

const file = process.env.SOAK_CLOCK_FILE ?? "";
const ComputersDate = Date;
let byMs = 0;

function read() {
  byMs = Number(readFileSync(file, "utf8"));
}

globalThis.Date = new Proxy(ComputersDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [ComputersDate.now() + byMs] : args, newTarget),
  apply: (target) => new target(ComputersDate.now() + byMs).toString(),
  get: (target, key, receiver) =>
    key === "now" ? () => ComputersDate.now() + byMs : Reflect.get(target, key, receiver),
});
process.on("SIGUSR2", read);
read();
