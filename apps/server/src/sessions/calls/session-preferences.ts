/** The account's session document (aws-facts §5), as far as it concerns a shell that runs. Pure, but for its interface. */
import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import type { AwsIdentity } from "../../identity/index.ts";

/** Default of the service where the account sets nothing (aws-facts §1, §5), in milliseconds. */
export const IDLE_LIMIT_DEFAULT_MS = 20 * 60_000;

/** What sessions need to know about the account's settings. Implemented in ./aws-session-preferences.ts. */
export interface PreferencesReader {
  /**
   * @param documentName what the session was started with; undefined: AWS chose, because the account has no document
   * @returns preferences with source `unknown` when they may not or cannot be read. Never rejects.
   */
  readPreferences(identity: AwsIdentity, region: string, documentName: string | undefined): Promise<SessionPreferences>;
}

export const UNKNOWN_PREFERENCES: SessionPreferences = { source: "unknown", idleLimitMs: IDLE_LIMIT_DEFAULT_MS };
/** The user that the agent makes for shells, also on Windows (AWS: "Turn on Run As support", aws-facts §5). */
const SSM_USER = "ssm-user";
export const DEFAULT_PREFERENCES: SessionPreferences = {
  source: "aws-default",
  idleLimitMs: IDLE_LIMIT_DEFAULT_MS,
  shellUser: SSM_USER,
};

const MINUTE_MS = 60_000;
/** Source: aws-facts §1. */
const IDLE_MINUTES_MAX = 60;
const LONGEST_MINUTES_MAX = 1_440;
/** Longest name of a log's target that is passed on, in characters: bucket 63 and prefix, log group 512. */
const LOG_TARGET_CHARACTERS_MAX = 512;
/** Longest name of a user that is passed on, in characters: one of Linux has at most 32. */
const USER_CHARACTERS_MAX = 64;

/**
 * @param content JSON text of a session document
 * @returns source `unknown` for what is no such document, or whose idle limit is no number of minutes (a document may refer
 *   to parameters, which only AWS resolves)
 */
export function parsePreferences(content: string): SessionPreferences {
  const document = documentOf(content);
  if (document === undefined) return UNKNOWN_PREFERENCES;
  const { inputs } = document;
  const shellUser = shellUserOf(document);
  const awsLog = awsLogOf(inputs);
  const idle = minutes(inputs.idleSessionTimeout, IDLE_MINUTES_MAX);
  const longest = minutes(inputs.maxSessionDuration, LONGEST_MINUTES_MAX);
  return {
    ...(idle === "unreadable"
      ? UNKNOWN_PREFERENCES
      : { source: "document", idleLimitMs: idle ?? IDLE_LIMIT_DEFAULT_MS }),
    ...(typeof longest === "number" ? { longestMs: longest } : {}),
    ...(shellUser === undefined ? {} : { shellUser }),
    ...(awsLog === undefined ? {} : { awsLog }),
  };
}

interface SessionDocument {
  sessionType: unknown;
  inputs: Record<string, unknown>;
}

function documentOf(content: string): SessionDocument | undefined {
  try {
    const document: unknown = JSON.parse(content);
    if (!isRecord(document)) return undefined;
    const { sessionType, inputs = {} } = document; // no settings at all: AWS's defaults
    return isRecord(inputs) ? { sessionType, inputs } : undefined;
  } catch {
    return undefined; // not JSON
  }
}

/** Milliseconds; undefined: not set. Documents hold minutes as text; numbers are tolerated. */
function minutes(value: unknown, max: number): number | undefined | "unreadable" {
  const text = value === undefined || value === null ? "" : String(value).trim();
  if (text === "") return undefined;
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= max ? count * MINUTE_MS : "unreadable";
}

/** @returns undefined where a parameter decides, or a command that may run elevated: only a plain shell's user is told by this */
function shellUserOf({ sessionType, inputs }: SessionDocument): string | undefined {
  if (sessionType !== "Standard_Stream") return undefined;
  const { runAsEnabled = false, runAsDefaultUser } = inputs;
  if (runAsEnabled === false || runAsEnabled === "") return SSM_USER;
  const user = typeof runAsDefaultUser === "string" ? runAsDefaultUser.trim() : "";
  const isName = user.length <= USER_CHARACTERS_MAX && /^[\p{L}\p{N}_][\p{L}\p{N}_.@\\$ -]*$/u.test(user);
  return runAsEnabled === true && isName ? user : undefined;
}

function awsLogOf(inputs: Record<string, unknown>): SessionPreferences["awsLog"] {
  const [bucket, prefix] = [logTarget(inputs.s3BucketName), logTarget(inputs.s3KeyPrefix)];
  const cloudWatch = logTarget(inputs.cloudWatchLogGroupName);
  if (bucket === "" && cloudWatch === "") return undefined;
  return {
    ...(bucket === "" ? {} : { s3: prefix === "" ? bucket : `${bucket}/${prefix}` }),
    ...(cloudWatch === "" ? {} : { cloudWatch }),
  };
}

function logTarget(value: unknown): string {
  return typeof value === "string"
    ? value
        .replace(/\p{Cc}/gu, "")
        .trim()
        .slice(0, LOG_TARGET_CHARACTERS_MAX)
    : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
