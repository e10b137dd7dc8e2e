/** Whoever joins late sees what the owner sees: screens compared cell by cell, over real sockets and the real maker of screens. */
import { TerminalModel } from "@causeway/terminal-checkpoint";
import type { ShareCreated } from "@causeway/wire-contract/sharing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { BrowserPage } from "../sessions/testing/browser-page.ts";
import { ProgramOutput } from "./testing/program-output.ts";
import { SharingHarness } from "./testing/sharing-harness.ts";

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = [1, 2, 3];
/** People who join one session, each at another moment. */
const JOINS = 6;
/** Printed before each of them comes, in pieces that may end anywhere: in a sequence, in a character. */
const PIECES_BETWEEN = 40;
/** Printed while she comes: the screen and the bytes after it have to fit each other. */
const PIECES_MEANWHILE = 150;

let harness: SharingHarness;
beforeAll(async () => {
  harness = await SharingHarness.start();
});
afterEach(() => harness.clear());
afterAll(() => harness.close());

/** What a page shows of the screen, modes and all that later output depends on; earlier lines are another matter. */
async function screenOf({ checkpoint, output }: BrowserPage): Promise<unknown> {
  const model = new TerminalModel({ cols: 80, rows: 24 });
  await model.write(checkpoint);
  await model.write(output);
  const screen = model.describe("screen");
  model.dispose();
  return screen;
}

/** As a page does it: where no screen can be made at that very byte, it comes again. Meanwhile the shell prints on. */
async function comesIn(link: ShareCreated, printOn: () => void): Promise<BrowserPage> {
  let page = await harness.viewerPage(link);
  while (page.closed?.reason === "SHARE_SCREEN_NOT_READY") {
    printOn();
    page = await harness.comeBack(link.share.id);
  }
  expect(page.closed).toBeUndefined();
  return page;
}

test.each(SEEDS)(
  "people who join at any moment of a session see exactly the owner's screen, then and ever after: output %i",
  async (seed) => {
    const program = new ProgramOutput(seed);
    const id = await harness.session("");
    const owner = await harness.ownerPage(id);
    const shell = harness.aws.last;
    const viewers: BrowserPage[] = [];
    const expectSameScreens = async (): Promise<void> => {
      shell.print(program.rest());
      const mark = `[all ${viewers.length}]`;
      shell.print(mark);
      await owner.until(() => owner.text.endsWith(mark), "what was printed last");
      const expected = await screenOf(owner);
      for (const viewer of viewers) {
        await viewer.until(() => viewer.offset === owner.offset, "the owner's place");
        expect(await screenOf(viewer)).toEqual(expected);
      }
    };
    for (let count = 1; count <= JOINS; count++) {
      for (let piece = 0; piece < PIECES_BETWEEN; piece++) shell.print(program.piece());
      const link = await harness.share(id, { mode: "view" });
      const joining = comesIn(link, () => shell.print(program.piece()));
      for (let piece = 0; piece < PIECES_MEANWHILE; piece++) {
        shell.print(program.piece());
        await new Promise((resolve) => setImmediate(resolve));
      }
      viewers.push(await joining);
      if (count === JOINS / 2) await expectSameScreens();
    }
    await expectSameScreens();
    expect(viewers.every(({ checkpoint }) => checkpoint.length > 0)).toBe(true);
  },
);

test("who comes while a full-screen program runs sees it, and the shell's screen when it ends", async () => {
  const id = await harness.session("");
  const owner = await harness.ownerPage(id);
  const shell = harness.aws.last;
  shell.print("before \x1b[1;38;5;208mcoloured 漢字\x1b[0m\r\n\x1b7");
  shell.print("\x1b[?1049h\x1b[2J\x1b[2;20r\x1b[H\x1b[7m status \x1b[0m\x1b[20;1Hlast line of the region\r\nscrolled");
  const viewer = await harness.viewerPage(await harness.share(id, { mode: "view" }));
  expect(viewer.checkpoint.toString()).toContain("scrolled");
  shell.print("\r\nonce more\x1b[?1049l after");
  await owner.until(() => owner.text.endsWith(" after"), "the end of the program");
  await viewer.until(() => viewer.offset === owner.offset, "the owner's place");
  expect(await screenOf(viewer)).toEqual(await screenOf(owner));
  expect(JSON.stringify(await screenOf(viewer))).toMatch(/before .*coloured 漢.*after/);
});
