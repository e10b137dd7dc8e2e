import { expect, test } from "vitest";
import { InputGate } from "./input-gate.ts";

const DANA = {};

function closedGate(): InputGate {
  const gate = new InputGate(true);
  gate.handleDurable(false);
  return gate;
}

test("input passes while the log is durable, and there is nothing to confirm", () => {
  const gate = new InputGate(true);
  expect([gate.state, gate.refuses(DANA), gate.confirm(true), gate.state]).toEqual(["stored", false, false, "stored"]);
});

test("input is refused from the moment the log is not durable, until the person confirms", () => {
  const gate = closedGate();
  expect([gate.state, gate.refuses(DANA)]).toEqual(["refused", true]);
  expect([gate.confirm(true), gate.state, gate.refuses(DANA)]).toEqual([true, "without-net", false]);
});

test("a confirmation can be taken back, and is forgotten when the log is durable again", () => {
  const gate = closedGate();
  gate.confirm(true);
  expect([gate.confirm(false), gate.state]).toEqual([true, "refused"]);
  gate.confirm(true);
  gate.handleDurable(true);
  gate.handleDurable(false);
  expect(gate.state).toBe("refused");
});

test("what is known already is no news", () => {
  const gate = closedGate();
  expect([gate.handleDurable(false), gate.confirm(false)]).toEqual([false, false]);
});

test("bytes that were on their way behind refused ones are refused too, until the page begins where it should", () => {
  const gate = closedGate();
  expect(gate.refusesGap(DANA)).toBe(false);
  gate.refuses(DANA);
  gate.handleDurable(true);
  expect(gate.refusesGap(DANA)).toBe(true);
  gate.handleTaken(DANA);
  expect(gate.refusesGap(DANA)).toBe(false);
});
