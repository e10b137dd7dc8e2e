import { expect, test } from "vitest";
import { PromptReturn } from "./prompt-return.ts";

const keys = (text: string): Uint8Array => new TextEncoder().encode(text);
const PROMPT = "ssm-user@db-01:~$ ";

function typed(command: string, prompt = PROMPT): PromptReturn {
  const guess = new PromptReturn();
  [...command].forEach((key, n) => {
    guess.handleTyped(keys(key), prompt + command.slice(0, n), 0);
  });
  guess.handleTyped(keys("\r"), prompt + command, 1_000);
  return guess;
}

test("a command is over when the cursor stands behind the same prompt again; it took until its last output", () => {
  const guess = typed("make");
  guess.handleOutput(5_000);
  expect(guess.handleRest("building…")).toBeUndefined();
  guess.handleOutput(31_000);
  expect(guess.handleRest(PROMPT)).toEqual({ tookMs: 30_000 });
  expect(guess.handleRest(PROMPT)).toBeUndefined();
});

test("what is typed into a running command begins no other one", () => {
  const guess = typed("apt install x");
  guess.handleTyped(keys("y"), "Continue? > ", 2_000);
  expect(guess.handleRest("Continue? > ")).toBeUndefined();
  guess.handleOutput(20_000);
  expect(guess.handleRest(PROMPT)).toEqual({ tookMs: 19_000 });
});

test("a command that was typed ahead counts from its own Enter", () => {
  const guess = typed("sleep 20");
  guess.handleTyped(keys("ls\r"), "", 15_000);
  guess.handleOutput(21_000);
  expect(guess.handleRest(PROMPT)).toEqual({ tookMs: 6_000 });
});

test("a line that ends like no prompt is none: nothing is guessed", () => {
  const guess = typed("y", "Are you sure? ");
  guess.handleOutput(60_000);
  expect(guess.isWaiting).toBe(false);
  expect(guess.handleRest("Are you sure? ")).toBeUndefined();
});

test("keys without Enter start nothing, and another session forgets the prompt", () => {
  const guess = new PromptReturn();
  guess.handleTyped(keys("l"), PROMPT, 0);
  expect(guess.isWaiting).toBe(false);
  const other = typed("make");
  other.restart();
  expect(other.handleRest(PROMPT)).toBeUndefined();
});
