/** What is left in the page after tabs were opened and closed: counted on the heap, after a collection. */
import type { CDPSession, Page } from "@playwright/test";
import type { Row } from "../lib/report.ts";
import { instance, prompts } from "./console-page.ts";

const TABS = 100;
const TABS_QUICK = 6;
/** Opened and closed before the first count: what is made once and kept is no leak. */
const WARM_UP = 6;
/** At once; the person may start 60 sessions in a minute. */
const AT_ONCE = 3;
const BATCH_AT_LEAST_MS = 3_500;
/** The page's own: lists and what else the server tells it. */
const PAGE_SOCKETS = 1;
/** What is on the heap so long after the last shell ended stays there. */
const GONE_WITHIN_S = 15;
/** A listener or node more for each tab would be a leak; the collector and the page's own notices move a few. */
const GROWTH_PER_TAB_MAX = 0.5;

interface Counts {
  sockets: number;
  terminals: number;
  listeners: number;
  nodes: number;
  heapKiB: number;
}

export async function leakRows(page: Page, isQuick: boolean, tell: (text: string) => void): Promise<Row[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const tabs = isQuick ? TABS_QUICK : TABS;
  await openAndClose(page, WARM_UP, tell);
  const before = await count(page, devtools);
  await openAndClose(page, tabs, tell);
  const after = await count(page, devtools);
  const row = (name: string, kind: keyof Counts, atMost: number): Row => {
    const left = after[kind] - before[kind];
    return {
      name: `leaks: ${name} left after closing ${tabs} tabs`,
      ours: `${after[kind]}, ${before[kind]} before`,
      reference: "",
      value: kind === "sockets" || kind === "terminals" ? left : left / tabs,
      target: { atMost },
    };
  };
  return [
    row("websockets", "sockets", 0),
    row("terminals (elements of xterm, in the page or not)", "terminals", 0),
    row("listeners per tab,", "listeners", GROWTH_PER_TAB_MAX),
    row("nodes per tab,", "nodes", GROWTH_PER_TAB_MAX),
    row("KiB of heap per tab,", "heapKiB", 16),
  ];
}

async function openAndClose(page: Page, tabs: number, tell: (text: string) => void): Promise<void> {
  for (let opened = 0; opened < tabs; opened += AT_ONCE) {
    const beganAtMs = performance.now();
    const isWaiting = (opened / AT_ONCE) % 2 === 0;
    const closing = await page.evaluate(() => [...(window.__causewayTerminals?.keys() ?? [])]);
    for (let n = 0; n < AT_ONCE; n++) await instance(page).click({ modifiers: ["Shift"] });
    // every other time they are closed while their shells are only just being started
    if (isWaiting) await prompts(page, AT_ONCE, closing);
    for (let n = 0; n < AT_ONCE; n++) await page.keyboard.press("Control+Shift+X");
    await page.waitForFunction(() => document.querySelectorAll('[role="tab"]').length === 0);
    tell(`${opened + AT_ONCE} of ${tabs} tabs opened and closed`);
    await page.waitForTimeout(Math.max(0, BATCH_AT_LEAST_MS - (performance.now() - beganAtMs)));
  }
  // closed for good once it cannot be taken back any more
  await page.waitForFunction(async () => {
    const { sessions } = (await (await fetch("/api/v1/sessions")).json()) as { sessions: { ended?: object }[] };
    return window.__causewayTerminals?.size === 0 && sessions.every(({ ended }) => ended !== undefined);
  });
}

async function count(page: Page, devtools: CDPSession): Promise<Counts> {
  const isTerminal = "this.filter((element) => element.classList.contains('xterm')).length";
  let sockets = Number.NaN;
  let terminals = Number.NaN;
  // the newest are held by what is under way: a request that ends, a websocket until the server has answered its close
  for (let n = 0; n < GONE_WITHIN_S && (terminals !== 0 || sockets !== PAGE_SOCKETS); n++) {
    if (n > 0) await page.waitForTimeout(1_000);
    await collect(page, devtools);
    sockets = await objectsOf(devtools, "WebSocket.prototype", "this.length");
    terminals = await objectsOf(devtools, "HTMLDivElement.prototype", isTerminal);
  }
  const { metrics } = await devtools.send("Performance.getMetrics");
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return {
    sockets,
    terminals,
    listeners: metric("JSEventListeners"),
    nodes: metric("Nodes"),
    heapKiB: Math.round(metric("JSHeapUsedSize") / 1024),
  };
}

async function collect(page: Page, devtools: CDPSession): Promise<void> {
  // twice: what a finalizer lets go of is there for the second
  for (let n = 0; n < 2; n++) {
    await devtools.send("HeapProfiler.collectGarbage");
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  }
}

/** @param counted of the array of all live objects with this prototype, an expression */
async function objectsOf(devtools: CDPSession, prototype: string, counted: string): Promise<number> {
  const objectGroup = "counted";
  const { result } = await devtools.send("Runtime.evaluate", { expression: prototype, objectGroup });
  const { objects } = await devtools.send("Runtime.queryObjects", {
    prototypeObjectId: result.objectId ?? "",
    objectGroup,
  });
  const found = await devtools.send("Runtime.callFunctionOn", {
    functionDeclaration: `function () { return ${counted} }`,
    objectId: objects.objectId ?? "",
    returnByValue: true,
  });
  await devtools.send("Runtime.releaseObjectGroup", { objectGroup });
  return Number(found.result.value);
}
