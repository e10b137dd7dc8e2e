/** Why a shell could not be opened, with the names it is about (DESIGN §9). Pure. */
import type { Problem } from "@causeway/wire-contract/problem";
import { describeProblem, type Failure } from "../../lib/failure.ts";
import { type Denial, denialOf, denialPolicy } from "./denial.ts";
import { exactSpan } from "./status-words.ts";
import { wholeSpan } from "./time-words.ts";

const MINUTE_MS = 60_000;

export interface FailedPlace {
  instanceName: string;
  region: string;
  /** Role or user that asked. */
  who: string;
  /** The page's clock. */
  nowMs: number;
}

export interface FailedWords extends Failure {
  /** The statement that would allow it, when AWS named what is missing. */
  policy?: string;
}

export function failedWords(problem: Problem, place: FailedPlace): FailedWords {
  const words = describeProblem(problem);
  const { instanceName, region } = place;
  switch (problem.code) {
    case "INSTANCE_STOPPED":
      return { ...words, title: `${instanceName} is stopped` };
    case "INSTANCE_NOT_MANAGED":
      return { ...words, title: `${instanceName} is not managed by SSM` };
    case "INSTANCE_LOST":
      return { ...words, ...lostWords(problem.lastPingAt, place) };
    case "AWS_FAILED":
      return {
        ...words,
        title: `AWS had a problem in ${region}`,
        ...(isStart(problem) ? { cause: NOT_REPEATED } : {}),
      };
    case "SESSION_DOCUMENT_MISSING":
      return problem.detail ? { ...words, title: `The session document ${problem.detail} is missing` } : words;
    case "AWS_ACCESS_DENIED":
      return isStart(problem) ? deniedWords(words, denialOf(problem.aws?.message ?? ""), place) : words;
    default:
      return words;
  }
}

const isStart = ({ aws }: Problem): boolean => aws?.operation === "StartSession";

/** Other calls are made three times; a second start could leave a shell that nobody sees. */
const NOT_REPEATED =
  "AWS answered the start with an error that says nothing about the cause. It was not repeated by itself: a shell may have begun all the same.";

/** "14 min" from whole minutes on, the seconds below: nobody counts those of an hour. */
function lostWords(lastPingAt: number | undefined, { instanceName, nowMs }: FailedPlace): { title: string } {
  if (lastPingAt === undefined) return { title: `${instanceName} stopped answering` };
  const agoMs = Math.max(0, nowMs - lastPingAt);
  const ago = agoMs < MINUTE_MS ? exactSpan(agoMs) : wholeSpan(agoMs - (agoMs % MINUTE_MS));
  return { title: `${instanceName} stopped answering ${ago} ago` };
}

function deniedWords(words: Failure, denial: Denial | undefined, { who }: FailedPlace): FailedWords {
  const title = "AWS did not allow this session";
  if (denial === undefined) return { ...words, title };
  const on = denial.resource === undefined ? "" : ` on ${denial.resource}`;
  const policy = denialPolicy(denial);
  return {
    ...words,
    title,
    cause: `${who} may not call ${denial.action}${on}. ${DENIED_BY[denial.by]}`,
    ...(policy === undefined ? {} : { policy }),
  };
}

const DENIED_BY: Readonly<Record<Denial["by"], string>> = {
  nothing: "No policy of this identity allows it.",
  policy: "A policy of this identity denies it.",
  organisation: "A policy of the organisation denies it.",
  boundary: "Its permissions boundary does not allow it.",
  unknown: "AWS does not say which policy decides.",
};
