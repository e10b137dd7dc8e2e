import { expect, test } from "vitest";
import { methodsAt } from "./allowed-methods.ts";

const ROUTES = [
  { method: "GET", url: "/sessions" },
  { method: "POST", url: "/sessions" },
  { method: "DELETE", url: "/sessions/:id" },
  { method: "GET", url: "/sessions/:id" },
];

test.each([
  ["/sessions", ["GET", "POST"]],
  ["/sessions/", ["GET", "POST"]],
  ["/sessions/abc", ["DELETE", "GET"]],
  ["/sessions/abc/x", []],
  ["/", []],
  ["/other", []],
])("%s takes %j", (path, methods) => {
  expect(methodsAt(path, ROUTES)).toEqual(methods);
});
