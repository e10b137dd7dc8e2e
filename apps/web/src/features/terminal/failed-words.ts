/** Why a shell could not be opened, with the names it is about (DESIGN §9). Pure. */
import type { Problem } from "@causeway/wire-contract/problem";
import { describeProblem, type Failure } from "../../lib/failure.ts";
import { type Denial, denialOf, denialPolicy } from "./denial.ts";

export interface FailedPlace {
  instanceName: string;
  region: string;
  /** Of the identity that asked. */
  role: string;
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
    case "AWS_FAILED":
      return { ...words, title: `AWS had a problem in ${region}` };
    case "AWS_ACCESS_DENIED":
      return problem.aws?.operation === "StartSession"
        ? deniedWords(words, denialOf(problem.aws.message), place)
        : words;
    default:
      return words;
  }
}

function deniedWords(words: Failure, denial: Denial | undefined, { role }: FailedPlace): FailedWords {
  const title = "AWS did not allow this session";
  if (denial === undefined) return { ...words, title };
  const on = denial.resource === undefined ? "" : ` on ${denial.resource}`;
  const policy = denialPolicy(denial);
  return {
    ...words,
    title,
    cause: `${role} may not call ${denial.action}${on}. ${DENIED_BY[denial.by]}`,
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
