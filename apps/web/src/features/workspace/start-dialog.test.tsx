// @vitest-environment happy-dom
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { StartDialog } from "./start-dialog.tsx";
import type { SaidAtStart } from "./workspace.ts";

afterEach(cleanup);

function show(rules: SessionStartRules): SaidAtStart[] {
  const opened: SaidAtStart[] = [];
  render(
    <StartDialog
      instanceName="checkout-api-04"
      rules={rules}
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
  expect([opened, screen.getByText(/One line/).tagName]).toEqual([[], "SPAN"]);
});

test("without reasons only the documents are asked for", () => {
  show({ reason: "off", documents: ["Shell", "Ops-Shell"] });
  expect(screen.queryByLabelText(/^Reason/)).toBeNull();
  expect(screen.getAllByRole("radio")).toHaveLength(2);
});
