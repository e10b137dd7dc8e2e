/**
 * What a checkpoint costs: `pnpm exec tsx packages/terminal-checkpoint/scripts/measure.ts`. CPU time of this process, the
 * median of several rounds; the terminal is 110 columns wide, 40 lines high, with 10,000 lines above.
 */
import { restoreModel, TerminalModel } from "../src/terminal-model.ts";

const ROUNDS = 5;
const COLS = 110;
const ROWS = 40;
const MIB = 1024 * 1024;
const encoder = new TextEncoder();

/** One full line each: what `cat` prints, and what a coloured build log prints. */
const LINES = {
  text: (index: number) => `${index} ${"lorem ipsum dolor sit amet ".repeat(5)}`.slice(0, COLS - 1),
  colour: (index: number) => {
    const words = Array.from({ length: 10 }, (_, word) => `\x1b[3${(index + word) % 8}mcoloured${word}\x1b[m `);
    return words.join("");
  },
};

for (const [name, line] of Object.entries(LINES)) {
  const output = encoder.encode(Array.from({ length: 12_000 }, (_, index) => `${line(index)}\r\n`).join(""));
  const parsing: number[] = [];
  const taking: number[] = [];
  const restoring: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const model = new TerminalModel({ cols: COLS, rows: ROWS });
    parsing.push((await cpuMs(() => model.write(output))) / (output.length / MIB));
    let checkpoint: Uint8Array = new Uint8Array(0);
    taking.push(
      await cpuMs(() => {
        checkpoint = model.checkpoint();
      }),
    );
    restoring.push(await cpuMs(async () => (await restoreModel(checkpoint, COLS, ROWS)).dispose()));
    bytes = checkpoint.length;
    model.dispose();
  }
  const figures = [median(parsing), median(taking), median(restoring)].map((value) => value.toFixed(0));
  console.log(
    `${name}: parse 1 MiB ${figures[0]} ms, checkpoint of 10,000 lines ${figures[1]} ms, ` +
      `${(bytes / MIB).toFixed(2)} MiB, restore ${figures[2]} ms`,
  );
}

async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
