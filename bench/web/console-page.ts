/** The console in a real Chromium, as somebody at its keyboard has it. Set CHROMIUM_PATH to use another Chromium. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "@playwright/test";
import { noteBegun } from "../lib/begun.ts";
import { pageScript } from "../lib/page-script.ts";
import type { Product } from "../lib/product.ts";
import type {} from "./paint-probe.ts";

/** Where neither CHROMIUM_PATH nor Playwright's own is there. */
const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const WIDTH_PX = 1920;
const HEIGHT_PX = 1080;
const WITHIN_MS = 60_000;
const INSTANCE = /checkout-api-04/;

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? [chromium.executablePath(), SYSTEM_CHROMIUM].find(existsSync);
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ["--no-sandbox", "--js-flags=--expose-gc"], // drawn as this browser draws here: with a card, or without
  });
  browser.once(
    "disconnected",
    noteBegun(() => void browser.close()),
  );
  return browser;
}

/** Empty, with the probe that notes how long interactions take. */
export async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: WIDTH_PX, height: HEIGHT_PX }, serviceWorkers: "block" });
  page.setDefaultTimeout(WITHIN_MS);
  await page.addInitScript({ path: await pageScript("console-probe") });
  return page;
}

/** Signed in through the one-time link; no terminal is open. */
export async function openConsole(browser: Browser, product: Product): Promise<Page> {
  const page = await newPage(browser);
  await page.goto(await product.launchUrl());
  await page.getByRole("radio", { name: /dana/i }).check({ force: true });
  await page.getByRole("button", { name: /enter the sandbox/i }).click();
  await instance(page).waitFor();
  return page;
}

export function instance(page: Page) {
  return page.getByRole("option", { name: INSTANCE }).first();
}

/**
 * Until so many terminals of the page show a prompt.
 * @param others keys of terminals that do not count: a closed one stays until it cannot be taken back
 */
export async function prompts(page: Page, count: number, others: readonly string[] = []): Promise<void> {
  await page.waitForFunction(
    ({ count, others }) => {
      const screens = [...(window.__causewayTerminals ?? [])].filter(([key]) => !others.includes(key));
      return screens.filter(([, lines]) => lines().some((line) => /\$\s*$/.test(line))).length >= count;
    },
    { count, others },
  );
}

/** A page of its own for each measurement: nothing of one is left for the next. */
export async function endAndClose(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { sessions } = (await (await fetch("/api/v1/sessions")).json()) as {
      sessions: { id: string; ended?: object }[];
    };
    for (const { id, ended } of sessions)
      if (ended === undefined) await fetch(`/api/v1/sessions/${id}`, { method: "DELETE" });
    // ended ones are shown until they are closed, also by the next page
    const whole = (await (await fetch("/api/v1/me/preferences")).json()) as { version: number; parts: object };
    const { workspace: _, ...parts } = whole.parts as { workspace?: object };
    await fetch("/api/v1/me/preferences", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: whole.version, parts }),
    });
  });
  await page.close();
}
