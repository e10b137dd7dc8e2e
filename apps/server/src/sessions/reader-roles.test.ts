import { expect, test } from "vitest";
import { driverOf, sizeOwnerOf } from "./reader-roles.ts";

const reader = (name: string, typedOrder: number, visible = true) => ({ name, typedOrder, visible });

test("before any key the first visible reader drives", () => {
  expect(driverOf([reader("a", 0, false), reader("b", 0), reader("c", 0)])?.name).toBe("b");
});
test("the visible reader that typed last drives", () => {
  expect(driverOf([reader("a", 3), reader("b", 7), reader("c", 5)])?.name).toBe("b");
});
test("a hidden reader never drives, also when it typed last", () => {
  expect(driverOf([reader("a", 3), reader("b", 7, false)])?.name).toBe("a");
});
test("with nobody visible nobody drives", () => {
  expect(driverOf([reader("a", 3, false)])).toBeUndefined();
  expect(driverOf([])).toBeUndefined();
});
test("the size owner is the reader that typed last, visible or not", () => {
  expect(sizeOwnerOf([reader("a", 3), reader("b", 7, false)])?.name).toBe("b");
});
test("before any key the first reader owns the size, and a later one does not take it", () => {
  expect(sizeOwnerOf([reader("a", 0, false), reader("b", 0)])?.name).toBe("a");
});
