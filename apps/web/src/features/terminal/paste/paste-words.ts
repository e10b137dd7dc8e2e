/** What is said about a paste, word for word (DESIGN §6, §15). Pure. */
import { countKeys } from "../status-words.ts";
import type { PasteAsk, PasteReason } from "./paste-rules.ts";

const NBSP = "\u00a0";

/** "840 bytes", "12 kB", "1.05 MB". */
export function byteWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes}${NBSP}${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)}${NBSP}kB`;
  return `${(bytes / 1_000_000).toFixed(2)}${NBSP}MB`;
}

export function askTitle({ lines, bytes, panes }: Pick<PasteAsk, "lines" | "bytes" | "panes">, name: string): string {
  const what = lines > 1 ? `${lines.toLocaleString("en")} lines` : byteWords(bytes);
  return `Paste ${what} into ${panes === undefined ? name : `${panes} panes`}?`;
}

const REASONS: Readonly<Record<PasteReason, string>> = {
  lines: "Each line runs at once: this shell did not ask for bracketed paste.",
  production: "This is production, where several lines are always asked about.",
  control: "It holds control characters, marked here: a program takes them as keys.",
  large: "It goes in pieces, as fast as the instance takes them. You can stop it.",
};

export function askReasons(reasons: readonly PasteReason[]): string[] {
  return reasons.map((reason) => REASONS[reason]);
}

export function progressWords(arrivedBytes: number, totalBytes: number): string {
  return `${byteWords(arrivedBytes)} of ${byteWords(totalBytes)} arrived.`;
}

/** @param droppedKeys typed behind the paste and dropped with it */
export function stoppedWords(sentBytes: number, totalBytes: number, droppedKeys: number): string {
  const keys = droppedKeys > 0 ? ` ${countKeys(droppedKeys)} typed meanwhile went with it.` : "";
  return `${byteWords(sentBytes)} of ${byteWords(totalBytes)} went to the shell, the rest was dropped.${keys}`;
}
