/** Output that nobody kept: while no server ran, the agent was flooded and kept only a little of what it printed. */
import { expect } from "@playwright/test";
import type { ConsolePage } from "./console-page.ts";
import type { Stack } from "./stack.ts";

const AGENTS = [{ profile: "real-agent", keepsFrames: 16 }];

/** Opens a shell, floods it while no server runs, and waits until its pane says that output is missing. @returns the shell's pid */
export async function makeHole(person: ConsolePage, restartable: Stack): Promise<string> {
  await restartable.setFaults({ agents: AGENTS });
  await person.open("checkout-api-04");
  await person.enter(
    "clear; echo pid-$$-; sleep 3; for n in $(seq 1 400); do echo line-$n-; sleep 0.01; done; touch flooded",
  );
  await person.waitForText(/^pid-\d+-$/m);
  const shell = pidIn(await person.text());
  const before = await person.session();
  await restartable.stopServer("SIGKILL");
  await restartable.setFaults({ agents: AGENTS, links: [{ toClient: { loss: 1 } }] }); // AWS's relay keeps nothing of it, either
  // The flood, with nobody there.
  await expect
    .poll(async () => sumOf(await restartable.faultsDone(), "forgotten"), { timeout: 30_000 })
    .toBeGreaterThan(200);
  await restartable.setFaults({ agents: AGENTS });
  await restartable.startServer();
  await expect.poll(() => person.sessions().catch(() => [])).toMatchObject([{ id: before.id, channel: "open" }]);
  await expect(person.pane().getByText(/no answer|reconnect/i)).toHaveCount(0);

  // The agent's further output is what shows that the rest does not come any more.
  await expect(async () => {
    await person.enter("echo alive-$((40 + 2))");
    await expect(person.pane().getByText(/AWS kept no more output/)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 40_000 });
  await person.waitForText(/^alive-42$/m);
  return shell;
}

export function pidIn(text: string): string {
  return /^pid-(\d+)-$/m.exec(text)?.[1] ?? "";
}

/** @param deed the end of its name: before it stands which rule did it */
function sumOf(done: Record<string, number>, deed: string): number {
  return Object.entries(done).reduce((sum, [name, times]) => (name.endsWith(deed) ? sum + times : sum), 0);
}
