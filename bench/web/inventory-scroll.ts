/**
 * `node --import tsx bench/web/inventory-scroll.ts [--write]`: the list of 20,000 machines in the real page: frames while it is scrolled, and
 * what a key in its filter takes of the page's thread, React and the document included. Beside it, in turn, an empty element
 * of the same height is scrolled in the same browser, and the same is typed into a bare input: frames that a busy machine
 * drops, it drops there as well, and what a browser does for any key, it does there. With --write the table goes into
 * docs/performance.md. Set CHROMIUM_PATH to use another Chromium.
 *
 * The pointer rests on the list and on the element, as it does when somebody turns a wheel. What is measured while the list is being read is
 * a row of its own: then the sandbox and the server have a part of the processor, and new machines come between the frames.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { Product } from "../lib/product.ts";
import { median } from "../lib/stats.ts";

const MACHINES = 20_000;
const ROUNDS = 5;
const FRAMES = 200;
const ROW_PX = 40;
/** Of a fast wheel, in px a frame: three rows. */
const STEP_PX = 3 * ROW_PX;
/** A frame that took longer than so many usual ones was dropped. */
const LATE_FACTOR = 1.5;
const TYPED = "checkout-api";
/** While the list is being read it is scrolled as soon as there are so many machines. */
const READ_FIRST = 4_000;
/** The lists' budget gives ten calls a second: 20,000 machines are 400 pages of SSM. */
const LISTED_WITHIN_MS = 300_000;
const FRAME_MS = 1_000 / 60;
const DOCS = path.resolve(import.meta.dirname, "../../docs/performance.md");
const BEGIN = "<!-- scroll:begin -->\n";
const END = "<!-- scroll:end -->\n";

interface Scrolled {
  /** Between two animation frames, in milliseconds. */
  frames: number[];
  /** Tasks of more than 50 ms. */
  longTasks: number;
  cpuMs: number;
}

const product = await Product.start(["--fleet", String(MACHINES)]);
const { CHROMIUM_PATH: executablePath } = process.env;
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ["--no-sandbox"],
});
try {
  const page = await openPage();
  const empty = await openEmpty(MACHINES * ROW_PX);
  const [ours, alone] = [await threadOf(page), await threadOf(empty)];
  const [read, readReference] = await whileRead(page, empty, ours, alone);
  const shown = await allListed(page);
  const [list, reference]: [Scrolled[], Scrolled[]] = [[], []];
  const [keys, bareKeys]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    await empty.bringToFront();
    reference.push(await scroll(empty, alone));
    bareKeys.push(...(await type(empty, alone)));
    await page.bringToFront();
    list.push(await scroll(page, ours));
    keys.push(...(await type(page, ours)));
  }
  const table = tableOf(shown, { read, readReference, list, reference, keys, bareKeys });
  process.stdout.write(table);
  if (process.argv.includes("--write")) writeTable(table);
} finally {
  await browser.close();
  await product.stop();
}

async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(await product.launchUrl());
  await page.getByRole("radio", { name: /dana/i }).check({ force: true });
  await page.getByRole("button", { name: /enter the sandbox/i }).click();
  return page;
}

/** Twice each: the reading takes about half a minute. */
async function whileRead(page: Page, empty: Page, ours: Thread, alone: Thread): Promise<[Scrolled[], Scrolled[]]> {
  const [list, reference]: [Scrolled[], Scrolled[]] = [[], []];
  const loaded = page.getByText(/^[\d,]+ (?:of about [\d,]+ )?loaded$/);
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll("[role=status]")].some((at) => Number.parseInt(at.textContent, 10) > count),
    READ_FIRST,
    { timeout: LISTED_WITHIN_MS },
  );
  for (let round = 0; round < 2; round++) {
    await empty.bringToFront();
    reference.push(await scroll(empty, alone));
    await page.bringToFront();
    list.push(await scroll(page, ours));
  }
  if ((await loaded.count()) === 0) throw new Error("the list was read before it had been measured");
  return [list, reference];
}

