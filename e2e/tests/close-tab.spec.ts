import type { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

/** The sessions that AWS has for this person and that the server does not hold. */
async function leftInAws(dana: ConsolePage): Promise<unknown[]> {
  const { startedHere, others } = await dana.page.evaluate(async () =>
    (await fetch("/api/v1/sessions/unheld?region=eu-west-1")).json(),
  );
  return [...startedHere, ...others];
}

test("closing a tab ends its shell in AWS once the time to undo is over", async ({ dana }) => {
  await dana.open("checkout-api-04");
  const { id } = await dana.session();
  await dana.page.getByTitle("Close", { exact: true }).click();
  await expect(dana.page.getByRole("button", { name: /undo/i })).toBeVisible();
  const ended = async () => (await dana.sessions()).find((session) => session.id === id)?.ended;
  expect(await ended()).toBeUndefined();
  await expect.poll(ended, { timeout: 20_000 }).toMatchObject({ by: "you" });
  expect(await ended()).not.toHaveProperty("text"); // no word of AWS not having been reached
  expect(await leftInAws(dana)).toEqual([]);
});

test("a close that is taken back ends nothing: the same shell, with its screen", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter("echo still-$((40+2))");
  await dana.waitForText("still-42");
  const { id } = await dana.session();
  await dana.page.getByTitle("Close", { exact: true }).click();
  await dana.page.getByRole("button", { name: /undo/i }).click();
  await dana.waitForText("still-42");
  await dana.enter("echo again-$((40+3))");
  await dana.waitForText("again-43");
  expect((await dana.session()).id).toBe(id);
});
