/** What an agent of a given version can do. Source: aws-facts.md §1, minimum agent versions. Pure. */

/** The version that counts as the latest here. */
export const LATEST_AGENT_VERSION = "3.3.2299.0";
/** Older agents know no sessions: they hold no control channel. */
export const SESSIONS_SINCE = "2.3.68.0";
/** Older agents type no shell profile. */
export const SHELL_PROFILE_SINCE = "3.0.161.0";

export const AGENT_VERSION = /^\d{1,6}(\.\d{1,6}){1,3}$/;

/** Compares part by part, as numbers; a part that is missing is 0. */
export function isAtLeast(version: string, least: string): boolean {
  const [parts, leastParts] = [version, least].map((text) => text.split(".").map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(parts.length, leastParts.length); index++) {
    const difference = (parts[index] ?? 0) - (leastParts[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
