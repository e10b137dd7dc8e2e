import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeClock } from "../../platform/fake-clock.ts";
import { OutputRing, RING_BUSY_BYTES, RING_IDLE_BYTES } from "./output-ring.ts";
import { BLOCK_BYTES_MAX, RingBudget } from "./ring-budget.ts";

const KIB = 1024;
const newBudget = () => new RingBudget(new FakeClock(0), RING_IDLE_BYTES);

/** A prime, so that no two blocks of a ring begin alike. */
const PERIOD = 251;
const PATTERN = Buffer.alloc(2 * RING_BUSY_BYTES, Buffer.from(Array.from({ length: PERIOD }, (_, index) => index)));
/** What a session printed from some offset on: elsewhere in the pattern in each ring. */
const printed = (ring: number, from: number, length: number) => {
  const at = (from + ring * 83) % PERIOD;
  return PATTERN.subarray(at, at + length);
};

test("rings that use each other's blocks show their own bytes only, whatever they append, release and shrink", () => {
  const step = fc.record({
    ring: fc.nat({ max: 2 }),
    bytes: fc.integer({ min: 1, max: 3 * BLOCK_BYTES_MAX }),
    keeps: fc.constantFrom(0, 64 * KIB, RING_BUSY_BYTES),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const budget = newBudget();
      const rings = [0, 1, 2].map(() => new OutputRing(budget));
      for (const { ring: n, bytes, keeps } of steps) {
        const ring = rings[n] as OutputRing;
        ring.append(printed(n, ring.head, bytes));
        ring.release(ring.head);
        ring.shrinkTo(keeps);
        for (const [index, each] of rings.entries()) {
          const all = Buffer.concat(each.views(each.start, each.head));
          expect(all.equals(printed(index, each.start, all.length))).toBe(true);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test("a ring that prints on and on takes no memory beyond what it took when it was full", () => {
  const budget = newBudget();
  const ring = new OutputRing(budget);
  const memory = new Set<ArrayBufferLike>();
  for (let n = 0; n < 4_096; n++) {
    ring.append(Buffer.alloc(KIB, n));
    ring.release(ring.head);
    const view = ring.viewAt(ring.head - 1, ring.head);
    if (view !== undefined) memory.add(view.buffer);
  }
  expect(memory.size).toBeLessThanOrEqual(RING_BUSY_BYTES / BLOCK_BYTES_MAX + 8);
  ring.clear();
  expect(budget.usedBytes).toBe(0);
});

test("of the blocks that many rings give back at once, 2 MiB are kept", () => {
  const budget = newBudget();
  const rings = Array.from({ length: 4 }, () => new OutputRing(budget));
  for (const ring of rings) {
    ring.append(Buffer.alloc(RING_BUSY_BYTES));
    ring.release(ring.head);
  }
  for (const ring of rings) ring.clear();
  expect(budget.blocks.spareBytes).toBe(2 * KIB * KIB);
});
