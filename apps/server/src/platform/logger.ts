import { type Logger, pino } from "pino";
import { CatalogError } from "./catalog-error.ts";
import { redactFields, redactText } from "./redaction.ts";

/** Longest line of a stack or message that is logged, in characters. */
const STACK_CHARACTERS_MAX = 4_000;
const CAUSES_MAX = 5;

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a domain may do with the log: fields first, then what happened in words. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: Record<string, unknown>): Log;
}

/**
 * One JSON line per event. Every field passes redactFields and every finished line redactText, so that a secret
 * needs to slip through both nets to be written.
 *
 * @param write receives whole lines, newline included
 */
export function createLog(level: LogLevel, write: (line: string) => void): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      serializers: { err: describeError, error: describeError, req: describeRequest, res: describeReply },
    },
    { write: (line: string) => write(redactText(line)) },
  );
}

/** Errors as facts: kind, code, what AWS said, and the chain of causes; never the request or config they carry. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    ...(error instanceof CatalogError && error.aws ? { aws: error.aws } : {}),
    ...(error instanceof CatalogError && error.detail ? { detail: error.detail } : {}),
    stack: error.stack?.slice(0, STACK_CHARACTERS_MAX),
    ...(error.cause !== undefined && depth < CAUSES_MAX ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** No query, no headers, no body: a path of ours holds public ids only. */
function describeRequest(request: { method?: string; url?: string; ip?: string }): object {
  return { method: request.method, path: request.url?.split("?", 1)[0], ip: request.ip };
}

function describeReply(reply: { statusCode?: number }): object {
  return { status: reply.statusCode };
}
