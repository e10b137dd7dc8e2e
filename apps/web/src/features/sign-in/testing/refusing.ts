import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { Problem } from "@causeway/wire-contract/problem";
import { screen, waitFor } from "@testing-library/react";
import { expect } from "vitest";
import { ApiProblem } from "../../../lib/api-client.ts";

/** A server that refuses with this code, in the words of the catalog. */
export function refusing(code: ErrorCode, part: Partial<Problem> = {}): () => Promise<never> {
  const { title, cause, remedy, retryable, httpStatus } = ERROR_CATALOG[code];
  const problem: Problem = {
    ...{ type: "t", title, status: httpStatus, code, cause, remedy, retryable, requestId: "req-1" },
    ...part,
  };
  return async () => {
    throw new ApiProblem(problem);
  };
}

/** What was refused, once the keyboard was brought to it or to the field that it is about. */
export async function refusal(): Promise<HTMLElement> {
  const alert = await screen.findByRole("alert");
  await waitFor(() => expect(document.activeElement).not.toBe(document.body));
  return alert;
}
