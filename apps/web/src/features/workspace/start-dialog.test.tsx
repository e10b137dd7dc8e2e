// @vitest-environment happy-dom
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import type { Problem } from "@causeway/wire-contract/problem";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { AccountDocuments } from "./document-choice.tsx";
import { StartDialog } from "./start-dialog.tsx";
import type { SaidAtStart } from "./workspace.ts";

afterEach(cleanup);

function show(given: Omit<SessionStartRules, "accountDocuments">, account?: AccountDocuments): SaidAtStart[] {
  const rules = { ...given, accountDocuments: account !== undefined };
  const opened: SaidAtStart[] = [];
  render(
    <StartDialog
      instanceName="checkout-api-04"
      rules={rules}
      account={account}
      onOpen={(said) => opened.push(said)}
      onCancel={() => undefined}
    />,
  );
  return opened;
}
const type = (text: string): boolean => fireEvent.change(screen.getByLabelText(/^Reason/), { target: { value: text } });
const submit = (): boolean => fireEvent.submit(document.querySelector("form") as HTMLFormElement);

test("where a reason is required nothing is opened without one, and the field says so", () => {
  const opened = show({ reason: "required", documents: ["Shell"] });
  expect(document.activeElement).toBe(screen.getByLabelText("Reason"));
  submit();
  type("   ");
  submit();
  expect(screen.getByText(/Say why/)).toBeTruthy();
  type(" INC-4711 ");
  submit();
  expect(opened).toEqual([{ reason: "INC-4711" }]);
});

test("an optional reason may be left out, and the first document is what is taken anyway", () => {
  const opened = show({ reason: "optional", documents: ["Shell", "Ops-Shell"] });
  submit();
  fireEvent.click(screen.getByLabelText("Ops-Shell"));
  submit();
  expect(opened).toEqual([{}, { documentName: "Ops-Shell" }]);
});

test("a reason with hidden characters is not sent", () => {
  const opened = show({ reason: "optional", documents: ["Shell"] });
  type("right\u202eto left");
  submit();
  expect([opened, screen.getByText(/one line/).tagName]).toEqual([[], "SPAN"]);
});

test("without reasons only the documents are asked for", () => {
  show({ reason: "off", documents: ["Shell", "Ops-Shell"] });
  expect(screen.queryByLabelText(/^Reason/)).toBeNull();
  expect(screen.getAllByRole("radio")).toHaveLength(2);
});

const OFFERED = { reason: "off", documents: ["Shell"] } as const;
const DENIED: Problem = {
  type: "docs/errors.md#aws_access_denied",
  title: "AWS did not allow this",
  status: 403,
  code: "AWS_ACCESS_DENIED",
  cause: "A policy denies it.",
  remedy: "Use another role.",
  retryable: false,
  requestId: "r-1",
  aws: { service: "ssm", operation: "ListDocuments", code: "AccessDeniedException", message: "no" },
};
const names = () => screen.getAllByRole("radio").map((radio) => radio.closest("label")?.textContent);

test("the account's documents stand after those of the configuration, each once, with what their authors say", () => {
  const documents = [{ name: "Ops-Shell", description: "Runs as ops" }, { name: "Shell" }];
  const opened = show({ ...OFFERED, documents: ["Shell"] }, { kind: "known", found: { documents, more: false } });
  expect(names()).toEqual(["Shell", "Ops-ShellRuns as ops"]);
  fireEvent.click(screen.getByLabelText(/^Ops-Shell/));
  submit();
  expect(opened).toEqual([{ documentName: "Ops-Shell" }]);
  expect(screen.queryByLabelText(/^Another document/)).toBeNull();
});

test("while AWS is asked the first document can be taken already", () => {
  const opened = show({ ...OFFERED, documents: ["Shell"] }, { kind: "asking" });
  expect(screen.getByRole("status").textContent).toMatch(/^Asking AWS/);
  submit();
  expect(opened).toEqual([{}]);
});

test("who may not list documents is told what was refused, and can name one", () => {
  const found = { documents: [], more: false, problem: DENIED };
  const opened = show({ ...OFFERED, documents: ["Shell"] }, { kind: "known", found });
  expect(screen.getByRole("status").textContent).toContain("AWS did not allow this");
  expect(screen.getByText(/ssm:ListDocuments AccessDeniedException/)).toBeTruthy();
  fireEvent.change(screen.getByLabelText(/^Another document/), { target: { value: " Team-Shell " } });
  expect(screen.queryAllByRole("radio", { checked: true })).toEqual([]);
  submit();
  fireEvent.click(screen.getByLabelText("Shell"));
  submit();
  expect(opened).toEqual([{ documentName: "Team-Shell" }, {}]);
});

test("a server that does not answer takes nothing of the choice away but the list", () => {
  const opened = show({ ...OFFERED, documents: ["Shell"] }, { kind: "failed", error: new Error("x") });
  expect(names()).toEqual(["Shell"]);
  submit();
  expect(opened).toEqual([{}]);
});
