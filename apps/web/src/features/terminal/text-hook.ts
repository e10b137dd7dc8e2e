/**
 * The text of this page's terminals for debugging and end-to-end tests: a renderer that draws on a canvas leaves no text
 * in the document. Read-only, same-origin scripts only (they could read the screen anyway); a terminal leaves with `dispose`.
 */
type LinesByKey = Map<string, () => string[]>;

declare global {
  interface Window {
    __causewayTerminals?: LinesByKey;
  }
}

/** @param lines all lines, scrollback included @returns unregister */
export function exposeText(key: string, lines: () => string[]): () => void {
  window.__causewayTerminals ??= new Map();
  window.__causewayTerminals.set(key, lines);
  return () => window.__causewayTerminals?.delete(key);
}
