import { readFileSync } from "node:fs";
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { expect, test } from "../support/fixtures.ts";

test("an auditor sees at once who starts which session, narrows it to that, and takes it along as CSV", async ({
  dana,
  signInAs,
}) => {
  const { page } = await signInAs("kofi");
  await page.getByRole("link", { name: "Audit" }).click();
  await expect(page.getByRole("img", { name: /events in steps of 10 minutes/ })).toBeVisible();
  // The page is not touched: that the server tells it of the new event is what brings the row.
  // No other test opens this machine.
  await dana.open("orders-worker-01");
  await expect(page.getByRole("row", { name: /dana session\.started orders-worker-01/ })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the audit" }).fill("dana session.started");
  const row = page.getByRole("row", { name: /dana session\.started/ }).first();
  await expect(row).toBeVisible();
  await expect(page.getByText("launch.used")).toHaveCount(0);
  await row.getByRole("button").click();
  await expect(page.getByText('"event": "session.started"')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.getByRole("button", { name: "only refusals" }).click();
  await expect(page.getByText("No event matches.")).toBeVisible();
  await page.getByRole("button", { name: "only refusals" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await (await download).path();
  expect(readFileSync(file, "utf8")).toMatch(/^id,time,event,[^\n]*\r\n"[0-9a-f-]+","[^"]+","session\.started","dana"/);
});

test("somebody who is no auditor has no way to the audit, and is told who could give one", async ({ dana }) => {
  await expect(dana.page.getByRole("link", { name: "Audit" })).toBeHidden();
  await dana.page.goto(new URL("/audit", dana.page.url()).href);
  await expect(dana.page.getByText("This page is for auditors and admins")).toBeVisible();
});
