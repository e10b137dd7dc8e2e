import { expect, test } from "vitest";
import { takeLaunchSecret } from "./launch.ts";

const SECRET = "abcdefghijklmnopqrstuvwxyz-_0123456789ABCDE";

function open(hash: string) {
  const shown: unknown[] = [];
  const history = {
    replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void shown.push(url),
  };
  const secret = takeLaunchSecret({ hash, pathname: "/sign-in", search: "?x=1" }, history);
  return { secret, shown };
}

test("the secret of a printed link is taken out of the address bar and the history entry", () => {
  expect(open(`#${SECRET}`)).toEqual({ secret: SECRET, shown: ["/sign-in?x=1"] });
});

test.each(["", "#", "#top", "#short", `#${SECRET}!`, `#${"a".repeat(201)}`])(
  "a fragment that is no secret (%s) stays where it is",
  (hash) => {
    expect(open(hash)).toEqual({ secret: undefined, shown: [] });
  },
);
