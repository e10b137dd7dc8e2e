/** The console in a real browser, against xterm.js alone in the same browser. Set CHROMIUM_PATH to use another Chromium. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "@playwright/test";
import { noteBegun } from "../lib/begun.ts";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { pageScript } from "../lib/page-script.ts";
import { Product } from "../lib/product.ts";
import { median, medianRatio, quantile } from "../lib/stats.ts";
import type {} from "../web/alone.ts";
import type {} from "../web/paint-probe.ts";

/** Where neither CHROMIUM_PATH nor Playwright's own is there. */
const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const WIDTH_PX = 1440;
const HEIGHT_PX = 900;
/** The console's own frames and window (wire-contract, terminal-frames). */
const CHUNK_BYTES = 32 * 1024;
const WINDOW_BYTES = 256 * 1024;
const LINE = "[ 42%] Building CXX object src/CMakeFiles/causeway.dir/session_keeper.cpp.o";
const BYTES = 8 * 1024 * 1024;
const BYTES_QUICK = 256 * 1024;
const KEYS = 20;
const KEYS_QUICK = 5;
/** More than a frame between two keys, and not in step with frames. */
const KEY_EVERY_MS = 73;
const WITHIN_MS = 60_000;
/** Beside the usual rounds: they differ more here than elsewhere. */
const ROUNDS_MORE = 2;

export const browserRows: RowGroup = {
  name: "browser",
  about: "the console in Chromium: throughput against xterm.js alone, and when a key's echo is painted",
  async run(options) {
    const executablePath = process.env.CHROMIUM_PATH ?? [chromium.executablePath(), SYSTEM_CHROMIUM].find(existsSync);
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox"], // drawn as this browser draws here: with a card, or without
    });
    const closed = noteBegun(() => void browser.close());
    const product = await Product.start();
    try {
      return await measure(browser, product, options);
    } finally {
      closed();
      await browser.close();
      await product.stop();
    }
  },
};

async function measure(browser: Browser, product: Product, { isQuick, rounds, tell, signal }: BenchOptions) {
  const bytes = isQuick ? BYTES_QUICK : BYTES;
  const keys = isQuick ? KEYS_QUICK : KEYS;
  const shell = await openConsole(browser, product);
  const { cols, rows } = await sizeOf(shell);
  const drawsWithCard = (await shell.locator(".xterm-screen canvas").count()) > 0;
  const alone = await openAlone(browser, { cols, rows, drawsWithCard });
  const shellThread = await pageThread(shell);
  const aloneThread = await pageThread(alone);
  const chain: Fed[] = [];
  const reference: Fed[] = [];
  const paints: Painted[] = [];
  const alonePaints: Painted[] = [];
  for (let round = 1; round <= rounds + (isQuick ? 0 : ROUNDS_MORE); round++) {
    signal.throwIfAborted();
    tell(`browser, ${bytes} bytes, round ${round}`);
    await alone.bringToFront();
    const feed = { line: `${LINE}\r\n`, bytes, chunkBytes: CHUNK_BYTES, windowBytes: WINDOW_BYTES };
    const feedAlone = () => alone.evaluate((given) => window.feedAlone?.(given) ?? Number.NaN, feed);
    reference.push(await costing(aloneThread, feedAlone));
    alonePaints.push(
      ...(await paintKeys(alone, keys, (key) => alone.evaluate((text) => window.printAlone?.(text), key))),
    );
    await shell.bringToFront();
    const command = `yes '${LINE}' | head -c ${bytes}; echo; echo do''ne-${round}`;
    chain.push(await costing(shellThread, () => runCommand(shell, command, `done-${round}`)));
    paints.push(...(await paintKeys(shell, keys, (key) => shell.keyboard.press(key))));
    await runCommand(shell, "", "$"); // what was typed is no part of the next command
  }
  const rate = (fed: Fed[]) => `${(bytes / 1_000 / median(fed.map(({ ms }) => ms))).toFixed(1)} MB/s`;
  const cost = (fed: Fed[]) =>
    `${(median(fed.map(({ cpuMs }) => cpuMs)) / (bytes / 1e6)).toFixed(0)} ms of its thread per MB`;
  const frames = (of: Painted[]) => `${(share(of) * 100).toFixed(0)} % of ${of.length} keys in the next frame`;
  const delay = (of: Painted[]) => {
    const ms = of.map((painted) => painted.ms);
    return `${median(ms).toFixed(1)} ms, p99 ${quantile(ms, 0.99).toFixed(0)} ms`;
  };
  return [
    {
      name: "browser: the whole chain's throughput, as a share of xterm.js alone with the same window",
      ours: rate(chain),
      reference: `alone ${rate(reference)}, ${cols} × ${rows}, ${drawsWithCard ? "WebGL" : "elements"} in both`,
      value: medianRatio(
        reference.map(({ ms }) => ms),
        chain.map(({ ms }) => ms),
      ),
      target: { atLeast: 0.9 },
      note: "Browser, server, sandbox and shell share this machine's cores, and the browser draws without a GPU; alone, the terminal has them to itself.",
    },
    {
      name: "browser: what the page's thread takes for the same output, xterm.js alone as a share of the chain",
      ours: cost(chain),
      reference: `alone ${cost(reference)}`,
      value: medianRatio(
        reference.map(({ cpuMs }) => cpuMs),
        chain.map(({ cpuMs }) => cpuMs),
      ),
      target: { atLeast: 0.9 },
      note: "CPU of the thread that receives, parses and draws: what others do on the machine is not in it.",
    },
    {
      name: "browser: animation frames from a key's echo arriving to its being drawn, p50",
      ours: frames(paints),
      reference: `alone, from the write: ${frames(alonePaints)}`,
      value: median(paints.map((painted) => painted.frames)),
      target: { atMost: 1 },
    },
    {
      name: "browser: ms from a key's echo arriving to its being drawn, p50",
      ours: delay(paints),
      reference: `alone, from the write: ${delay(alonePaints)}`,
      value: median(paints.map(({ ms }) => ms)),
      target: { atMost: 20 },
    },
  ];
}

