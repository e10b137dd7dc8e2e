import { expect, test } from "vitest";
import { ERROR_CATALOG, type ErrorCatalogEntry, isErrorCode } from "./error-catalog.ts";

const entries: [string, ErrorCatalogEntry][] = Object.entries(ERROR_CATALOG);

test.each(entries)("%s says what happened, why, and what to do, as sentences", (_code, entry) => {
  expect(entry.title).toMatch(/^[A-Z].*[^.]$/);
  expect(entry.cause).toMatch(/^[A-Z].*\.$/);
  expect(entry.remedy).toMatch(/^[A-Z].*\.$/);
});

test("an AWS error code belongs to one entry only", () => {
  const codes = entries.flatMap(([, entry]) => entry.awsErrors ?? []);
  expect(new Set(codes).size).toBe(codes.length);
});

test("inherited names are not error codes", () => {
  expect(isErrorCode("constructor")).toBe(false);
  expect(isErrorCode("SESSION_NOT_FOUND")).toBe(true);
});
