/**
 * `pnpm soak30`: many sessions over simulated days, on the built product. An hour passes in seconds: in each,
 * every shell counts one further, and some pages are reloaded; each day the person's keys expire and she signs in again.
 * Every few seconds AWS closes each channel ("Bye", its recycling). What the server holds is counted on the way, and must not grow.
 */
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Allowance, type Counts, growthProblems, medianOf } from "./growth.ts";
import { Person } from "./person.ts";
import { SeededRandom } from "./seeded-random.ts";
import { listenerCounting, serverCounts } from "./server-counts.ts";
import { SoakPage } from "./soak-page.ts";
import { Stack } from "./stack.ts";
import { passed, until } from "./waiting.ts";

const DIRECTORY = path.resolve(import.meta.dirname, "../../.causeway/soak/days");
/** A region each: the server makes ten calls a second of one account and region (call-bucket.ts). */
const TARGETS = [
  { instanceId: "i-0a1f6c83e5d2b7940", instanceName: "checkout-api-04", region: "eu-west-1" },
  { instanceId: "i-0b7c25f9e1a4d8036", instanceName: "web-us-01", region: "us-east-1" },
  { instanceId: "i-07a3c5e1f9b2d4860", instanceName: "syd-web-01", region: "ap-southeast-2" },
] as const;
const PERSON = "dana";
const SIZE = { cols: 80, rows: 24 };
const HOURS_PER_DAY = 24;
const HOUR_MS = 9_000;
/** AWS closes each channel so often. A channel that does not hold for ten seconds (RESUME_STABLE_MS) would be dialled less and less often. */
const CUT_EVERY_MS = 11_500;
const CUT_JITTER_MS = 1_500;
/** Of all pages, so many are reloaded in an hour. */
const RELOADED_SHARE = 0.1;
const LOOK_EVERY_HOURS = 3;
/** A person may start sixty sessions a minute. */
const START_EVERY_MS = 1_100;
const WITHIN_MS = 120_000;
const CUT_TIMES_MAX = 1_000_000;

/** The audit's table grows with every sign-in and every reload, and is kept on purpose: it is reported, not judged. */
const ALLOWED: Readonly<Record<string, Allowance>> = {
  rssMib: { share: 0.1, more: 16 },
  heapMib: { share: 0.1, more: 12 },
  descriptors: { share: 0.05, more: 10 },
  threads: { share: 0, more: 2 },
  handles: { share: 0.1, more: 20 },
  listeners: { share: 0.05, more: 50 },
  files: { share: 0.05, more: 10 },
};

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "30" },
    sessions: { type: "string", default: "100" },
    "hour-ms": { type: "string", default: String(HOUR_MS) },
    seed: { type: "string", default: "1" },
  },
});
const hours = Math.round(Number(values.days) * HOURS_PER_DAY);
const sessionCount = Number(values.sessions);
const hourMs = Number(values["hour-ms"]);
if (!(hours > 0 && sessionCount > 0 && hourMs >= 1_000)) throw new Error("days, sessions and hour-ms must be numbers");