interface Fed {
  ms: number;
  cpuMs: number;
}

interface Painted {
  ms: number;
  frames: number;
}

/** Of those that were drawn in the next frame. */
function share(painted: readonly Painted[]): number {
  return painted.filter(({ frames }) => frames === 1).length / painted.length;
}

/** CPU time of the page's main thread so far, in milliseconds, as Chromium counts it. */
async function pageThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
  };
}

async function costing(thread: () => Promise<number>, run: () => Promise<number>): Promise<Fed> {
  const before = await thread();
  const ms = await run();
  return { ms, cpuMs: (await thread()) - before };
}

/** Signed in through the one-time link, with a shell that prompts. */
async function openConsole(browser: Browser, product: Product): Promise<Page> {
  const page = await newPage(browser);
  await page.addInitScript({ path: await pageScript("paint-probe") });
  await page.goto(await product.launchUrl());
  await page.getByRole("radio", { name: /dana/i }).check({ force: true });
  await page.getByRole("button", { name: /enter the sandbox/i }).click();
  await page
    .getByRole("option", { name: /checkout-api-04/ })
    .first()
    .click();
  await page.waitForFunction(() =>
    [...(window.__causewayTerminals?.values() ?? [])].some((lines) => lines().some((line) => /\$\s*$/.test(line))),
  );
  return page;
}

async function openAlone(
  browser: Browser,
  wanted: { cols: number; rows: number; drawsWithCard: boolean },
): Promise<Page> {
  const page = await newPage(browser);
  const css = createRequire(import.meta.url).resolve("@xterm/xterm/css/xterm.css");
  await page.addInitScript({ path: await pageScript("paint-probe") });
  await page.goto("about:blank");
  await page.setContent("<!doctype html><title>xterm.js alone</title><body></body>");
  await page.addStyleTag({ path: css });
  await page.addScriptTag({ path: await pageScript("alone") });
  await page.evaluate((given) => window.openAlone?.(given), wanted);
  return page;
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: WIDTH_PX, height: HEIGHT_PX } });
  page.setDefaultTimeout(WITHIN_MS);
  return page;
}

/** @returns milliseconds from Enter until the page has parsed `prints` and all before it */
async function runCommand(page: Page, command: string, prints: string): Promise<number> {
  await page.keyboard.type(command);
  await page.evaluate((text) => window.probeShown?.(text), prints);
  await page.keyboard.press("Enter");
  return (await probed(page)).ms;
}

async function probed(page: Page): Promise<Painted> {
  const found = await page.evaluate(() => window.probed);
  if (found === undefined) throw new Error("the page has no probe");
  return found;
}

async function sizeOf(page: Page): Promise<{ cols: number; rows: number }> {
  await runCommand(page, "stty size; echo siz''ed", "sized");
  const lines = await page.evaluate(() => [...(window.__causewayTerminals?.values() ?? [])].flatMap((read) => read()));
  const match = /^(\d+) (\d+)\s*$/m.exec(lines.join("\n"));
  if (match === null) throw new Error("the shell does not tell its size");
  return { rows: Number(match[1]), cols: Number(match[2]) };
}

/** One after the other, each awaited. @param press makes the key's echo arrive */
async function paintKeys(page: Page, count: number, press: (key: string) => Promise<unknown>): Promise<Painted[]> {
  const found: Painted[] = [];
  for (let n = 0; n < count; n++) {
    await page.evaluate(() => window.probePaint?.());
    await press(String.fromCharCode(0x61 + (n % 26)));
    found.push(await probed(page));
    await page.waitForTimeout(KEY_EVERY_MS);
  }
  return found;
}
