/** Text of JSON as a page shows it: lines, each cut into what is coloured alike. Pure. */

export interface JsonPiece {
  kind: "key" | "string" | "word" | "plain";
  text: string;
}

const PIECES = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** @param text as `JSON.stringify` writes it, over several lines. @returns every character of it, but for the line ends */
export function jsonLines(text: string): JsonPiece[][] {
  return text.trimEnd().split("\n").map(piecesOf);
}

function piecesOf(line: string): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  let at = 0;
  const add = (kind: JsonPiece["kind"], text: string): void => {
    if (text !== "") pieces.push({ kind, text });
  };
  for (const found of line.matchAll(PIECES)) {
    const [whole, quoted, colon = ""] = found;
    add("plain", line.slice(at, found.index));
    if (quoted === undefined) add("word", whole);
    else add(colon === "" ? "string" : "key", quoted);
    add("plain", colon);
    at = found.index + whole.length;
  }
  add("plain", line.slice(at));
  return pieces;
}
