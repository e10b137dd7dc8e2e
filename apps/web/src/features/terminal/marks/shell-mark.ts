/**
 * What a shell with integration says about its commands: OSC 133 (FinalTerm; kitty, WezTerm and others) and OSC 633 (VS Code).
 * Pure. A hint and no more: any program can print it. Command lines (`633;E`) and properties are not read at all.
 *
 * Source: gitlab.freedesktop.org/Per_Bothner/specifications, proposals/semantic-prompts.md; code.visualstudio.com/docs/terminal/shell-integration.
 */
export type ShellMark =
  /** A prompt begins. */
  | { kind: "prompt" }
  /** The prompt is over: from here on a person types. */
  | { kind: "input" }
  /** A command was sent off: its output begins. */
  | { kind: "output" }
  /** It is over. @param exitCode absent where the shell does not say */
  | { kind: "done"; exitCode?: number };

/** Longest mark that is looked at, in characters: real ones are shorter than 100. */
export const SHELL_MARK_CHARS_MAX = 512;

const EXIT_CODE = /^-?\d{1,10}$/;

/** @returns undefined: nothing that is of use here */
export function shellMark(data: string): ShellMark | undefined {
  if (data.length > SHELL_MARK_CHARS_MAX) return undefined;
  const [kind, ...fields] = data.split(";");
  switch (kind) {
    case "A":
    case "N":
    case "P":
      return isSecondary(fields) || (kind === "P" && !fields.includes("k=i")) ? undefined : { kind: "prompt" };
    case "B":
      return { kind: "input" };
    case "C":
      return { kind: "output" };
    case "D": {
      const [exitCode = ""] = fields;
      return EXIT_CODE.test(exitCode) ? { kind: "done", exitCode: Number(exitCode) } : { kind: "done" };
    }
    default:
      return undefined;
  }
}

/** A prompt on the right, or of a further line of one command. */
function isSecondary(fields: readonly string[]): boolean {
  return fields.some((field) => /^k=[rsc]$/.test(field));
}
