import { expect, test } from "vitest";
import { findLinks, LINK_CHARS_MAX, saysTarget, webAddress } from "./link-finder.ts";

const found = (text: string): string[] => findLinks(text).map(({ uri }) => uri);

test("http and https addresses are links, wherever they stand; nothing else is", () => {
  expect(found("see https://a.example/x?y=1#z and http://b.example:8080")).toEqual([
    "https://a.example/x?y=1#z",
    "http://b.example:8080",
  ]);
  for (const text of [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "ssh://host",
    "www.a.example",
    "https://",
    "xhttp://",
  ])
    expect([text, found(text)]).toEqual([text, []]);
});

test("what ends the sentence around an address is not part of it, but its own brackets are", () => {
  expect(found("(see https://a.example/x).")).toEqual(["https://a.example/x"]);
  expect(found("https://a.example/wiki/X_(y), and")).toEqual(["https://a.example/wiki/X_(y)"]);
  expect(found("[https://a.example/?q=[1]]")).toEqual(["https://a.example/?q=[1]"]);
  expect(found('"https://a.example/x"')).toEqual(["https://a.example/x"]);
  expect(found("<https://a.example/x>…")).toEqual(["https://a.example/x"]);
});

test("the place of a link is where its address stands", () => {
  expect(findLinks("ab https://a.example.")).toEqual([{ start: 3, end: 20, uri: "https://a.example" }]);
});

test("an address beyond the bound is no link", () => {
  const longest = `https://a.example/${"x".repeat(LINK_CHARS_MAX - 18)}`;
  expect(found(longest)).toHaveLength(1);
  expect(found(`${longest}x`)).toEqual([]);
});

test("only http and https with a host are addresses", () => {
  expect(webAddress("HTTPS://A.example")).toBe("https://a.example/");
  for (const uri of ["javascript:alert(1)", "data:text/html,x", "file:///x", "", "//a.example", "mailto:a@b.example"])
    expect(webAddress(uri)).toBeUndefined();
});

test("text says its target with or without scheme and final slash, and nothing else does", () => {
  for (const text of ["https://a.example/x", "a.example/x", " https://a.example/x/ "])
    expect(saysTarget(text, "https://a.example/x")).toBe(true);
  for (const text of ["here", "https://bank.example", "https://a.example", "a.example/x@evil"])
    expect(saysTarget(text, "https://a.example/x")).toBe(false);
});