/** @returns how many there are, as the page says it */
async function allListed(page: Page): Promise<string> {
  const said = page.getByText(/^[\d,]{5,} instances$/);
  await said.waitFor({ timeout: LISTED_WITHIN_MS });
  return (await said.textContent()) ?? "";
}

async function openEmpty(heightPx: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.setContent(
    `<input aria-label="Filter instances"><div role="listbox" style="height:700px;width:280px;overflow:auto"><div style="height:${heightPx}px"></div></div>`,
  );
  return page;
}

type Thread = () => Promise<number>;

/** @returns what the page's thread has taken so far, in milliseconds of CPU */
async function threadOf(page: Page): Promise<Thread> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
  };
}

async function scroll(page: Page, thread: Thread): Promise<Scrolled> {
  const list = page.getByRole("listbox");
  const box = await list.boundingBox();
  if (box !== null) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await thread();
  const seen = await list.evaluate(
    async (element, { count, stepPx }) => {
      const found = { frames: [] as number[], longTasks: 0 };
      const observer = new PerformanceObserver((tasks) => {
        found.longTasks += tasks.getEntries().length;
      });
      observer.observe({ entryTypes: ["longtask"] });
      element.scrollTop = 0;
      let lastMs = await new Promise<number>(requestAnimationFrame);
      while (found.frames.length < count) {
        element.scrollTop += stepPx;
        const nowMs = await new Promise<number>(requestAnimationFrame);
        found.frames.push(nowMs - lastMs);
        lastMs = nowMs;
      }
      observer.disconnect();
      return found;
    },
    { count: FRAMES, stepPx: STEP_PX },
  );
  return { ...seen, cpuMs: (await thread()) - before };
}

/** @returns milliseconds of CPU of each key, from the key to the next frame */
async function type(page: Page, thread: Thread): Promise<number[]> {
  const filter = page.getByRole("textbox", { name: "Filter instances" });
  await filter.focus();
  const taken: number[] = [];
  for (const key of [...TYPED, ...Array.from(TYPED, () => "Backspace")]) {
    const before = await thread();
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    taken.push((await thread()) - before);
  }
  return taken;
}

interface Measured {
  /** While the list was being read. */
  read: Scrolled[];
  readReference: Scrolled[];
  /** When all of it was there. */
  list: Scrolled[];
  reference: Scrolled[];
  keys: number[];
  bareKeys: number[];
}

function tableOf(shown: string, { read, readReference, list, reference, keys, bareKeys }: Measured): string {
  const usualMs = Math.max(FRAME_MS, median(reference.flatMap(({ frames }) => frames)));
  const late = (of: Scrolled[]) => {
    const frames = of.flatMap((each) => each.frames);
    return `${frames.filter((ms) => ms > LATE_FACTOR * usualMs).length} of ${frames.length}`;
  };
  const long = (of: Scrolled[]) => String(of.reduce((sum, { longTasks }) => sum + longTasks, 0));
  const perFrame = (of: Scrolled[]) => median(of.map(({ cpuMs }) => cpuMs / FRAMES)).toFixed(2);
  const states = [
    ["all machines read", list, reference],
    ["while they are read", read, readReference],
  ] as const;
  const rows = [
    ...states.flatMap(([state, ours, empty]) => [
      [`${state}: frames later than ${LATE_FACTOR} × ${usualMs.toFixed(1)} ms`, late(ours), late(empty)],
      [`${state}: tasks of more than 50 ms`, long(ours), long(empty)],
      [`${state}: CPU of the page's thread a frame, in ms, median of the rounds`, perFrame(ours), perFrame(empty)],
    ]),
    ["CPU of a key in the filter, list drawn, in ms, median", median(keys).toFixed(1), median(bareKeys).toFixed(1)],
  ];
  const lines = rows.map((cells) => `| ${cells.join(" | ")} |`);
  return [
    `| ${shown}, ${STEP_PX} px a frame | the list | an empty element, a bare input |`,
    "| --- | ---: | ---: |",
    ...lines,
    "",
  ].join("\n");
}

function writeTable(table: string): void {
  const text = readFileSync(DOCS, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${DOCS} has no place for the table`);
  writeFileSync(DOCS, text.slice(0, begin + BEGIN.length) + table + text.slice(end));
}
