/** A stop of the server ends no shell: the demo of the README, by browser. A stack of its own, because it is stopped. */

import type { ConsolePage } from "../support/console-page.ts";
import { expect, testOfRestarts as test } from "../support/fixtures.ts";
import { REPLIES } from "../support/terminal-replies.ts";

// Each starts the whole product, then the server once more, and a shell: on a slow machine that takes longer than other tests.
test.describe.configure({ timeout: 150_000 });

for (const signal of ["SIGKILL", "SIGTERM"] as const)
  test(`after ${signal} and a new start of the server a person goes on typing in the same vi`, async ({
    person,
    restartable,
  }) => {
    await person.open("checkout-api-04");
    const shell = await pidOfShell(person);
    await person.enter("echo earlier-$((40 + 2)); vi notes.txt");
    await person.waitForText(/^~$/m); // vi itself, not the echo of its name
    await person.type("ifirst line");
    await person.page.keyboard.press("Enter");
    await person.waitForText(/^first line$/m);
    const before = await person.session();

    await restartable.stopServer(signal);
    await expect(
      person
        .pane()
        .getByText(/no answer|reconnect|not reach|restart/i)
        .first(),
    ).toBeVisible();
    await restartable.startServer();
    await expect.poll(() => person.sessions().catch(() => [])).toMatchObject([{ id: before.id }]);
    expect((await person.session()).awsSessionId).toBe(before.awsSessionId);

    await expect(person.pane().getByText(/no answer/i)).toHaveCount(0);
    await person.type("second line");
    await person.waitForText(/first line\nsecond line/);
    await person.page.keyboard.press("Escape");
    await person.enter(":wq");
    await person.waitForText(/earlier-42/);
    await person.enter("clear; cat notes.txt");
    await person.waitForText(/first line\nsecond line/);
    expect(await pidOfShell(person)).toBe(shell);
    const typed = (await restartable.shellInput(before.awsSessionId)).replaceAll(REPLIES, ""); // vi asks at any time
    expect(typed).toContain("ifirst line\rsecond line\u001b:wq\r");
  });

test("what a shell prints while no server runs is there when it is back, once and in order", async ({
  person,
  restartable,
}) => {
  await person.open("checkout-api-04");
  await person.enter("for n in $(seq 1 60); do echo line-$n-; sleep 0.1; done; echo done-$((1 + 1))");
  await person.waitForText("line-5-");
  await restartable.stopServer("SIGKILL");
  await restartable.startServer();
  await person.waitForText("done-2");
  const lines = [...(await person.text()).matchAll(/^line-(\d+)-$/gm)].map(([, n]) => Number(n));
  expect(lines).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
});

async function pidOfShell(person: ConsolePage): Promise<string> {
  await person.enter("echo pid-$$-");
  await person.waitForText(/^pid-\d+-$/m);
  return /^pid-(\d+)-$/m.exec(await person.text())?.[1] ?? "";
}
