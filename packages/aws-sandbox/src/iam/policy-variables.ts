// Policy variables: `${aws:userid}` and the like in resources and in condition values.
// Source: IAM User Guide, "IAM policy elements: Variables and tags".
import { type PatternPart, wildcardPattern } from "./wildcard.ts";

/** What a request has, by the condition key's name in lower case. Some keys have several values. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/**
 * Puts the variables in. What a variable stands for is literal: a person who is called `*` must not match everything.
 * @returns undefined when the text names a variable that the request does not have: then nothing matches
 */
export function expandPattern(text: string, context: RequestContext): PatternPart[] | undefined {
  const pattern: PatternPart[] = [];
  let at = 0;
  while (at < text.length) {
    const variable = /^\$\{([^}]*)\}/.exec(text.slice(at));
    if (variable === null) {
      pattern.push(...wildcardPattern(text[at] as string));
      at++;
      continue;
    }
    const value = variableValue(variable[1] as string, context);
    if (value === undefined) return undefined;
    pattern.push(...value.split(""));
    at += variable[0].length;
  }
  return pattern;
}

/** Like `expandPattern` where `*` and `?` mean themselves. */
export function expandText(text: string, context: RequestContext): string | undefined {
  let known = true;
  const expanded = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = variableValue(name, context);
    known &&= value !== undefined;
    return value ?? "";
  });
  return known ? expanded : undefined;
}

/**
 * `${*}`, `${?}` and `${$}` are how a policy writes these characters themselves; `${key, 'text'}` has a default. A key with
 * several values stands for nothing.
 */
function variableValue(variable: string, context: RequestContext): string | undefined {
  if (variable === "*" || variable === "?" || variable === "$") return variable;
  const [, name = "", fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
  const values = context.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
}
