/**
 * Six panes flood; somebody goes from pane to pane, opens the palette and types. The same is done in a page of six terminals of
 * xterm.js alone: how long the browser itself takes where each frame is drawn by processors that server and shells share.
 */
import { createRequire } from "node:module";
import type { Browser, Locator, Page } from "@playwright/test";
import { pageScript } from "../lib/page-script.ts";
import type { Row } from "../lib/report.ts";
import { median, quantile } from "../lib/stats.ts";
import { endAndClose, newPage, prompts } from "./console-page.ts";
import type {} from "./six-alone.ts";

/** Three columns of two panes: where one goes first, and the split there. */
const SPLITS = [
  [undefined, "Control+Shift+D"],
  [undefined, "Control+Shift+D"],
  [undefined, "Control+Shift+O"],
  ["Control+Shift+ArrowLeft", "Control+Shift+O"],
  ["Control+Shift+ArrowLeft", "Control+Shift+O"],
] as const;
const PANES = SPLITS.length + 1;
/** Event timing tells of nothing shorter, and a ratio needs more than nothing. */
const INTERACTION_MS_LEAST = 16;

type Tell = (text: string) => void;

/** @param six a page of the console with one pane, that has a prompt; it is ended and closed */
export async function busyRows(browser: Browser, six: Page, line: string, tell: Tell): Promise<Row[]> {
  const pane = (ordinal: number): Locator => six.getByRole("region", { name: new RegExp(`^Pane ${ordinal}\\b`) });
  for (const [index, [from, split]] of SPLITS.entries()) {
    if (from !== undefined) await six.keyboard.press(from);
    await six.keyboard.press(split);
    await prompts(six, index + 2);
    tell(`${index + 2} panes`);
  }
  const size =
    (
      await pane(1)
        .getByText(/^\d+×\d+$/)
        .textContent()
    )
      ?.split("×")
      .map(Number) ?? [];
  const drawsWithCard = (await six.locator(".xterm-screen canvas").count()) > 0;
  for (let n = 1; n <= PANES; n++) {
    await pane(n).getByTestId("terminal").click();
    await six.keyboard.type(`yes '${line}'`);
    await six.keyboard.press("Enter");
  }
  tell(`${PANES} panes flood`);
  const ours = await use(six, (n) => pane(n).getByTestId("terminal"));
  await endAndClose(six); // or its floods are in the reference as well

  tell(`${PANES} terminals of xterm.js alone flood`);
  const alone = await openAlone(browser, { cols: size[0] ?? 80, rows: size[1] ?? 24, drawsWithCard, line });
  const reference = await use(alone, (n) => alone.getByRole("region", { name: `Terminal ${n}`, exact: true }));
  await alone.close();
  return rowsOf(ours, reference, drawsWithCard);
}

interface Used {
  /** Milliseconds, each at least what is counted. */
  interactions: number[];
  palettes: number[];
}

async function use(page: Page, terminal: (ordinal: number) => Locator): Promise<Used> {
  await page.evaluate(() => window.takeInteractions?.());
  const palettes: number[] = [];
  for (let n = 1; n <= PANES; n++) {
    await terminal(n).click();
    await page.keyboard.type("ab");
    await page.evaluate(() => window.followPalette?.());
    await page.keyboard.press("Control+Shift+K");
    palettes.push((await page.evaluate(() => window.paletteFollowed)) ?? Number.NaN);
    await page.keyboard.type("api");
    await page.keyboard.press("Escape");
  }
  // entries come with the frame after the one that they tell of
  await page.waitForTimeout(500);
  return { interactions: (await page.evaluate(() => window.takeInteractions?.())) ?? [], palettes };
}

async function openAlone(
  browser: Browser,
  wanted: { cols: number; rows: number; drawsWithCard: boolean; line: string },
): Promise<Page> {
  const page = await newPage(browser);
  await page.goto("about:blank");
  await page.setContent("<!doctype html><title>xterm.js alone</title><body></body>");
  await page.addStyleTag({ path: createRequire(import.meta.url).resolve("@xterm/xterm/css/xterm.css") });
  await page.addScriptTag({ path: await pageScript("six-alone") });
  await page.evaluate((given) => window.openManyAlone?.(given), { ...wanted, count: PANES });
  return page;
}

function rowsOf(ours: Used, reference: Used, drawsWithCard: boolean): Row[] {
  const inp = ({ interactions }: Used): number =>
    interactions.length === 0 ? INTERACTION_MS_LEAST : quantile(interactions, 0.98);
  const told = (used: Used): string => {
    const few = `${used.interactions.length} interactions of ${INTERACTION_MS_LEAST} ms and more`;
    return used.interactions.length === 0 ? few : `${few}, median ${median(used.interactions).toFixed(0)} ms`;
  };
  const palette = ({ palettes }: Used): number => Math.max(median(palettes), INTERACTION_MS_LEAST);
  const alone = `xterm.js alone ${drawsWithCard ? "with WebGL" : "with elements"}`;
  return [
    {
      name: `console: INP while ${PANES} panes flood: the longest interaction but one in fifty, in ms`,
      ours: told(ours),
      reference: "",
      value: inp(ours),
      target: { atMost: 200 },
    },
    {
      name: `console: the same, as a multiple of ${PANES} terminals of xterm.js alone at an agent's pace`,
      ours: `${inp(ours).toFixed(0)} ms`,
      reference: `${alone}: ${inp(reference).toFixed(0)} ms, ${told(reference)}`,
      value: inp(ours) / inp(reference),
      target: { atMost: 1.5 },
    },
    {
      name: `console: the palette's first frame while ${PANES} panes flood, p50, as a multiple of an empty dialog's beside xterm.js alone`,
      ours: `${palette(ours).toFixed(0)} ms`,
      reference: `${alone}: ${palette(reference).toFixed(0)} ms`,
      value: palette(ours) / palette(reference),
      target: { atMost: 1.5 },
    },
  ];
}
