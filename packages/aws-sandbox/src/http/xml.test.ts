import { expect, test } from "vitest";
import { xmlElement } from "./xml.ts";

test("writes nested elements and EC2's lists of items, and leaves out what is undefined", () => {
  expect(xmlElement("a", { b: 1, c: undefined, d: [{ e: true }, "f"], g: [] }, ' xmlns="x"')).toBe(
    '<a xmlns="x"><b>1</b><d><item><e>true</e></item><item>f</item></d><g></g></a>',
  );
});

test("escapes markup, and drops what XML cannot hold at all", () => {
  expect(xmlElement("a", `<b>&"'\r\n\t`)).toBe("<a>&lt;b&gt;&amp;&quot;&apos;&#13;\n\t</a>");
  expect(xmlElement("a", "x\u0000\u001b\ud800y\uffff 🎉")).toBe("<a>xy 🎉</a>");
});
