/** What the pane says about its state, word for word (DESIGN §8, §15). Pure; only claims that are true. */
import { ERROR_CATALOG, isErrorCode } from "@causeway/wire-contract/error-catalog";
import type { ChannelStateName, SessionEnd } from "@causeway/wire-contract/sessions";
import { LATENCY_FRESH_MS } from "./latency-line.ts";
import type { Continuity } from "./output-writer.ts";
import type { ConnectingStepName, HeldKeys, TerminalNotice, TerminalStatus } from "./terminal-types.ts";

/** Amber from here on, red from the second: round trip in milliseconds (DESIGN §8). */
export const LATENCY_AMBER_MS = 150;
export const LATENCY_RED_MS = 400;
/** So long without contact, and the strip says what becomes of the shell (DESIGN §8). */
export const STILL_AFTER_MS = 60_000;

const NBSP = "\u00a0";
const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** "6 s", "1 min 5 s", "2 h 3 min": exact, with no-break spaces inside. */
export function exactSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS));
  const [h, m, s] = [Math.floor(seconds / HOUR_S), Math.floor((seconds % HOUR_S) / MINUTE_S), seconds % MINUTE_S];
  if (h > 0) return `${h}${NBSP}h${NBSP}${m}${NBSP}min`;
  return m > 0 ? `${m}${NBSP}min${NBSP}${s}${NBSP}s` : `${s}${NBSP}s`;
}

/** "212 ms" below a second, "1.4 s" above. */
export function stepDuration(ms: number): string {
  return ms < SECOND_MS ? `${Math.round(ms)}${NBSP}ms` : `${(ms / SECOND_MS).toFixed(1)}${NBSP}s`;
}

export function countKeys(count: number): string {
  return `${count}${NBSP}${count === 1 ? "key" : "keys"}`;
}

export function stepWords(name: ConnectingStepName, state: "waiting" | "active" | "done"): string {
  if (name === "session") return state === "done" ? "Session started in AWS" : "Starting a session in AWS";
  if (name === "channel") return state === "done" ? "Channel open" : "Opening the channel";
  if (name === "encryption") return state === "done" ? "Encrypted with KMS" : "Agreeing on a key with KMS";
  return state === "active" ? "Waiting for the shell" : "Shell";
}

export interface Words {
  title: string;
  detail: string;
}

/** @param shellEnds what becomes of the shell if nothing is done, said when the gap is long */
export function reconnectingWords(
  status: { lostAtMs: number; nextTryAtMs?: number; problem?: { title: string } | undefined },
  held: HeldKeys,
  nowMs: number,
  shellEnds = "",
): Words {
  const ago = exactSpan(nowMs - status.lostAtMs);
  const why = status.problem ? `${status.problem.title}.` : `The last word from the server came ${ago} ago.`;
  const waitMs = status.nextTryAtMs === undefined ? 0 : status.nextTryAtMs - nowMs;
  const next = waitMs > 0 ? `Next try in ${exactSpan(Math.max(SECOND_MS, waitMs))}.` : "Trying now.";
  const isLong = nowMs - status.lostAtMs >= STILL_AFTER_MS;
  const title = isLong ? "Still no contact." : "Reconnecting.";
  return { title, detail: [why, isLong && shellEnds, next, heldWords(held)].filter(Boolean).join(" ") };
}

function heldWords({ keys, refused }: HeldKeys): string {
  const held = keys > 0 ? `${countKeys(keys)} held.` : "";
  return refused > 0 ? `${held} ${countKeys(refused)} not taken: only 256${NBSP}bytes are held.`.trim() : held;
}

/** The question about keys that are too old to be sent unasked. */
export function heldQuestion(held: HeldKeys): Words {
  const refused = held.refused > 0 ? ` ${countKeys(held.refused)} more could not be held.` : "";
  const when = held.unsent ? "that were not sent" : "while away";
  return { title: `You typed ${countKeys(held.keys)} ${when}.`, detail: `Send, or drop?${refused}` };
}

