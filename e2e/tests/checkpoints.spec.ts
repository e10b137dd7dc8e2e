/** Screens that come from a checkpoint: what a reload, a second device and a flood look like to a person. */
import { checkpointBytes, hasCheckpoint } from "../support/checkpoints.ts";
import { ConsolePage } from "../support/console-page.ts";
import { expect, test } from "../support/fixtures.ts";

test.setTimeout(180_000);

/** More than the page would be sent without a checkpoint: some 22 MiB of lines. */
const FLOOD = "seq -f 'line %010.0f of a long build that prints and prints' 1 400000";

/** The same person in another browser, and the bytes of checkpoints that it was sent. */
async function secondDevice(signInAs: (id: string) => Promise<ConsolePage>) {
  const second = await signInAs("dana");
  const fromCheckpoint = checkpointBytes(second.page);
  await second.page.reload();
  return { second, fromCheckpoint };
}

test("a reload after 20 MiB of output is at the prompt at once, with 10,000 earlier lines", async ({ dana }) => {
  await dana.open("checkout-api-04");
  await dana.enter(`${FLOOD}; echo done-$((40 + 2))`);
  await expect.poll(() => dana.text(), { timeout: 120_000 }).toContain("done-42");
  await hasCheckpoint(dana);
  // The newest one may be of a moment before the end; the one at rest is what is asked for here.
  await expect
    .poll(async () => (await received(dana)) < 3 * 1024 * 1024, { timeout: 60_000, intervals: [3_000] })
    .toBe(true);
  await dana.waitForText("done-42");
  const lines = (await dana.text()).split("\n");
  expect(lines.length).toBeGreaterThan(9_900);
  expect(lines.filter((line) => line.startsWith("line ")).at(-1)).toContain("line 0000400000");
  await dana.enter("echo typed-$((1 + 1))");
  await dana.waitForText("typed-2");
});

/** Bytes of terminal output and checkpoints that a reload of the page is sent until it shows the end. */
async function received(dana: ConsolePage): Promise<number> {
  let bytes = 0;
  dana.page.once("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") bytes += payload.length;
    }),
  );
  await dana.page.reload();
  await expect.poll(() => dana.text().catch(() => ""), { timeout: 60_000 }).toContain("done-42");
  return bytes;
}

test("a second device shows the identical grid: a full-screen program, wide characters and colours", async ({
  dana,
  signInAs,
}) => {
  await dana.open("checkout-api-04");
  await dana.enter(
    `seq -f 'before vi %06.0f' 1 60000; printf 'one \\033[1;38;5;208mtwo\\033[m 漢字 e\\xcc\\x81 \\360\\237\\232\\200\\n%.0s' $(seq 1 40) > wide.txt; vi wide.txt`,
  );
  await expect.poll(() => dana.text(), { timeout: 60_000 }).toContain("漢字");
  await dana.page.keyboard.press("G");
  await hasCheckpoint(dana);
  const { second, fromCheckpoint } = await secondDevice(signInAs);
  await second.waitForText("漢字");
  expect(fromCheckpoint()).toBeGreaterThan(100_000);
  await expect.poll(() => second.grid()).toBe(await dana.grid());

  await dana.page.bringToFront();
  await dana.type(":q!");
  await dana.page.keyboard.press("Enter");
  // what is typed before vi is gone would be vi's
  await dana.waitForText(/^before vi 060000\n.*\$$/m);
  await dana.enter("clear; cat wide.txt; echo end-$((5 + 5))");
  await dana.waitForText("end-10");
  await second.waitForText("end-10");
  await expect.poll(() => second.grid()).toBe(await dana.grid());
  expect(await dana.grid()).toMatch(/\{b\d+\.208/);
});

test("Ctrl-C in a flood brings the prompt back, also while another window of it does not read", async ({ dana }) => {
  await dana.open("checkout-api-04");
  const stalled = await dana.page.context().newPage();
  await stalled.goto(dana.stack.url);
  await expect(stalled.locator('section[aria-label^="Pane"]:visible').first()).toBeVisible();
  const debug = await stalled.context().newCDPSession(stalled);
  await dana.page.bringToFront();
  await dana.enter("yes a flood of lines that never ends");
  await dana.waitForText("a flood of lines that never ends");
  await debug.send("Debugger.enable");
  const hasStopped = new Promise((resolve) => debug.once("Debugger.paused", resolve));
  await debug.send("Debugger.pause");
  await hasStopped; // from here on it runs nothing: it parses no output and acknowledges none
  await dana.page.keyboard.press("Control+c");
  await dana.waitForText(/\^C\n.*\$$/m);
  await dana.enter("echo alive-$((6 + 6))");
  await dana.waitForText("alive-12");
  await debug.send("Debugger.disable");
  const other = new ConsolePage(stalled, dana.stack);
  await expect.poll(() => other.text(), { timeout: 60_000 }).toContain("alive-12");
  await stalled.close();
});
