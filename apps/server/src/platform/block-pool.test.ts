import { expect, test } from "vitest";
import { BlockPool } from "./block-pool.ts";

test("a block that is given back is the next one taken", () => {
  const pool = new BlockPool(16, 2);
  const block = pool.take();
  expect(block.length).toBe(16);
  expect(pool.take()).not.toBe(block);
  pool.give(block);
  expect(pool.take()).toBe(block);
});

test("no more blocks are kept than the bound says", () => {
  const pool = new BlockPool(16, 2);
  const blocks = [pool.take(), pool.take(), pool.take()];
  for (const block of blocks) pool.give(block);
  expect(pool.spareBytes).toBe(32);
  const again = [pool.take(), pool.take(), pool.take()];
  expect(again.filter((block) => blocks.includes(block)).length).toBe(2);
});
