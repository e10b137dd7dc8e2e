/** Pictures of a page whose server is gone (DESIGN §10): docs/states.md. */
import { expect, testOfRestarts as test } from "../support/fixtures.ts";
import { shootInBothThemes } from "../support/pictures.ts";

test.use({ serviceWorkers: "allow", viewport: { width: 1100, height: 700 } });

test("a list that grows old, and the offline page", async ({ person, restartable }) => {
  const { page } = person;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(person.instances()).toBeVisible();
  await restartable.stopServer("SIGTERM");
  await expect(page.getByText(/Cannot reach the Causeway server/).first()).toBeVisible();
  await shootInBothThemes(page, "list-old", page.getByRole("complementary", { name: "Instances" }));
  await page.reload();
  await expect(page.getByRole("heading", { name: "Causeway does not answer" })).toBeVisible();
  await shootInBothThemes(page, "offline");
  await restartable.startServer();
  // as the network comes back; by then the page may have tried by itself, and found the server
  await page.evaluate(() => void window.dispatchEvent(new Event("online")));
  await expect(person.instances()).toBeVisible();
});
