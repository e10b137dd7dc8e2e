/** What a path takes, told from the table of routes. Pure. */
export interface RoutePattern {
  method: string;
  /** `/sessions/:id`: a part that begins with a colon stands for anything. */
  url: string;
}

/** @returns the methods of the routes at this path, slashes too many at its end ignored; empty: no route is there */
export function methodsAt(path: string, routes: readonly RoutePattern[]): string[] {
  const parts = path.replace(/\/+$/, "").split("/");
  const methods = routes.filter(({ url }) => matches(url.split("/"), parts)).map(({ method }) => method);
  return [...new Set(methods)].sort();
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) => (part.startsWith(":") ? parts[index] !== "" : part === parts[index]))
  );
}
