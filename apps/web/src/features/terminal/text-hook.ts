/**
 * The text of this page's terminals for debugging and end-to-end tests: a renderer that draws on a canvas leaves no text
 * in the document. Read-only, same-origin scripts only (they could read the screen anyway); a terminal leaves with `dispose`.
 */
type LinesByKey = Map<string, (() => string[]) & { grid: () => string }>;

declare global {
  var __causewayTerminals: LinesByKey | undefined;
}

/**
 * @param lines all lines, scrollback included
 * @param grid the screen with its attributes
 * @returns unregister
 */
export function exposeText(key: string, lines: () => string[], grid: () => string): () => void {
  globalThis.__causewayTerminals ??= new Map();
  globalThis.__causewayTerminals.set(key, Object.assign(lines, { grid }));
  return () => globalThis.__causewayTerminals?.delete(key);
}
