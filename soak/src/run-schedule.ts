/** Plays one schedule against a stack of its own, and says what did not hold. */
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "@playwright/test";
import { keyProblems, lineProblems, sameBytesProblems, shellProblems } from "./assertions.ts";
import { ChromiumPage } from "./chromium-page.ts";
import { faultPlan, startPlan } from "./fault-plans.ts";
import { PROGRAM, PROGRAM_FILE, programCall, readProgramOutput } from "./machine-program.ts";
import { Person } from "./person.ts";
import type { Schedule } from "./schedule.ts";
import type { SchedulePage } from "./schedule-page.ts";
import { type PageRole, SoakPage } from "./soak-page.ts";
import { Stack } from "./stack.ts";
import { Timeline } from "./timeline.ts";
import { until } from "./waiting.ts";

const TARGET = { instanceId: "i-0a1f6c83e5d2b7940", instanceName: "checkout-api-04", region: "eu-west-1" };
const PERSON = "dana";
const SIZE = { cols: 80, rows: 24 };
/** The second page's: while it is the one that types, the shell has its size. */
const SECOND_SIZE = { cols: 100, rows: 30 };
/** From the sign-in to the running program; frames may be lost from the first one on. */
const BEGIN_WITHIN_MS = 60_000;
/** A browser that loads a page on a busy computer takes its own time. */
const BEGIN_IN_BROWSER_WITHIN_MS = 180_000;
/** From the end of the trouble to the last byte on every page: reconnects wait up to 15 s, resumes up to 30 s. */
const SETTLE_WITHIN_MS = 90_000;

export interface ScheduleResult {
  problems: readonly string[];
  lines: number;
  keys: number;
  dropped: number;
  tookMs: number;
  /** From the end of the trouble until every page had everything. */
  settledMs: number;
}

/**
 * @param directory for logs; what was there is removed
 * @param browser pages are in it, in place of session objects of our own
 */
export async function runSchedule(schedule: Schedule, directory: string, browser?: Browser): Promise<ScheduleResult> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, "schedule.json"), `${JSON.stringify(schedule, null, 2)}\n`);
  const startedAtMs = Date.now();
  const traceFile = createWriteStream(path.join(directory, "trace.log"));
  const trace = (line: string) => traceFile.write(`${String(Date.now() - startedAtMs).padStart(6)} ${line}\n`);
  let run: Run | undefined;
  const problems: string[] = [];
  let settledMs = 0;
  try {
    const stack = await Stack.start(directory, TARGET.instanceId, { [PROGRAM_FILE]: PROGRAM });
    run = new Run(schedule, stack, trace, browser);
    await run.begin();
    await run.trouble();
    const healedAtMs = Date.now();
    await run.settle();
    settledMs = Date.now() - healedAtMs;
    problems.push(...(await run.problems()));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error), ...(run?.state() ?? []));
    if (error instanceof Error) trace(error.stack ?? "");
  }
  const pages = run?.pages ?? [];
  await run?.close();
  for (const problem of problems) trace(`! ${problem}`);
  await new Promise((resolve) => traceFile.end(resolve));
  return {
    problems,
    lines: schedule.lines.count,
    keys: pages.reduce((sum, { keys }) => sum + keys.wanted.length, 0),
    dropped: pages.reduce((sum, { keys }) => sum + keys.dropped, 0),
    tookMs: Date.now() - startedAtMs,
    settledMs,
  };
}

class Run {
  readonly pages: SchedulePage[] = [];
  readonly #schedule: Schedule;
  readonly #stack: Stack;
  readonly #trace: (line: string) => void;
  readonly #person: Person;
  readonly #browser: Browser | undefined;
  #answers = 0;

  constructor(schedule: Schedule, stack: Stack, trace: (line: string) => void, browser: Browser | undefined) {
    this.#schedule = schedule;
    this.#browser = browser;
    this.#stack = stack;
    this.#trace = trace;
    this.#person = new Person(stack.browserWire.origin);
  }

