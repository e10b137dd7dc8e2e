/**
 * The program on the machine: it writes numbered lines by itself while it says every key it reads, so that what was lost,
 * doubled or moved on either way shows in its output. Here: its text, and how its output reads.
 */
import type { Schedule } from "./schedule.ts";

export const PROGRAM_FILE = "soak.sh";

/**
 * A key of a schedule is eight bytes long: the page's letter, six more, and a comma. Frames of input hold 1,024 bytes, so
 * no key is ever split by one, and a killed page's last frame ends with a whole key.
 */
export const KEY_BYTES = 8;
/** Ends the reading. */
export const LAST_KEY = "zzzzzzz,";

/** In the output, at its beginning and its end. */
export const BEGIN_MARK = /begin-\d+-/;
export const FINISH_MARK = /finish-\d+-/;

/** The terminal gives it every byte at once (no line editing) and turns Enter into a newline. */
export const PROGRAM = `stty -echo -icanon min 1 time 0
printf 'begin-%s-\\n' "$$"
{
  n=0
  while [ "$n" -lt "$1" ]; do
    n=$((n + 1))
    printf 'L%07d 0123456789abcdefghijklmnopqrstuvwxyz\\n' "$n"
    [ $((n % $2)) -eq 0 ] && sleep "$3"
  done
  printf 'L-end\\n'
} </dev/null &
while IFS= read -r -d , key; do
  key=\${key%$'\\n'}
  printf 'K%s\\n' "$key"
  [ "$key" = zzzzzzz ] && break
done
wait
stty sane
printf 'finish-%s-\\n' "$$"
`;

/** @returns what to type into the shell, with Enter */
export function programCall({ count, perBurst, pauseMs }: Schedule["lines"]): string {
  return `bash ${PROGRAM_FILE} ${count} ${perBurst} ${(pauseMs / 1_000).toFixed(3)}\r`;
}

/** @param page its letter · @param number from 0 · @param enter ends with Enter, as commands do */
export function keyText(page: string, number: number, enter: boolean): string {
  return enter ? `${page}${digits(number, 5)}\r,` : `${page}${digits(number, 6)},`;
}

/** As the program says it. */
export function keyName(page: string, number: number, enter: boolean): string {
  return `${page}${digits(number, enter ? 5 : 6)}`;
}

export interface ProgramOutput {
  /** Process number, as said at the beginning and at the end; undefined: not said. */
  begin: string | undefined;
  finish: string | undefined;
  /** Numbers of the lines, in the order they came. */
  lines: readonly number[];
  hasLastLine: boolean;
  /** Names of the keys, in the order they came, without the one that ends. */
  keys: readonly string[];
}

/** @param text lines that end with \r\n or \n; whatever else is in it (the shell's prompt, its echo) is passed over */
export function readProgramOutput(text: string): ProgramOutput {
  const all = text.split(/\r?\n/).map((line) => line.trimEnd());
  const first = (pattern: RegExp): string | undefined => all.map((line) => pattern.exec(line)?.[1]).find(Boolean);
  return {
    begin: first(/^begin-(\d+)-$/),
    finish: first(/^finish-(\d+)-$/),
    lines: all.flatMap((line) => {
      const found = /^L(\d{7}) 0123456789abcdefghijklmnopqrstuvwxyz$/.exec(line);
      return found ? [Number(found[1])] : [];
    }),
    hasLastLine: all.includes("L-end"),
    keys: all.flatMap((line) => {
      const found = /^K(.*)$/.exec(line);
      return found && found[1] !== "zzzzzzz" ? [found[1] as string] : [];
    }),
  };
}

function digits(number: number, width: number): string {
  return String(number).padStart(width, "0");
}
