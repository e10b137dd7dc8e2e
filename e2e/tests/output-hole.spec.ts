/**
 * What cannot be made whole is said, and the session goes on: while no server ran, the agent was flooded and kept only a
 * little of what it printed. A stack of its own, because it is stopped.
 */
import { expect, testOfRestarts as test } from "../support/fixtures.ts";

test("an agent that kept too little while no server ran: the hole is said in the pane, and the same shell goes on", async ({
  person,
  restartable,
}) => {
  test.setTimeout(120_000); // a flood, and then at least five seconds of proof
  const agents = [{ profile: "real-agent", keepsFrames: 16 }];
  await restartable.setFaults({ agents });
  await person.open("checkout-api-04");
  await person.enter(
    "clear; echo pid-$$-; sleep 3; for n in $(seq 1 400); do echo line-$n-; sleep 0.01; done; touch flooded",
  );
  await person.waitForText(/^pid-\d+-$/m);
  const shell = pidIn(await person.text());
  const before = await person.session();
  await restartable.stopServer("SIGKILL");
  await restartable.setFaults({ agents, links: [{ toClient: { loss: 1 } }] }); // AWS's relay keeps nothing of it, either
  // The flood, with nobody there.
  await expect
    .poll(async () => sumOf(await restartable.faultsDone(), "forgotten"), { timeout: 30_000 })
    .toBeGreaterThan(200);
  await restartable.setFaults({ agents });
  await restartable.startServer();
  await expect.poll(() => person.sessions().catch(() => [])).toMatchObject([{ id: before.id, channel: "open" }]);
  await expect(person.pane().getByText(/no answer|reconnect/i)).toHaveCount(0);

  // The agent's further output is what shows that the rest does not come any more.
  await expect(async () => {
    await person.enter("echo alive-$((40 + 2))");
    await expect(person.pane().getByText(/AWS kept no more output/)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 40_000 });
  await person.waitForText(/^alive-42$/m);
  const lines = [...(await person.text()).matchAll(/^line-(\d+)-$/gm)].map(([, n]) => Number(n));
  expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
  expect(lines.length).toBeLessThan(400);
  await person.enter("clear; ls flooded; echo pid-$$-");
  await person.waitForText(/^flooded\npid-\d+-$/m);
  expect(pidIn(await person.text())).toBe(shell);
});

function pidIn(text: string): string {
  return /^pid-(\d+)-$/m.exec(text)?.[1] ?? "";
}

/** @param deed the end of its name: before it stands which rule did it */
function sumOf(done: Record<string, number>, deed: string): number {
  return Object.entries(done).reduce((sum, [name, times]) => (name.endsWith(deed) ? sum + times : sum), 0);
}
