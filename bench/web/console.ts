/**
 * `pnpm bench:web [--quick] [--write]`: the budgets of the console in headless Chromium (DESIGN §14). Times are printed, and judged only in
 * the table: a busy machine fails nothing. Left-over listeners, sockets and terminals are counts: one too many is exit code 1.
 */
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "@playwright/test";
import { endAllBegun } from "../lib/begun.ts";
import { Product } from "../lib/product.ts";
import { isMet, type Row, remarks, table } from "../lib/report.ts";
import { median, quantile } from "../lib/stats.ts";
import { writeIntoDocs } from "../lib/write-docs.ts";
import { busyRows } from "./busy-page.ts";
import { endAndClose, instance, launchBrowser, openConsole, prompts } from "./console-page.ts";
import type { KeyWay } from "./console-probe.ts";
import { leakRows } from "./leaks.ts";

/** Compressed script of the first load, in bytes; the build itself fails beyond it. */
const FIRST_LOAD_BYTES_MAX = 250_000;
const FRAME_MS = 1_000 / 60;
const KEYS = 40;
const KEYS_QUICK = 5;
/** More than a frame between two keys, and not in step with frames. */
const KEY_EVERY_MS = 73;
const LINE = "[ 42%] Building CXX object src/CMakeFiles/causeway.dir/session_keeper.cpp.o";
const PALETTES = 12;

const { values } = parseArgs({ options: { quick: { type: "boolean" }, write: { type: "boolean" } } });
const isQuick = values.quick ?? false;
const keys = isQuick ? KEYS_QUICK : KEYS;
const tell = (text: string): void => void process.stderr.write(`  ${text}\n`);

async function measure(browser: Browser, product: Product): Promise<{ rows: Row[]; leaks: Row[] }> {
  const page = await openConsole(browser, product);
  const rows = await firstLoadRows(page);
  await instance(page).click();
  await prompts(page, 1);
  rows.push(...(await keyRows(page)));
  rows.push(await paletteRow(page));
  await endAndClose(page);
  const six = await openConsole(browser, product);
  await instance(six).click();
  await prompts(six, 1);
  rows.push(...(await busyRows(browser, six, LINE, tell)));
  return { rows, leaks: await leakRows(await openConsole(browser, product), isQuick, tell) };
}

async function firstLoadRows(page: Page): Promise<Row[]> {
  tell("first load");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.reload();
  await instance(page).waitFor();
  const load = await page.evaluate(async () => {
    const html = await (await fetch("/")).text();
    const first = new Set([...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, file]) => file));
    const sent = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) =>
      first.has(new URL(name).pathname),
    );
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
    return { bytes: sent.reduce((sum, one) => sum + one.encodedBodySize, 0), files: sent.length, painted };
  });
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: false });
  return [
    {
      name: "console: compressed script of the first load, in bytes",
      ours: `${load.files} files, first paint after ${load.painted.toFixed(0)} ms`,
      reference: "",
      value: load.bytes,
      target: { atMost: FIRST_LOAD_BYTES_MAX },
    },
  ];
}

async function keyRows(page: Page): Promise<Row[]> {
  tell("keys, alone");
  const alone = await typeKeys(page);
  await page.keyboard.press("Control+U");
  tell("keys, beside a flood");
  await page.keyboard.press("Control+Shift+D");
  await prompts(page, 2);
  await flood(page);
  await page.keyboard.press("Control+Shift+ArrowLeft");
  const beside = await typeKeys(page);
  await page.keyboard.press("Control+U");
  const late = (ways: readonly KeyWay[]) =>
    quantile(
      ways.map(({ frames }) => frames - 1),
      0.9,
    );
  const toPaint = (ways: readonly KeyWay[]) => `${median(ways.map(({ toPaintMs }) => toPaintMs)).toFixed(0)} ms`;
  const toSend = alone.map(({ toSendMs }) => toSendMs);
  return [
    {
      name: "console: from a key to its frame on the websocket, p50, in animation frames",
      ours: `${median(toSend).toFixed(1)} ms, p99 ${quantile(toSend, 0.99).toFixed(1)} ms`,
      reference: "",
      value: median(toSend) / FRAME_MS,
      target: { atMost: 1 },
    },
    {
      name: "console: frames that an echo is drawn late, p90",
      ours: `key to paint ${toPaint(alone)}`,
      reference: "",
      value: late(alone),
      target: { atMost: 1 },
    },
    {
      name: "console: the same while another pane floods, p90",
      ours: `key to paint ${toPaint(beside)}`,
      reference: `alone ${toPaint(alone)}`,
      value: late(beside),
      target: { atMost: 1 },
    },
  ];
}

async function paletteRow(page: Page): Promise<Row> {
  tell("palette");
  const opened: number[] = [];
  for (let n = 0; n < PALETTES; n++) {
    await page.evaluate(() => window.followPalette?.());
    await page.keyboard.press("Control+Shift+K");
    opened.push((await page.evaluate(() => window.paletteFollowed)) ?? Number.NaN);
    await page.keyboard.press("Escape");
  }
  return {
    name: "console: ms from the chord to the palette's first frame, one pane flooding, p50",
    ours: `p90 ${quantile(opened, 0.9).toFixed(0)} ms`,
    reference: "",
    value: median(opened),
    target: { atMost: 50 },
  };
}

async function flood(page: Page): Promise<void> {
  await page.keyboard.type(`yes '${LINE}'`);
  await page.keyboard.press("Enter");
}

async function typeKeys(page: Page): Promise<KeyWay[]> {
  const ways: KeyWay[] = [];
  for (let n = 0; n < keys; n++) {
    await page.evaluate(() => window.followKey?.());
    await page.keyboard.press(String.fromCharCode(0x61 + (n % 26)));
    const way = await page.evaluate(() => window.keyFollowed);
    if (way !== undefined) ways.push(way);
    await page.waitForTimeout(KEY_EVERY_MS);
  }
  return ways;
}

const [loadBefore = 0] = loadavg();
const browser = await launchBrowser();
const product = await Product.start();
try {
  const { rows, leaks } = await measure(browser, product);
  const all = [...rows, ...leaks];
  const machine = `${cpus().length} cores, Chromium ${browser.version()}, the load of other programs ${loadBefore.toFixed(1)} when it began`;
  process.stdout.write(`${machine}\n\n${table(all)}\n${remarks(all)}`);
  if (values.write) writeIntoDocs(path.resolve(import.meta.dirname, "../../docs/performance.md"), machine, all, "web");
  process.exitCode = leaks.every(isMet) ? 0 : 1;
} finally {
  await browser.close();
  await product.stop();
  endAllBegun();
}
