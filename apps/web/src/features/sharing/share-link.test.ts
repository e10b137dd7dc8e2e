import { expect, test } from "vitest";
import { shareLink, takeShareSecret } from "./share-link.ts";

const ID = "AbCdEfGhIjKlMnOpQrStUv";
const SECRET = `k${"s".repeat(43)}`;

function open(pathname: string, hash: string) {
  const replaced: unknown[] = [];
  const taken = takeShareSecret(
    { pathname, hash },
    { state: { key: 1 }, replaceState: (...parts: unknown[]) => void replaced.push(parts) },
  );
  return { taken, replaced };
}

test("the secret is taken from the fragment, and the address goes on without it", () => {
  const { pathname, hash } = new URL(shareLink("https://c.example", ID, SECRET));
  const { taken, replaced } = open(pathname, hash);
  expect(taken).toEqual({ shareId: ID, secret: SECRET });
  expect(replaced).toEqual([[{ key: 1 }, "", `/s/${ID}`]]);
});

test("a fragment that can be no secret leaves the address all the same", () => {
  const { taken, replaced } = open(`/s/${ID}`, `#${"x".repeat(201)}`);
  expect(taken).toBeUndefined();
  expect(replaced).toHaveLength(1);
});

test.each([
  ["/", `#${SECRET}`],
  [`/s/${ID}`, ""],
  [`/s/${ID}`, "#"],
  [`/s/${ID}/more`, `#${SECRET}`],
])("%s%s is no link with a secret", (pathname, hash) => {
  expect(open(pathname, hash)).toEqual({ taken: undefined, replaced: [] });
});
