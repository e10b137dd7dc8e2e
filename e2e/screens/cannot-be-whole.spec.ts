/** Pictures of what cannot be made whole (DESIGN §8): output that nobody kept, and a server whose disk takes no keys. */
import { expect, testOfRestarts as test } from "../support/fixtures.ts";
import { makeHole } from "../support/output-hole.ts";
import { shootInBothThemes } from "../support/pictures.ts";

test.use({ viewport: { width: 1100, height: 700 } });

test("output that the agent did not keep", async ({ person, restartable }) => {
  await makeHole(person, restartable);
  await shootInBothThemes(person.page, "output-hole", person.pane());
});

test("a disk that takes no keys", async ({ person, restartable }) => {
  await person.open("checkout-api-04");
  restartable.fillServerDisk(true);
  await person.type("svc status");
  await expect(person.pane()).toContainText(/keys held/);
  await shootInBothThemes(person.page, "disk-full", person.pane());
  restartable.fillServerDisk(false);
});