/** Characters of a program's text that the question about it shows. */
const COPY_SHOWN_CHARS_MAX = 60;

/** A program wants to write the clipboard (OSC 52). */
export function copyQuestion(text: string): Words {
  const line = text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "")
    .trim();
  const characters = [...line.slice(0, 8 * COPY_SHOWN_CHARS_MAX)];
  const shown =
    characters.length > COPY_SHOWN_CHARS_MAX ? `${characters.slice(0, COPY_SHOWN_CHARS_MAX).join("")}…` : line;
  const answer = "The answer holds for this session.";
  return { title: "A program here wants to write your clipboard:", detail: `“${shown}”. ${answer}` };
}

/** While the server's disk takes nothing: what becomes of keys. */
export function inputStorageWords(state: "refused" | "without-net", held: HeldKeys): Words {
  if (state === "without-net")
    return {
      title: "You type without a net.",
      detail: "Keys go to the shell, but a restart of the server may lose those on their way.",
    };
  const keys = heldWords(held);
  return {
    title: "The server's disk takes nothing more.",
    detail: `Output goes on. What you type cannot be stored, so it is not sent.${keys === "" ? "" : ` ${keys}`}`,
  };
}

export function unansweredWords(sinceMs: number, nowMs: number): Words {
  return {
    title: "The server does not answer.",
    detail: `Nothing came for ${exactSpan(nowMs - sinceMs)}. If nothing comes, the connection is made anew; your shell keeps running.`,
  };
}

/** Trouble between the server and AWS, or with the instance; undefined while the channel is fine. */
export function channelWords(channel: ChannelStateName | undefined, reason?: string): Words | undefined {
  const why = isErrorCode(reason) ? ERROR_CATALOG[reason] : undefined;
  if (channel === "paused") {
    const detail = "AWS holds what you type until it is back.";
    return why
      ? { title: `${why.title}.`, detail: `The agent is away. ${detail}` }
      : { title: "The instance's agent is away.", detail };
  }
  if (channel === "open")
    return why && { title: `${why.title}.`, detail: "What you type is kept, and sent until it answers." };
  if (channel !== "lost" && channel !== "connecting" && !isAgreeing(channel)) return undefined;
  if (why && needsSignIn(reason))
    return { title: `${why.title}.`, detail: "Your shell keeps running, and goes on here when you sign in again." };
  if (why && reason === "RESUME_REFUSED") return { title: `${why.title}.`, detail: `${why.cause} ${why.remedy}` };
  const detail = "The server opens it again. Your shell keeps running.";
  return {
    title: "The connection between the server and AWS broke.",
    detail: why ? `${why.title}. ${detail}` : detail,
  };
}

const isAgreeing = (channel: ChannelStateName | undefined): channel is "handshaking" | "encrypting" =>
  channel === "handshaking" || channel === "encrypting";

/** Nothing but new credentials brings the channel back. */
export function needsSignIn(reason: string | undefined): boolean {
  return reason === "CREDENTIALS_EXPIRED" || reason === "ACCESS_KEYS_REFUSED";
}

const CONTINUITY_WORDS: Readonly<Record<Continuity, string>> = {
  whole: "nothing lost",
  checkpoint: "much was printed: the screen comes from a checkpoint",
  lost: "some output was not kept",
};

export function backWords(backAfterMs: number, continuity: Continuity): string {
  return `back after ${exactSpan(backAfterMs)}, ${CONTINUITY_WORDS[continuity]}`;
}

