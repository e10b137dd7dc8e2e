import { Terminal } from "@xterm/headless";
import type { IBuffer } from "@xterm/xterm";
import { expect, test } from "vitest";
import { findLinks } from "../links/link-finder.ts";
import { wrappedLine } from "../links/wrapped-line.ts";
import { exportHtml } from "./export-html.ts";
import { exportText } from "./export-text.ts";

async function printed(output: string, cols = 20, rows = 6): Promise<IBuffer> {
  const terminal = new Terminal({ cols, rows, scrollback: 100, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(output, done));
  return terminal.buffer.normal;
}

const PAGE = {
  title: "a <b>",
  theme: { background: "#000000", foreground: "#ffffff", red: "#cc0000", brightBlue: "#0000ff" },
  fontFamily: "monospace",
};

test("a wrapped line is exported as one line, with the blanks in its middle and without those at its end", async () => {
  const buffer = await printed("0123456789012345   89 end   \r\nnext\r\n");
  expect(exportText(buffer)).toBe("0123456789012345   89 end\nnext\n");
});

test("the scrollback is exported, empty lines in the middle are kept, those at the end are not", async () => {
  const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
  const buffer = await printed(`${lines.join("\r\n")}\r\n\r\nlast\r\n\r\n`);
  expect(exportText(buffer)).toBe(`${lines.join("\n")}\n\nlast\n`);
  expect(exportText(await printed(""))).toBe("");
});

test("wide characters and combined ones are exported as they were printed", async () => {
  const text = "漢字 e\u0301 世界";
  expect(exportText(await printed(text))).toBe(`${text}\n`);
  expect(exportHtml(await printed(text), PAGE)).toContain(`<pre>${text}\n</pre>`);
});

test("HTML keeps colours, weight and lines, and escapes what a program printed", async () => {
  const buffer = await printed(
    "\x1b[1;31mred\x1b[m <i>&\x1b[38;2;1;2;3m!\x1b[m\x1b[38;5;196mc\x1b[m\x1b[7mi\x1b[m",
    40,
  );
  const html = exportHtml(buffer, PAGE);
  expect(html).toContain('<span style="color:#cc0000;font-weight:bold">red</span> &#60;i&#62;&#38;');
  expect(html).toContain('<span style="color:#010203">!</span>');
  expect(html).toContain('<span style="color:rgb(255,0,0)">c</span>');
  expect(html).toContain('<span style="color:#000000;background:#ffffff">i</span>');
  expect(html).toContain("<title>a &#60;b&#62;</title>");
  expect(html).not.toContain("<script");
});

test("an address that is wrapped over rows is one link, and stands where its characters stand, wide ones counted", async () => {
  const buffer = await printed("漢字 https://a.example/long/path/over/rows end");
  for (const row of [0, 1, 2]) {
    const line = wrappedLine(buffer, row);
    const [link] = findLinks(line.text);
    expect(link?.uri).toBe("https://a.example/long/path/over/rows");
    expect(line.cellAt(link?.start ?? 0)).toEqual({ column: 5, row: 0 });
    expect(line.cellAt((link?.end ?? 0) - 1)).toEqual({ column: 1, row: 2 });
  }
});
