// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { RenameDialog } from "./rename-dialog.tsx";

afterEach(cleanup);

function show(name: string) {
  const acts: string[] = [];
  render(
    <RenameDialog
      name={name}
      instanceName="checkout-api-04"
      onRename={(next) => acts.push(`rename ${next}`)}
      onCancel={() => acts.push("cancel")}
    />,
  );
  return { acts, field: screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }) };
}

test("the keyboard is in the name, which is renamed with Enter", () => {
  const { acts, field } = show("pool incident");
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe("pool incident");
  fireEvent.change(field, { target: { value: "db" } });
  fireEvent.submit(field.form as HTMLFormElement);
  expect(acts).toEqual(["rename db"]);
});

test("without a name the instance's is shown, and Esc changes nothing", () => {
  const { acts, field } = show("");
  expect(field.placeholder).toBe("checkout-api-04");
  fireEvent.keyDown(field, { key: "Escape" });
  expect(acts).toEqual(["cancel"]);
});
