/** What the pane says about the session's time and its logging by AWS, word for word (DESIGN §2, §8, §15). Pure. */
import type { SessionEnd, SessionLimit, SessionPreferences } from "@causeway/wire-contract/sessions";
import { whoOf } from "./admin-note.ts";
import { endWords, ranWords } from "./ending-words.ts";
import { exactSpan, type Words } from "./status-words.ts";
import { isEndNear, type NextEnd, nextEnd, type TimeLeft, WARNING_MS } from "./time-left.ts";

const NBSP = "\u00a0";
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
/** Steps of the warning: it is read aloud at these, not every second. */
const SAID_AT_MS = [10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, WARNING_MS];

/** "20 min", "8 h", "1 h 30 min": rounded up, because limits and what is left of them are promises. */
export function wholeSpan(ms: number): string {
  const minutes = Math.max(0, Math.ceil(ms / MINUTE_MS));
  const [h, m] = [Math.floor(minutes / HOUR_MIN), minutes % HOUR_MIN];
  if (h === 0) return `${m}${NBSP}min`;
  return m === 0 ? `${h}${NBSP}h` : `${h}${NBSP}h${NBSP}${m}${NBSP}min`;
}

export interface TimeLeftWords {
  text: string;
  tone: "plain" | "warn";
  /** The rule behind it, for the tooltip. */
  rule: string;
}

/** For the status bar: changes once a minute, and every second in the last two. */
export function timeLeftWords(time: TimeLeft, nowMs: number): TimeLeftWords {
  const end = nextEnd(time, nowMs);
  const { leftMs, isAssumed } = end;
  const rule = ruleWords(end, time.preferences);
  if (leftMs <= 0) return { text: overdueText(end), tone: isAssumed ? "plain" : "warn", rule };
  const span = leftMs <= WARNING_MS ? exactSpan(leftMs) : wholeSpan(leftMs);
  return { text: `${isAssumed ? "about " : ""}${span} left`, tone: isEndNear(end) ? "warn" : "plain", rule };
}

function overdueText({ kind, isAssumed }: NextEnd): string {
  if (isAssumed) return "idle limit unknown";
  return kind === "idle" ? "idle limit reached" : "longest session reached";
}

function ruleWords({ kind, by, limitMs, isAssumed }: NextEnd, { source }: SessionPreferences): string {
  if (kind === "longest") return `AWS ends every session of this account after ${wholeSpan(limitMs)}.`;
  const who = by === "aws" ? "AWS" : "Causeway";
  const limit = `after ${wholeSpan(limitMs)} without a key`;
  if (isAssumed)
    return `The account's idle limit is unknown: your role may not read it. ${who} ends the shell ${limit} by AWS's default.`;
  return `${who} ends this shell ${limit}: ${source === "document" ? "the account's setting" : "AWS's default, the account set none"}.`;
}

/** The strip two minutes ahead; undefined: the end is not near. */
export function endNearWords(time: TimeLeft, nowMs: number): Words | undefined {
  const end = nextEnd(time, nowMs);
  if (!isEndNear(end)) return undefined;
  const { kind, by, leftMs, limitMs, isAssumed } = end;
  if (leftMs <= 0)
    return {
      title: kind === "idle" ? "This shell is at its idle limit." : "This is the longest session AWS allows here.",
      detail: "AWS ends it any moment.",
    };
  const stepMs = SAID_AT_MS.find((each) => leftMs <= each) ?? WARNING_MS;
  const soon = stepMs < MINUTE_MS ? exactSpan(stepMs) : wholeSpan(stepMs);
  if (kind === "longest")
    return {
      title: `AWS ends this shell in ${soon}.`,
      detail: `${exactSpan(leftMs)} left. No session of this account runs longer than ${wholeSpan(limitMs)}.`,
    };
  const who = by === "aws" ? (isAssumed ? "AWS may end" : "AWS ends") : "Causeway ends";
  const why = isAssumed
    ? `The account's limit is unknown; AWS's default is ${wholeSpan(limitMs)}.`
    : "Any key keeps it open.";
  return { title: `${who} this shell in ${soon} without a key.`, detail: `${exactSpan(leftMs)} left. ${why}` };
}

/** While the page has no contact: what becomes of the shell if nothing is done. "" when nothing is known or left. */
export function awayTimeWords(time: TimeLeft | undefined, nowMs: number): string {
  if (time === undefined) return "";
  const { kind, by, leftMs, isAssumed } = nextEnd(time, nowMs);
  if (leftMs <= 0) return "";
  const who = by === "aws" ? (isAssumed ? "AWS may end" : "AWS ends") : "Causeway ends";
  return `${who} the shell in ${wholeSpan(leftMs)}${kind === "idle" ? " without a key" : ""}.`;
}

/** Who ended it and why; an end at a limit names the limit. */
export function endedWords(end: SessionEnd, startedAtMs: number | undefined, instanceName: string): Words {
  if (end.limit === undefined) return endWords(end, startedAtMs, instanceName);
  const { title, detail } = limitWords(end, end.limit);
  return { title, detail: `${detail} ${ranWords(end, startedAtMs)}`.trim() };
}

function limitWords({ by }: SessionEnd, { kind, limitMs, assumed }: SessionLimit): Words {
  const who = by === "server" ? "Causeway" : "AWS";
  if (kind === "longest") {
    const span = limitMs === undefined ? "" : `, ${wholeSpan(limitMs)}`;
    return { title: `Ended by ${who}: longest session${span}.`, detail: "No session of this account may run longer." };
  }
  const span = limitMs === undefined ? "too long" : wholeSpan(limitMs);
  const rule = assumed
    ? "The account's own limit could not be read, so AWS's default was kept."
    : "Nobody typed for as long as this account allows.";
  const why =
    by === "server"
      ? " AWS would have ended it later: a reconnect, a new size or a terminal reply restarts its clock."
      : "";
  return { title: `Ended by ${who}: idle for ${span}.`, detail: `${rule}${why}` };
}

/**
 * Who acts, as a status line says it (DESIGN §2): the user of the shell where the account's preferences tell it, and the role.
 *
 * @returns `user` undefined: nobody may read it, or only AWS knows
 */
export function actorWords(
  identity: { name: string; role: string; account: string },
  preferences: SessionPreferences | undefined,
): { user: string | undefined; role: string; rule: string } {
  const user = preferences?.shellUser;
  const signedIn = `Signed in as ${identity.name}, ${identity.role} in ${identity.account}.`;
  const runAs =
    user === undefined || user === "ssm-user"
      ? ""
      : " The account's preferences name the shell's user; a tag SSMSessionRunAs of your user or role wins over them.";
  return { user, role: whoOf(identity), rule: `${signedIn}${runAs}` };
}

/** REC in the status bar; undefined: AWS logs nothing, or nobody knows. */
export function awsLogWords({ awsLog }: SessionPreferences): { where: string; detail: string } | undefined {
  if (awsLog === undefined) return undefined;
  const { s3, cloudWatch } = awsLog;
  const targets = [s3 && `S3 in ${s3}`, cloudWatch && `CloudWatch in ${cloudWatch}`].filter(Boolean);
  const where = [s3 && "S3", cloudWatch && "CW"].filter(Boolean).join(" + ");
  return where === "" ? undefined : { where, detail: `AWS logs this session: ${targets.join(" and ")}` };
}
