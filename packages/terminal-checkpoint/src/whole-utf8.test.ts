import { expect, test } from "vitest";
import { TerminalModel } from "./terminal-model.ts";
import { WholeUtf8 } from "./whole-utf8.ts";

test("a character that is split anywhere comes out whole", () => {
  for (const character of ["é", "—", "…", "世", "🙂"]) {
    const bytes = new TextEncoder().encode(`a${character}b`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const whole = new WholeUtf8();
      const first = whole.take(bytes.subarray(0, cut));
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(first)).not.toThrow();
      expect([...first, ...whole.take(bytes.subarray(cut))]).toEqual([...bytes]);
      expect(whole.heldBytes).toBe(0);
    }
  }
});

test("at most three bytes are held, and what cannot become a character is let through", () => {
  const whole = new WholeUtf8();
  expect([...whole.take(Uint8Array.of(0xf0, 0x9f, 0x98))]).toEqual([]);
  expect(whole.heldBytes).toBe(3);
  expect([...whole.take(Uint8Array.of(0x61))]).toEqual([0xf0, 0x9f, 0x98, 0x61]);
  expect([...whole.take(Uint8Array.of(0x80, 0x80, 0xff))]).toEqual([0x80, 0x80, 0xff]);
});

test("a dash that came in two pieces is on the screen", async () => {
  const model = new TerminalModel({ cols: 10, rows: 2 });
  await model.write(Uint8Array.of(0xe2, 0x80));
  await model.write(Uint8Array.of(0x94, 0x21));
  expect(model.describe().normal.lines[0]).toContain("—!");
  model.dispose();
});
