import { expect, test } from "vitest";
import { driverOf, sizeOwnerOf, wantedSizeOf } from "./reader-roles.ts";

const reader = (name: string, typedOrder: number, visible = true) => ({
  name,
  typedOrder,
  visible,
  isGuest: false,
});
const guest = (name: string, typedOrder = 0) => ({ ...reader(name, typedOrder), isGuest: true });

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
test("a viewer neither drives nor owns the size, also when it typed last or is alone", () => {
  expect(driverOf([guest("a", 9), reader("b", 0)])?.name).toBe("b");
  expect(sizeOwnerOf([guest("a", 9), reader("b", 3)])?.name).toBe("b");
  expect(driverOf([guest("a", 9)])).toBeUndefined();
  expect(sizeOwnerOf([guest("a", 9)])).toBeUndefined();
});
test("the terminal shrinks to the smallest of those viewers for whom the owner wants it, and only while they look", () => {
  const sized = (isGuest: boolean, cols: number, rows: number, fits: boolean, visible = true) => ({
    ...{ typedOrder: 0, isGuest, visible, fits },
    size: { cols, rows },
  });
  const owner = sized(false, 120, 40, false);
  expect(wantedSizeOf([owner, sized(true, 80, 60, false)])).toEqual({ cols: 120, rows: 40 });
  expect(wantedSizeOf([owner, sized(true, 80, 60, true), sized(true, 100, 30, true)])).toEqual({ cols: 80, rows: 30 });
  expect(wantedSizeOf([owner, sized(true, 80, 24, true, false)])).toEqual({ cols: 120, rows: 40 });
  expect(wantedSizeOf([sized(true, 80, 24, true)])).toBeUndefined();
});
