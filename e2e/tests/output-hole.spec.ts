/**
 * What cannot be made whole is said, and the session goes on: output that nobody kept, and keys that the server's disk does not
 * take. A stack of its own each, because it is stopped, or cannot store.
 */
import { expectAccessibleInBothThemes } from "../support/accessible.ts";
import { PANES } from "../support/console-page.ts";
import { expect, testOfRestarts as test } from "../support/fixtures.ts";
import { makeHole, pidIn } from "../support/output-hole.ts";

test("an agent that kept too little while no server ran: the hole is said in the pane, and the same shell goes on", async ({
  person,
  restartable,
}) => {
  test.setTimeout(120_000); // a flood, and then at least five seconds of proof
  const shell = await makeHole(person, restartable);
  const lines = [...(await person.text()).matchAll(/^line-(\d+)-$/gm)].map(([, n]) => Number(n));
  expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
  expect(lines.length).toBeLessThan(400);
  await person.enter("clear; ls flooded; echo pid-$$-");
  await person.waitForText(/^flooded\npid-\d+-$/m);
  expect(pidIn(await person.text())).toBe(shell);
});

test("keys that the server's full disk does not take are held in sight, and asked about once it takes them again", async ({
  person,
  restartable,
}) => {
  await person.open("checkout-api-04");
  restartable.fillServerDisk(true);
  await person.enter("echo held-$((30 + 4))");
  const pane = person.pane();
  await expect(pane).toContainText("The server's disk takes nothing more.");
  await expect(pane).toContainText(/keys held/);
  await expectAccessibleInBothThemes(person.page, PANES);
  expect(await person.text()).not.toContain("held");
  restartable.fillServerDisk(false);
  await expect(pane).toContainText(/You typed \d+.keys that were not sent/);
  await pane.getByRole("button", { name: "Send", exact: true }).click();
  await person.waitForText(/^held-34$/m);
  await expect(pane).not.toContainText("takes nothing more");
});
