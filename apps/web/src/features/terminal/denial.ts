/**
 * What AWS names when it denies a call. Pure. Its sentence is the one of IAM's troubleshooting page on access denied messages:
 * "User: <arn> is not authorized to perform: <action> on resource: <arn> because <which policy>", the parts from "on" and from
 * "because" where AWS gives them.
 */

export interface Denial {
  /** `ssm:StartSession` */
  action: string;
  /** ARN; undefined: AWS named none. */
  resource: string | undefined;
  /** `nothing`: no statement allows it; else what denies it, or holds it within bounds. */
  by: "nothing" | "policy" | "organisation" | "boundary" | "unknown";
}

/** @returns undefined when the text is not such a sentence */
export function denialOf(message: string): Denial | undefined {
  const found = /is not authorized to perform: ([\w-]+:\w+)(?: on resource: (arn:\S+))?/.exec(message);
  if (found === null) return undefined;
  const [whole, action = "", resource] = found;
  const because = message.slice(found.index + whole.length);
  return { action, resource, by: deniedBy(because) };
}

function deniedBy(because: string): Denial["by"] {
  if (/service control policy|resource control policy/i.test(because)) return "organisation";
  if (/permissions boundary/i.test(because)) return "boundary";
  if (/explicit deny/i.test(because)) return "policy";
  if (/\bno \S+ policy allows/i.test(because)) return "nothing";
  return "unknown";
}

/** A statement that allows it; undefined where another statement would change nothing, because something denies the call. */
export function denialPolicy({ action, resource, by }: Denial): string | undefined {
  if (resource === undefined || (by !== "nothing" && by !== "unknown")) return undefined;
  return JSON.stringify({ Effect: "Allow", Action: action, Resource: resource });
}