const random = new SeededRandom(Number(values.seed));
const listenersFile = path.join(DIRECTORY, "listeners");
const metricsToken = randomBytes(16).toString("hex");
await rm(DIRECTORY, { recursive: true, force: true });
const stack = await Stack.start(
  DIRECTORY,
  TARGETS[0].instanceId,
  {},
  {
    CAUSEWAY_METRICS_TOKEN: metricsToken,
    CAUSEWAY_REGIONS: TARGETS.map(({ region }) => region).join(),
    CAUSEWAY_SESSIONS_PER_PERSON: "1000",
    ...listenerCounting(listenersFile),
  },
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const person = new Person(stack.browserWire.origin);
const looks: Counts[] = [];
let reloads = 0;
const problems: string[] = [];
const startedAtMs = Date.now();
try {
  await person.signIn(stack.control.keysOf(PERSON));
  const pages = await openPages();
  await stack.control.setFaults({
    cuts: [{ end: "client", how: "bye", everyMs: CUT_EVERY_MS, jitterMs: CUT_JITTER_MS, times: CUT_TIMES_MAX }],
  });
  for (let hour = 1; hour <= hours; hour++) await passHour(pages, hour);
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
}
if (problems.length === 0) problems.push(...growthProblems(looks, ALLOWED));
await stack.close(problems.length > 0);
report();
process.exit(problems.length === 0 ? 0 : 1);

async function openPages(): Promise<SoakPage[]> {
  const pages: SoakPage[] = [];
  for (let opened = 0; opened < sessionCount; opened++) {
    const page = openPage(opened, undefined);
    pages.push(page);
    await Promise.all([
      passed(START_EVERY_MS),
      until(
        () => /\$ $/.test(page.tail),
        () => `the prompt of session ${opened}`,
        WITHIN_MS,
      ),
    ]);
    page.typeText("hours=0\r");
  }
  return pages;
}

function openPage(index: number, existing: SoakPage["session"]): SoakPage {
  return new SoakPage({
    role: "first",
    letter: "a",
    person,
    target: TARGETS[index % TARGETS.length] ?? TARGETS[0],
    ...(existing && { existing }),
    size: SIZE,
    parseMs: 0,
    randomHex: (bytes) => randomBytes(bytes).toString("hex"),
    answer: () => "send",
    trace: () => {},
  });
}

/** A key that was lost or came twice shows: the shell itself counts. */
async function passHour(pages: SoakPage[], hour: number): Promise<void> {
  const endsAtMs = Date.now() + hourMs;
  for (const page of pages) page.typeText('hours=$((hours+1)); echo "hour $hours."\r');
  const isThere = (page: SoakPage) => page.tail.includes(`hour ${hour}.`);
  await until(
    () => pages.every(isThere),
    () => `hour ${hour} of ${pages.filter((page) => !isThere(page)).length} shells`,
    WITHIN_MS,
  );
  for (const [index, page] of pages.entries()) {
    if (!random.chance(RELOADED_SHARE)) continue;
    page.kill();
    pages[index] = openPage(index, page.session);
    reloads++;
  }
  if (hour % HOURS_PER_DAY === HOURS_PER_DAY / 2) await renewKeys();
  await passed(Math.max(0, endsAtMs - Date.now()));
  await until(
    () => pages.every(({ isFlowing }) => isFlowing),
    () => "pages that are attached",
    WITHIN_MS,
  );
  if (hour % LOOK_EVERY_HOURS === 0) await look(hour);
}

/** All terminals go on meanwhile. */
async function renewKeys(): Promise<void> {
  await stack.control.expireKeys(PERSON);
  await passed(hourMs / 4);
  await stack.control.renewKeys(PERSON);
  await person.signIn(stack.control.keysOf(PERSON));
}

async function look(hour: number): Promise<void> {
  const { origin } = stack.browserWire;
  const { serverPid: pid, dataDir } = stack;
  const counts = await serverCounts({ pid, origin, metricsToken, dataDir, listenersFile });
  looks.push(counts);
  const words = Object.entries(counts).map(([name, count]) => `${name} ${count.toFixed(count < 10 ? 1 : 0)}`);
  process.stdout.write(`${minutesPassed()} min, day ${(hour / HOURS_PER_DAY).toFixed(2)}: ${words.join(", ")}\n`);
}

function report(): void {
  process.stdout.write(
    `\n${sessionCount} sessions, ${hours} hours of ${hourMs / 1_000} s, ${reloads} reloads, in ${minutesPassed()} min\n`,
  );
  const quarter = Math.floor(looks.length / 4);
  for (const name of Object.keys(looks[0] ?? {})) {
    const [from, to] = [medianOf(looks.slice(quarter, 2 * quarter), name), medianOf(looks.slice(-quarter), name)];
    process.stdout.write(`${name}: second quarter ${from.toFixed(1)}, last quarter ${to.toFixed(1)}\n`);
  }
  process.stdout.write(
    problems.length === 0 ? "nothing grew\n" : `${problems.map((each) => `! ${each}`).join("\n")}\n`,
  );
}

function minutesPassed(): string {
  return ((Date.now() - startedAtMs) / 60_000).toFixed(1);
}
