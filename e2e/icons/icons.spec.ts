/** `pnpm icons`: the PNG icons of the installed app, drawn from the mark in favicon.svg. Run when the mark changes. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "@playwright/test";

const PUBLIC = path.resolve(import.meta.dirname, "../../apps/web/public");
/** Ground and mark of the dark theme (tokens.css: slate-2, tide-11). */
const GROUND = "#0f1317";
const MARK = "#6ec9fe";

/** `maskable`: any shape of 80 % of the width may be cut out of it, so the ground goes to the edges and the mark is smaller. */
const KINDS = { icon: { markShare: 0.66, radiusShare: 0.22 }, maskable: { markShare: 0.5, radiusShare: 0 } } as const;

for (const [kind, { markShare, radiusShare }] of Object.entries(KINDS))
  for (const sizePx of [192, 512])
    test(`${kind}, ${sizePx} px`, async ({ page }) => {
      const mark = readFileSync(path.join(PUBLIC, "favicon.svg"), "utf8")
        .replace(/stroke="#[0-9a-f]+"/, `stroke="${MARK}"`)
        // its lines stand a little low in their square
        .replace('viewBox="0 0 16 16"', 'viewBox="0 1.25 16 16"');
      await page.setViewportSize({ width: sizePx, height: sizePx });
      await page.setContent(`<!doctype html><style>
        body { margin: 0; background: transparent }
        div { width: ${sizePx}px; height: ${sizePx}px; display: grid; place-content: center; background: ${GROUND}; border-radius: ${sizePx * radiusShare}px }
        svg { width: ${sizePx * markShare}px; height: ${sizePx * markShare}px }
      </style><div>${mark}</div>`);
      await page.screenshot({ path: path.join(PUBLIC, `icons/${kind}-${sizePx}.png`), omitBackground: true });
    });
