/** Which environment colour a tag value stands for. Colour never comes without the word (DESIGN §2). Pure. */
export type EnvironmentColour = "prod" | "staging" | "dev" | "sandbox" | "none";

export interface Environment {
  colour: EnvironmentColour;
  /** The tag's own word, as people in that account say it. */
  word: string;
}

const TAG_KEYS = ["env", "environment", "stage"];
const COLOURS: readonly [RegExp, EnvironmentColour][] = [
  [/^(prod|production|prd|live)\b/i, "prod"],
  [/^(stag|stg|preprod|pre-prod|uat)/i, "staging"],
  [/^(dev|test|qa|lab)/i, "dev"],
];

/** @returns undefined when no tag says so: then nothing is claimed */
export function environmentOf(tags: Readonly<Record<string, string>>): Environment | undefined {
  const entry = Object.entries(tags).find(([key, value]) => TAG_KEYS.includes(key.toLowerCase()) && value !== "");
  if (entry === undefined) return undefined;
  const word = entry[1];
  return { word, colour: COLOURS.find(([pattern]) => pattern.test(word))?.[1] ?? "none" };
}
