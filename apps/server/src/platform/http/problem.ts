import { ERROR_CATALOG, type ErrorCatalogEntry, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { Problem } from "@causeway/wire-contract/problem";
import { CatalogError } from "../catalog-error.ts";

/** Where the entry is described for people; the fragment is GitHub's anchor of the heading. */
const ERRORS_PAGE = "/docs/errors.md";

/** The answer for a failure: words of the catalog, AWS's own behind `aws`, never a stack or a cause. */
export function problemOf(error: CatalogError, requestId: string): Problem {
  const entry: ErrorCatalogEntry = ERROR_CATALOG[error.code];
  return {
    type: `${ERRORS_PAGE}#${error.code.toLowerCase()}`,
    title: entry.title,
    status: entry.httpStatus,
    code: error.code,
    cause: entry.cause,
    remedy: entry.remedy,
    retryable: entry.retryable,
    requestId,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.lastPingAtMs === undefined ? {} : { lastPingAt: error.lastPingAtMs }),
    ...(error.aws === undefined ? {} : { aws: { ...error.aws } }),
  };
}

/** Fastify's own refusals (bad JSON, too large, wrong media type, failed validation …) in our words. */
export function catalogErrorOf(error: unknown): CatalogError {
  if (error instanceof CatalogError) return error;
  const { code, statusCode } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    statusCode?: unknown;
  };
  const known: ErrorCode | undefined =
    code === "FST_ERR_CTP_BODY_TOO_LARGE" || statusCode === 413
      ? "REQUEST_TOO_LARGE"
      : statusCode === 415
        ? "MEDIA_TYPE_NOT_SUPPORTED"
        : typeof statusCode === "number" && statusCode >= 400 && statusCode < 500
          ? "REQUEST_INVALID"
          : undefined;
  if (known === undefined) return new CatalogError("INTERNAL_ERROR", { cause: error });
  // Fastify's texts are its own; a parser's quote the body, so only errors with a code of Fastify are passed on.
  const isFastifys = typeof code === "string" && code.startsWith("FST_ERR_") && error instanceof Error;
  return new CatalogError(known, { cause: error, ...(isFastifys ? { detail: error.message } : {}) });
}