/** One or two words for the status bar. */
export function stateWord(status: TerminalStatus, nowMs: number): string | undefined {
  if (status.kind === "starting" || status.kind === "connecting") return "connecting";
  if (status.kind === "reconnecting") return `no answer ${exactSpan(nowMs - status.lostAtMs)}`;
  if (status.kind === "failed") return "not open";
  if (status.kind === "ended") return endedWord(status.end);
  if (status.unansweredSinceMs !== undefined) return `no answer ${exactSpan(nowMs - status.unansweredSinceMs)}`;
  if (status.channel === "paused") return "agent away";
  if (status.channel === "open" && channelWords("open", status.channelReason)) return "instance silent";
  if (status.channel !== "open" && needsSignIn(status.channelReason)) return "sign in again";
  if (status.channel !== undefined && status.channel !== "open") return "AWS connection lost";
  if (status.backAfterMs === undefined || status.isMarked) return undefined;
  return backWords(status.backAfterMs, status.continuity ?? "whole");
}

function endedWord({ limit }: SessionEnd): string {
  if (limit === undefined) return "ended";
  return limit.kind === "idle" ? "ended, idle limit" : "ended, longest session";
}

/** What a screen reader is told when all is well again; what is not well stands in words on the pane and is read there. */
export function announcement(status: TerminalStatus, name: string): string {
  if (status.kind !== "open") return "";
  return status.backAfterMs === undefined ? `Connected to ${name}` : `Connected to ${name} again`;
}

export interface Latency {
  text: string;
  tone: "plain" | "warn" | "bad";
  split: string;
}

/** Browser to server, plus server to instance when a key measured it lately. */
export function latencyWords(status: TerminalStatus, nowMs: number): Latency {
  const browser = fresh(status.latencyMs, status.latencyAtMs, nowMs);
  const agent = fresh(status.agentLatencyMs, status.agentLatencyAtMs, nowMs);
  const part = (ms: number | undefined): string => (ms === undefined ? "not measured" : `${Math.round(ms)}${NBSP}ms`);
  const split = `Round trip: browser ↔ server ${part(browser)}, server ↔ instance ${part(agent)}`;
  if (browser === undefined) return { text: "–", tone: "plain", split };
  const total = Math.round(browser + (agent ?? 0));
  const isSlow = total > LATENCY_RED_MS;
  const tone = isSlow ? "bad" : total >= LATENCY_AMBER_MS ? "warn" : "plain";
  return { text: `${total}${NBSP}ms${isSlow ? " slow" : ""}`, tone, split };
}

function fresh(ms: number | undefined, atMs: number | undefined, nowMs: number): number | undefined {
  return ms !== undefined && atMs !== undefined && nowMs - atMs <= LATENCY_FRESH_MS ? ms : undefined;
}

export function noticeWords({ code, text }: TerminalNotice): Words {
  if (code === "INPUT_REFUSED")
    return {
      title: "That was too much to paste at once.",
      detail: `Nothing of it was sent. At most 4${NBSP}MiB may wait.`,
    };
  if (code === "INPUT_NOT_HELD")
    return {
      title: "Not all that you typed was taken.",
      detail: `Until the shell is open, 256${NBSP}bytes may wait. What goes beyond is left out.`,
    };
  if (code === "PASTE_STOPPED") return { title: "Paste stopped.", detail: text ?? "" };
  if (code === "PASTE_RUNNING")
    return { title: "A paste is still on its way.", detail: "Stop it, or wait: this was not taken." };
  if (code === "PASTE_TOO_LARGE")
    return { title: "That is too much to paste.", detail: `Nothing of it was sent. A paste may have 64${NBSP}MiB.` };
  if (code === "CLIPBOARD_NOT_WRITTEN")
    return { title: "The browser did not let the page write the clipboard.", detail: "Select the text and copy it." };
  if (code === "CLIPBOARD_NOT_READ")
    return {
      title: "The browser does not let the page read the clipboard.",
      detail: "Paste with the keyboard, or with the browser's own menu (Shift and right click).",
    };
  if (!isErrorCode(code)) return { title: text ?? "The server sent a notice.", detail: "" };
  const { title, cause } = ERROR_CATALOG[code];
  return { title: `${title}.`, detail: text ?? cause };
}
