/** The console in a real browser, against xterm.js alone in the same browser. Set CHROMIUM_PATH to use another Chromium. */
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "@playwright/test";
import type { BenchOptions, RowGroup } from "../lib/options.ts";
import { pageScript } from "../lib/page-script.ts";
import { Product } from "../lib/product.ts";
import { median, quantile } from "../lib/stats.ts";
import type {} from "../web/alone.ts";
import type {} from "../web/paint-probe.ts";

const WIDTH_PX = 1440;
const HEIGHT_PX = 900;
/** The console's own frames and window (wire-contract, terminal-frames). */
const CHUNK_BYTES = 32 * 1024;
const WINDOW_BYTES = 256 * 1024;
const LINE = "[ 42%] Building CXX object src/CMakeFiles/causeway.dir/session_keeper.cpp.o";
const BYTES = 8 * 1024 * 1024;
const BYTES_QUICK = 256 * 1024;
const KEYS = 60;
const KEYS_QUICK = 5;
/** More than a frame between two keys, and not in step with frames. */
const KEY_EVERY_MS = 73;
const WITHIN_MS = 60_000;

export const browserRows: RowGroup = {
  name: "browser",
  about: "the console in Chromium: throughput against xterm.js alone, and when a key's echo is painted",
  async run(options) {
    const browser = await chromium.launch({
      ...(process.env.CHROMIUM_PATH === undefined ? {} : { executablePath: process.env.CHROMIUM_PATH }),
      args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    });
    const product = await Product.start();
    try {
      return await measure(browser, product, options);
    } finally {
      await browser.close();
      await product.stop();
    }
  },
};

async function measure(browser: Browser, product: Product, { isQuick, rounds, tell }: BenchOptions) {
  const bytes = isQuick ? BYTES_QUICK : BYTES;
  const shell = await openConsole(browser, product);
  const { cols, rows } = await sizeOf(shell);
  const alone = await openAlone(browser);
  const chainMs: number[] = [];
  const aloneMs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    tell(`browser, ${bytes} bytes, round ${round} of ${rounds}`);
    await alone.bringToFront();
    const feed = { cols, rows, line: `${LINE}\r\n`, bytes, chunkBytes: CHUNK_BYTES, windowBytes: WINDOW_BYTES };
    aloneMs.push(await alone.evaluate((given) => window.feedAlone?.(given) ?? Number.NaN, feed));
    await shell.bringToFront();
    chainMs.push(
      await runCommand(shell, `yes '${LINE}' | head -c ${bytes}; echo; echo do''ne-${round}`, `done-${round}`),
    );
  }
  const paints = await typeKeys(shell, isQuick ? KEYS_QUICK : KEYS);
  const paintMs = paints.map(({ ms }) => ms);
  const inNext = paints.filter(({ frames }) => frames === 1).length / paints.length;
  const rate = (ms: number) => `${(bytes / 1_000 / ms).toFixed(1)} MB/s`;
  return [
    {
      name: "browser: the whole chain's throughput, as a share of xterm.js alone with the same window",
      ours: rate(median(chainMs)),
      reference: `alone ${rate(median(aloneMs))}, ${cols} × ${rows}`,
      value: median(aloneMs) / median(chainMs),
      target: { atLeast: 0.9 },
      note: "Browser, server, sandbox and shell share this machine's cores; alone, the terminal has them to itself.",
    },
    {
      name: "browser: ms from a key's echo arriving to its being drawn, p50",
      ours: `${median(paintMs).toFixed(1)} ms, p99 ${quantile(paintMs, 0.99).toFixed(0)} ms`,
      reference: `in the next animation frame: ${(inNext * 100).toFixed(0)} %`,
      value: median(paintMs),
      target: { atMost: 20 },
    },
  ];
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

async function openAlone(browser: Browser): Promise<Page> {
  const page = await newPage(browser);
  const css = createRequire(import.meta.url).resolve("@xterm/xterm/css/xterm.css");
  await page.setContent("<!doctype html><title>xterm.js alone</title><body></body>");
  await page.addStyleTag({ path: css });
  await page.addScriptTag({ path: await pageScript("alone") });
  return page;
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: WIDTH_PX, height: HEIGHT_PX } });
  page.setDefaultTimeout(WITHIN_MS);
  return page;
}

/** @returns milliseconds from Enter until the screen shows `prints` */
async function runCommand(page: Page, command: string, prints: string): Promise<number> {
  await page.keyboard.type(command);
  await page.evaluate((text) => window.probeShown?.(text), prints);
  await page.keyboard.press("Enter");
  return (await probed(page)).ms;
}

async function probed(page: Page): Promise<{ ms: number; frames: number }> {
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

/** One after the other, each awaited. */
async function typeKeys(page: Page, count: number): Promise<{ ms: number; frames: number }[]> {
  const found: { ms: number; frames: number }[] = [];
  for (let n = 0; n < count; n++) {
    await page.evaluate(() => window.probePaint?.());
    await page.keyboard.press(String.fromCharCode(0x61 + (n % 26)));
    found.push(await probed(page));
    await page.waitForTimeout(KEY_EVERY_MS);
  }
  return found;
}
