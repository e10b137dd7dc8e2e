// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { askReadiness, type Readiness, ServerStatus } from "./server-status.tsx";

afterEach(cleanup);

function show(ask: () => Promise<Readiness>): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ServerStatus ask={ask} />
    </QueryClientProvider>,
  );
}
const items = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

test("a server that is ready says so, with each of its checks by a word that people know", async () => {
  show(async () => ({ status: "ready", checks: { store: "ok", "session-logs": "ok", later: "ok" } }));
  expect(await screen.findByText("It can do all of its work.")).toBeTruthy();
  expect(items()).toEqual(["Databaseok", "Output of sessions is storedok", "laterok"]);
});

test("one that is not says what failed, and who finds out why", async () => {
  show(async () => ({ status: "not ready", checks: { store: "ok", audit: "failed" } }));
  expect(await screen.findByText(/cannot do all of its work\. Whoever runs it finds the reason/)).toBeTruthy();
  expect(items()).toEqual(["Databaseok", "Auditfailed"]);
});

test("one that does not answer is not called ready", async () => {
  show(() => Promise.reject(new Error("offline")));
  expect(await screen.findByText("It does not answer.")).toBeTruthy();
  expect(screen.queryByRole("list")).toBeNull();
});

test("an answer with 503 is read as well; one of something in between is none", async () => {
  const { signal } = new AbortController();
  const body = { status: "not ready", checks: { store: "failed" } };
  expect(await askReadiness(async () => Response.json(body, { status: 503 }), signal)).toEqual(body);
  await expect(askReadiness(async () => Response.json({ ok: true }), signal)).rejects.toThrow(/unexpected/);
});
