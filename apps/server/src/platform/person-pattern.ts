/** Longest pattern, in characters. */
const PATTERN_CHARACTERS_MAX = 256;

/** Who has a role: a person by account, role and name, or a claim of the OIDC provider. */
export type PersonPattern =
  | { kind: "role" | "user"; account: string; role: string; name: string }
  | { kind: "claim"; claim: string; value: string };

/**
 * `<account>/role/<role>/<name>`, `<account>/user/<name>` with `*` for any characters, or `claim:<name>=<value>`.
 * @returns undefined when it is none of them
 */
export function parsePersonPattern(text: string): PersonPattern | undefined {
  if (text.length > PATTERN_CHARACTERS_MAX) return undefined;
  const claim = /^claim:([^=\s]+)=(.+)$/.exec(text);
  if (claim) return { kind: "claim", claim: claim[1] as string, value: claim[2] as string };
  const person = /^([0-9*]{1,12})\/(?:role\/([\w+=,.@*-]+)|user)\/([\w+=,.@*:-]+)$/.exec(text);
  if (person === null) return undefined;
  const [, account = "", role, name = ""] = person;
  return role === undefined ? { kind: "user", account, role: "", name } : { kind: "role", account, role, name };
}

/** `*` stands for any characters. Without a regular expression: a pattern of many stars must not take long. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop() ?? "";
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}
