/**
 * The page's terminal and the server's model are one: what a browser shows from a checkpoint is what it showed before, for
 * recordings of real programs, and so is what comes after it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkpointBytes, hasCheckpoint } from "../support/checkpoints.ts";
import { expect, testOn } from "../support/fixtures.ts";

/** The shells read the recordings where they lie on this computer. */
const test = testOn({}, { sandboxArguments: ["--no-isolation"] });
test.setTimeout(180_000);

const RECORDINGS = path.resolve(import.meta.dirname, "../../packages/terminal-checkpoint/test/recordings");
/** So much of a recording is printed before the checkpoint, and after it: up to there the program still fills the screen. */
const CUT_SHARE = 0.6;
const END_SHARE = 0.9;

const ESC = "\u001b";
/** State that no cell shows: region, origin, charsets, tab stops, saved cursor, colours, an open link, a title. */
const HIDDEN_STATE = `${ESC}[2J${ESC}[3;6H${ESC}[1;38;5;208m${ESC})0${ESC}7${ESC}[m${ESC}[3g${ESC}[12G${ESC}H${ESC}[30G${ESC}H${ESC}[4;12r${ESC}[?6h${ESC}[9;1H${ESC}[44mwide 漢字 e\u0301 👩‍👩‍👧‍👦${ESC}]8;;https://example.com${ESC}\\${ESC}]2;title${ESC}\\`;
const ITS_USE = `${Array.from({ length: 12 }, (_, n) => `\r\nregion ${n}\ttab\t\u000elqk\u000f`).join("")}${ESC}]8;;${ESC}\\${ESC}8back${ESC}M${ESC}[?6l`;

interface Case {
  readonly name: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

function recording(name: string): Case {
  const bytes = readFileSync(path.join(RECORDINGS, `${name}.bin`));
  const cut = Math.floor(bytes.length * CUT_SHARE);
  return { name, before: bytes.subarray(0, cut), after: bytes.subarray(cut, Math.floor(bytes.length * END_SHARE)) };
}

const CASES: readonly Case[] = [
  ...["vim", "tmux", "mc", "htop"].map(recording),
  { name: "hidden state", before: Buffer.from(HIDDEN_STATE), after: Buffer.from(ITS_USE) },
];

let parts: string;
test.beforeAll(() => {
  parts = mkdtempSync(path.join(tmpdir(), "causeway-parts-"));
});
test.afterAll(() => rmSync(parts, { recursive: true }));

for (const { name, before, after } of CASES)
  test(`${name}: a screen from a checkpoint is the screen as it was, and stays it with what comes next`, async ({
    dana,
    signInAs,
  }) => {
    writeFileSync(path.join(parts, "before"), before);
    writeFileSync(path.join(parts, "after"), after);
    await dana.open("checkout-api-04");
    // Answers of the terminal to what the recording asks are not to be shown; each `read` waits for Enter.
    await dana.enter(
      `stty -echo; seq -f 'before the program %06.0f' 1 12000; cat ${parts}/before; read -r x; cat ${parts}/after; read -r x`,
    );
    await hasCheckpoint(dana);
    const shown = await dana.grid();
    expect(shown).toMatch(/\{[a-z]*\d+\.-?\d+/); // colours and attributes are compared, too

    const second = await signInAs("dana");
    const fromCheckpoint = checkpointBytes(second.page);
    await second.page.reload();
    await expect.poll(() => second.grid().catch(() => ""), { timeout: 30_000 }).toBe(shown);
    expect(fromCheckpoint()).toBeGreaterThan(100_000);
    expect(await dana.grid()).toBe(shown);

    await dana.page.bringToFront();
    await dana.page.keyboard.press("Enter");
    await expect.poll(() => dana.grid()).not.toBe(shown);
    await expect
      .poll(async () => (await second.grid()) === (await dana.grid()), { timeout: 30_000, intervals: [500] })
      .toBe(true);
    const shownNext = await dana.grid();
    await dana.page.reload();
    await expect.poll(() => dana.grid().catch(() => ""), { timeout: 30_000 }).toBe(shownNext);
    expect(await second.grid()).toBe(shownNext);
  });
