/** `pnpm soak`: plays seeded schedules of faults against the built product, and says which of them did not hold. */
import path from "node:path";
import { parseArgs } from "node:util";
import { openChromium } from "./chromium.ts";
import { runSchedule, type ScheduleResult } from "./run-schedule.ts";
import { type AgentProfile, drawSchedule, type Schedule } from "./schedule.ts";
import { sideBySide } from "./side-by-side.ts";

const LOGS = path.resolve(import.meta.dirname, "../../.causeway/soak");
/** What two cores carry without the harness itself being late. */
const AT_ONCE_DEFAULT = 6;

const USAGE = `Usage: pnpm soak [options]
  --schedules N     how many, default 200
  --from-seed N     the first seed, default 1
  --agent PROFILE   windowed, real-agent or both (default: the seed decides)
  --seed N          plays this one alone
  --at-once N       how many side by side, default ${AT_ONCE_DEFAULT}
  --browser         pages in a real Chromium (CHROMIUM_PATH, or Playwright's own)
`;

interface Job {
  schedule: Schedule;
  directory: string;
}

const jobs = readJobs();
const browser = jobs.inBrowser ? await openChromium() : undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const counts = { held: 0, failed: 0, lines: 0, keys: 0, dropped: 0 };
const failed: string[] = [];
const startedAtMs = Date.now();
await sideBySide(jobs.list, jobs.atOnce, async ({ schedule, directory }) => {
  const result = await runSchedule(schedule, directory, browser);
  counts.lines += result.lines;
  counts.keys += result.keys;
  counts.dropped += result.dropped;
  if (result.problems.length === 0) counts.held++;
  else {
    counts.failed++;
    failed.push(replayOf(schedule));
  }
  process.stdout.write(lineFor(schedule, result, directory));
});
await browser?.close();
const minutes = ((Date.now() - startedAtMs) / 60_000).toFixed(1);
process.stdout.write(
  `\n${counts.held} held, ${counts.failed} failed in ${minutes} min: ${counts.lines} lines, ${counts.keys} keys, ${counts.dropped} keys dropped on the person's word\n`,
);
for (const command of failed) process.stdout.write(`replay: ${command}\n`);
process.exit(counts.failed === 0 ? 0 : 1);

function readJobs(): { list: Job[]; atOnce: number; inBrowser: boolean } {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((each) => each !== "--"),
    options: {
      schedules: { type: "string", default: "200" },
      "from-seed": { type: "string", default: "1" },
      agent: { type: "string" },
      seed: { type: "string" },
      "at-once": { type: "string", default: String(AT_ONCE_DEFAULT) },
      browser: { type: "boolean", default: false },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const first = wholeNumber(values.seed ?? values["from-seed"]);
  const count = values.seed === undefined ? wholeNumber(values.schedules) : 1;
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  // A real page takes longer to load than a shell to start: all would be well again before the first key.
  const change = values.browser ? { beginsEarly: false } : {};
  const list = seeds.flatMap((seed) =>
    agentsOf(values.agent).map((agent) => job({ ...drawSchedule(seed, agent), ...change }, values.browser)),
  );
  return { list, atOnce: Math.max(1, wholeNumber(values["at-once"])), inBrowser: values.browser };
}

function agentsOf(value: string | undefined): (AgentProfile | undefined)[] {
  if (value === undefined) return [undefined];
  if (value === "both") return ["windowed", "real-agent"];
  if (value === "windowed" || value === "real-agent") return [value];
  return refuse(`--agent wants windowed, real-agent or both, not ${value}`);
}

function job(schedule: Schedule, inBrowser: boolean): Job {
  const name = `seed-${schedule.seed}-${schedule.agent}${inBrowser ? "-browser" : ""}`;
  return { schedule, directory: path.join(LOGS, name) };
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`a whole number is wanted, not ${text}`);
}

function refuse(why: string): never {
  process.stderr.write(`soak: ${why}\n${USAGE}`);
  process.exit(2);
}

function replayOf({ seed, agent }: Schedule): string {
  return `pnpm soak --seed ${seed} --agent ${agent}${jobs.inBrowser ? " --browser" : ""}`;
}

function lineFor(schedule: Schedule, result: ScheduleResult, directory: string): string {
  const { seed, agent, events } = schedule;
  const { problems, lines, keys, tookMs, settledMs } = result;
  const verdict = problems.length === 0 ? "held  " : "FAILED";
  const seconds = `${(tookMs / 1_000).toFixed(0)} s, settled in ${(settledMs / 1_000).toFixed(1)} s`;
  const line = `${verdict} seed ${seed} ${agent}: ${lines} lines, ${keys} keys, ${events.length} events, ${seconds}\n`;
  if (problems.length === 0) return line;
  const told = problems.map((problem) => `       - ${problem}\n`).join("");
  return `${line}${told}       replay: ${replayOf(schedule)}\n       logs: ${directory}\n`;
}
