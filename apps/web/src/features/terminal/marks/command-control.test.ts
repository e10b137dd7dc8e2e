import { expect, test } from "vitest";
import { FakeClock, settle } from "../../../test-support/fake-terminal.ts";
import { CommandControl } from "./command-control.ts";
import type { CommandEnd } from "./command-marks.ts";
import { OUTPUT_RESTS_MS } from "./prompt-return.ts";
import type { CommandPlace, TerminalCommands } from "./surface-commands.ts";

class FakeCommands implements TerminalCommands {
  place: Pick<CommandPlace, "ordinal" | "count"> & { exitCode?: number } = { ordinal: 2, count: 5 };
  isEmpty = false;
  output: string | undefined;
  isRunning = false;
  isMarked = true;
  left = 0;
  line: string | undefined = "$ ";

  jump(): CommandPlace | undefined {
    const { ordinal, count, ...how } = this.place;
    const command = { state: "ended", ...how } as CommandPlace["command"];
    return this.isEmpty ? undefined : { ordinal, count, command };
  }
  leave(): void {
    this.left++;
  }
  lastOutput = (): string | undefined => this.output;
  lineToCursor = (): string | undefined => this.line;
}

function bench() {
  const commands = new FakeCommands();
  const clock = new FakeClock();
  const said: string[] = [];
  const copied: string[] = [];
  const ends: CommandEnd[] = [];
  const options = { refuses: false };
  const control = new CommandControl({
    commands: () => commands,
    clock,
    say: (words) => said.push(words),
    writeClipboard: async (text) => {
      if (options.refuses) throw new Error("not allowed");
      copied.push(text);
    },
    onClipboardRefused: () => said.push("refused"),
    onEnded: (end) => ends.push(end),
  });
  return { commands, clock, said, copied, ends, options, control };
}

const keys = (text: string): Uint8Array => new TextEncoder().encode(text);

test("going to a command says which of how many it is and how it ended; typing goes back to the end", () => {
  const { control, commands, said } = bench();
  commands.place = { ordinal: 2, count: 5, exitCode: 1 };
  control.jump(-1);
  commands.isEmpty = true;
  control.jump(1);
  commands.isMarked = false;
  control.jump(-1);
  expect(said).toEqual([
    "Command 2 of 5: ended with 1",
    "After the newest command",
    "No commands are marked here. The shell must say where they begin (OSC 133 or 633).",
  ]);
  control.handleTyped(keys("x"));
  expect(commands.left).toBe(1);
});

test("the last output is copied, and how much it was is said; what cannot be copied says why", async () => {
  const { control, commands, said, copied, options } = bench();
  commands.output = "a\nb\n";
  control.copyLastOutput();
  await settle();
  commands.output = "";
  control.copyLastOutput();
  commands.output = undefined;
  control.copyLastOutput();
  options.refuses = true;
  commands.output = "secret";
  control.copyLastOutput();
  await settle();
  expect(copied).toEqual(["a\nb\n"]);
  expect(said).toEqual([
    "Copied 2 lines of output",
    "The last command printed nothing",
    "No command has printed anything yet",
    "refused",
  ]);
});

test("without marks a command is over when its prompt is back and output has rested", async () => {
  const { control, commands, clock, ends } = bench();
  commands.isMarked = false;
  control.handleTyped(keys("make"));
  commands.line = "$ make";
  control.handleTyped(keys("\r"));
  commands.line = "building";
  for (let second = 0; second < 20; second++) {
    control.handleOutput();
    await clock.advance(OUTPUT_RESTS_MS / 2);
  }
  expect(ends).toEqual([]);
  commands.line = "$ ";
  control.handleOutput();
  await clock.advance(OUTPUT_RESTS_MS);
  expect(ends).toEqual([{ tookMs: 10 * OUTPUT_RESTS_MS }]);
  expect(clock.pending).toBe(0);
});

test("where the shell marks its commands nothing is guessed", async () => {
  const { control, commands, clock, ends } = bench();
  commands.isMarked = false;
  control.handleTyped(keys("make\r"));
  commands.isMarked = true;
  control.handleOutput();
  await clock.advance(60_000);
  expect(ends).toEqual([]);
  control.handleMarkedEnd({ tookMs: 60_000, exitCode: 2 });
  expect(ends).toEqual([{ tookMs: 60_000, exitCode: 2 }]);
});

test("a full-screen program is not looked at, and nothing is looked at once the terminal is gone", async () => {
  const { control, commands, clock, ends } = bench();
  commands.isMarked = false;
  control.handleTyped(keys("vi\r"));
  commands.line = undefined;
  control.handleOutput();
  await clock.advance(OUTPUT_RESTS_MS);
  expect(ends).toEqual([]);
  control.handleOutput();
  control.stop();
  expect(clock.pending).toBe(0);
});
