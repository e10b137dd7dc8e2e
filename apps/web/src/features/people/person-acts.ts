/** What an admin may do to somebody, and what that means, in words. Pure. */
import type { PersonEntry, PutOut } from "@causeway/wire-contract/people";

export type PersonAct = "kick" | "disable" | "enable";

export interface ActWords {
  title: string;
  /** What happens, and what does not. */
  sentences: readonly string[];
  button: string;
}

export function actWords(act: PersonAct, person: PersonEntry): ActWords {
  const { name, sessions, logins, proven, role } = person;
  const browsers = counted(logins, "browser");
  const out = [
    `Signs ${name} out of ${browsers} and ends ${counted(sessions, "open shell")}, within seconds.`,
    "Where the credentials no longer work the shells are closed here, and AWS ends them at its idle limit.",
  ];
  if (act === "enable")
    return {
      title: `Let ${name} sign in again?`,
      sentences: [`${name} may sign in from now on, with whatever AWS allows. Ended shells stay ended.`],
      button: "Enable",
    };
  if (act === "kick")
    return {
      title: `Sign ${name} out?`,
      sentences: [...out, `${name} may sign in again at once. To prevent that, disable instead.`],
      button: "Sign out",
    };
  return {
    title: `Disable ${name}?`,
    sentences: [
      ...(logins + sessions > 0 ? out : []),
      `${name} cannot sign in to Causeway until an admin enables it. AWS is not told: the credentials work elsewhere until somebody ends them in IAM.`,
      // what AWS says of the caller is all there is: who may choose the session name comes back under another
      ...(!proven && role !== ""
        ? ["The name is unverified: whoever may assume this role can come back under another name. End that in IAM."]
        : []),
    ],
    button: "Disable",
  };
}

/** @param result absent: enabled */
export function doneWords(act: PersonAct, { name }: Pick<PersonEntry, "name">, result?: PutOut): string {
  if (act === "enable" || result === undefined) return `${name} may sign in again.`;
  const ended = `${counted(result.logins, "browser")} signed out, ${counted(result.sessions, "shell")} ended`;
  return `${name} is ${act === "kick" ? "signed out" : "disabled"}: ${ended}.`;
}

function counted(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