  /** Frames go wrong from the start; everything else once there is a session, or once the program runs. */
  async begin(): Promise<void> {
    const { control } = this.#stack;
    const withinMs = this.#browser === undefined ? BEGIN_WITHIN_MS : BEGIN_IN_BROWSER_WITHIN_MS;
    const command = programCall(this.#schedule.lines);
    await this.#person.signIn(control.keysOf(PERSON));
    await control.setFaults(startPlan(this.#schedule));
    const page = this.#open("first");
    await this.#untilShown(page, () => page.sessionId !== undefined, "a session", withinMs);
    if (this.#schedule.beginsEarly) page.typeText(command);
    else {
      await this.#untilShown(page, () => /\$ ?$/.test(page.tail), "the prompt", withinMs);
      page.typeText(command);
      await this.#untilShown(page, () => page.hasBegun, "the program", withinMs);
    }
    await control.setFaults(faultPlan(this.#schedule));
    this.#trace("begun");
  }

  async trouble(): Promise<void> {
    const timeline = new Timeline({
      stack: this.#stack,
      person: this.#person,
      personId: PERSON,
      trace: this.#trace,
      firstPage: () => this.#typist,
      openPage: (role) => this.#open(role),
    });
    await timeline.play(this.#schedule);
    await timeline.heal();
    this.#trace("healed");
    if (this.#schedule.saysOnline) for (const page of this.pages) if (!page.isKilled) page.sayOnline();
  }

  /** All that was typed is stored, the program has ended, and every page has all of it. */
  async settle(): Promise<void> {
    const living = this.pages.filter((page) => !page.isKilled);
    const all = (holds: (page: SchedulePage) => boolean) => () => living.every(holds);
    await this.#untilShown(this.#typist, () => this.#typist.hasBegun, "the program", SETTLE_WITHIN_MS);
    await until(
      all((page) => page.isFlowing && page.keys.isAllStored),
      () => "all keys are stored",
      SETTLE_WITHIN_MS,
    );
    this.#typist.typeLastKey();
    for (const page of living)
      await this.#untilShown(page, () => page.hasFinished, "the end of the program", SETTLE_WITHIN_MS);
    this.#trace("settled");
  }

  /** Also what a fresh page reads back from the log. */
  async problems(): Promise<readonly string[]> {
    const living = this.pages.filter((page) => !page.isKilled);
    const fresh = this.#open("fresh");
    await this.#untilShown(fresh, () => fresh.hasFinished, "the whole of the log", SETTLE_WITHIN_MS);
    const problems = [...keyProblems(readProgramOutput(await fresh.text()), this.pages)];
    for (const page of [...living, fresh]) {
      const where = page === fresh ? "a fresh page" : `page ${page.letter}`;
      const output = readProgramOutput(await page.text());
      problems.push(...lineProblems(output, this.#schedule.lines.count, where), ...shellProblems(output, where));
      problems.push(...page.losses.map((code) => `${where} was told of a loss: ${code}`));
      if (page.wholeLog && fresh.wholeLog)
        problems.push(...sameBytesProblems(page.wholeLog, fresh.wholeLog, `${where} and a fresh page`));
    }
    return problems;
  }

  /** How things stand, for a report of what never came. */
  state(): string[] {
    return this.pages.map((page) => {
      const { wanted, acknowledged, isAllStored } = page.keys;
      const keys = `${acknowledged} of ${wanted.length} keys stored${isAllStored ? "" : ", some are not"}`;
      return `page ${page.letter}${page.isKilled ? ", killed" : ""}: ${page.state}, ${keys}`;
    });
  }

  async close(): Promise<void> {
    for (const page of this.pages) page.kill();
    await this.#stack.close();
  }

  /** Who types: the first page, or the one that took its place. */
  get #typist(): SchedulePage {
    return this.pages.findLast((page) => !page.isKilled && page.role === "first") as SchedulePage;
  }

  #open(role: PageRole): SchedulePage {
    const page = this.#browser === undefined ? this.#headless(role) : this.#inBrowser(role, this.#browser);
    this.pages.push(page);
    return page;
  }

  get #nextLetter(): string {
    return "abcdefghijklm".charAt(this.pages.length);
  }

  #inBrowser(role: PageRole, browser: Browser): SchedulePage {
    return new ChromiumPage({
      role,
      letter: this.#nextLetter,
      browser,
      person: this.#person,
      origin: this.#stack.browserWire.origin,
      instanceName: TARGET.instanceName,
      existing: this.pages.find((page) => page.sessionId !== undefined)?.sessionId,
      trace: this.#trace,
    });
  }

  #headless(role: PageRole): SchedulePage {
    const known = this.pages.find((page): page is SoakPage => page instanceof SoakPage && page.session !== undefined);
    const existing = known?.session;
    return new SoakPage({
      role,
      letter: this.#nextLetter,
      person: this.#person,
      target: TARGET,
      ...(existing === undefined ? {} : { existing }),
      size: role === "second" ? SECOND_SIZE : SIZE,
      parseMs: role === "first" ? this.#schedule.parseMs : 0,
      randomHex: (bytes) => randomBytes(bytes).toString("hex"),
      answer: () => this.#schedule.answers[this.#answers++ % this.#schedule.answers.length] ?? "send",
      trace: this.#trace,
    });
  }

  async #untilShown(page: SchedulePage, holds: () => boolean, what: string, withinMs: number): Promise<void> {
    await until(
      () => {
        if (page.over !== undefined) throw new Error(`page ${page.letter}: the session is over: ${page.over}`);
        return holds();
      },
      () => `page ${page.letter} shows ${what}; its last output is ${JSON.stringify(page.tail.slice(-120))}`,
      withinMs,
    );
  }
}
