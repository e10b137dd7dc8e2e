import fc from "fast-check";
import { expect, test } from "vitest";
import { Pager } from "./paging.ts";

const pager = new Pager(Buffer.from("a key"));
const page = (items: readonly string[], itemsMax: number, nextToken?: string, query: readonly unknown[] = ["q"]) =>
  pager.page({ items, keyOf: (item) => item, itemsMax, nextToken, query });

test("following the tokens gives every item once, in order, for any page size", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (unsorted, max) => {
      const items = unsorted.sort();
      const seen: string[] = [];
      let token: string | undefined;
      do {
        const next = page(items, max, token);
        seen.push(...(next?.items ?? []));
        token = next?.nextToken;
      } while (token !== undefined);
      expect(seen).toEqual(items);
    }),
  );
});

test("the last page has no token, also when it is exactly full", () => {
  expect(page(["a", "b"], 2)).toEqual({ items: ["a", "b"] });
  expect(page([], 2)).toEqual({ items: [] });
});

test("items that come and go between two pages neither repeat nor hide others", () => {
  const first = page(["b", "d", "f"], 2);
  expect(page(["a", "b", "e", "f"], 2, first?.nextToken)?.items).toEqual(["e", "f"]);
  expect(page(["a"], 2, first?.nextToken)).toEqual({ items: [] });
});

test("a token that is made up, changed, of another query or of another start is refused", () => {
  const token = page(["a", "b"], 1)?.nextToken as string;
  expect(page(["a", "b"], 1, "made up")).toBeUndefined();
  expect(page(["a", "b"], 1, `x${token}`)).toBeUndefined();
  expect(page(["a", "b"], 1, token, ["another"])).toBeUndefined();
  expect(page(["a", "b"], 1, "a".repeat(5_000))).toBeUndefined();
  const restarted = new Pager(Buffer.from("another key"));
  expect(
    restarted.page({ items: ["a", "b"], keyOf: (item) => item, itemsMax: 1, nextToken: token, query: ["q"] }),
  ).toBeUndefined();
});

test("a page of a large list looks at the items on it, and finds its beginning by halves", () => {
  const items = Array.from({ length: 20_000 }, (_, index) => String(index).padStart(5, "0"));
  const looked = { keys: 0, items: 0 };
  const ask = (nextToken?: string) =>
    pager.page({
      items,
      keyOf(item) {
        looked.keys++;
        return item;
      },
      fits(item) {
        looked.items++;
        return item.endsWith("0");
      },
      itemsMax: 5,
      nextToken,
      query: ["q"],
    });
  let token = ask()?.nextToken;
  expect(ask(token)?.items).toEqual(["00050", "00060", "00070", "00080", "00090"]);
  token = pager.page({ items, keyOf: (item) => item, itemsMax: 15_000, nextToken: undefined, query: ["q"] })?.nextToken;
  Object.assign(looked, { keys: 0, items: 0 });
  expect(ask(token)?.items[0]).toBe("15000");
  expect(looked.items).toBeLessThanOrEqual(60);
  expect(looked.keys).toBeLessThanOrEqual(20);
});
