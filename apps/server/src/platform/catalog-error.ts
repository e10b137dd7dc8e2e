import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import { plainText } from "./plain-text.ts";
import { redactText } from "./redaction.ts";

/** Longest text from outside that we keep for the details view, in characters. */
const DETAIL_CHARACTERS_MAX = 500;

/** What AWS said, in its own words: shown behind "details", never as the message. */
export interface AwsErrorDetail {
  service: string;
  operation: string;
  code: string;
  message: string;
  requestId?: string;
}

/**
 * The one error that may leave a domain: a code of the catalog, with the original as `cause`.
 * `detail` and the AWS message are shown to the person behind "details", so both are cleaned here: AWS repeats
 * the canonical request, session token included, when a signature does not match.
 */
export class CatalogError extends Error {
  readonly code: ErrorCode;
  readonly aws?: AwsErrorDetail;
  readonly detail?: string;
  /** Trying again sooner is no use, in seconds; undefined: not known. */
  readonly retryAfterS?: number;
  /** When the machine that the failure is about was heard last, in milliseconds since the epoch. */
  readonly lastPingAtMs?: number;

  constructor(
    code: ErrorCode,
    options: {
      cause?: unknown;
      aws?: AwsErrorDetail;
      detail?: string;
      retryAfterS?: number;
      lastPingAtMs?: number;
    } = {},
  ) {
    super(ERROR_CATALOG[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CatalogError";
    this.code = code;
    if (options.aws !== undefined) this.aws = { ...options.aws, message: shown(options.aws.message) };
    if (options.retryAfterS !== undefined) this.retryAfterS = options.retryAfterS;
    if (options.lastPingAtMs !== undefined) this.lastPingAtMs = options.lastPingAtMs;
    if (options.detail !== undefined) this.detail = shown(options.detail);
  }
}

/** The first line only, without control characters, secrets, or more length than a details view needs. */
function shown(text: string): string {
  const firstLine = text.split(/[\r\n]/, 1)[0] ?? "";
  return plainText(redactText(firstLine), DETAIL_CHARACTERS_MAX);
}
