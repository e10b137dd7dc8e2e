// @vitest-environment happy-dom
import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { OidcForm } from "./oidc-form.tsx";
import { refusal, refusing } from "./testing/refusing.ts";

afterEach(cleanup);

const ROLES = ["arn:aws:iam::111122223333:role/Reader", "arn:aws:iam::111122223333:role/team/Operator"];

test("what the organisation's sign-in answered is at the keyboard when the browser comes back", async () => {
  const failure = await refusing("OIDC_SIGN_IN_REFUSED")().catch((error: unknown) => error);
  render(
    <OidcForm
      api={{ startOidc: refusing("OIDC_SIGN_IN_REFUSED") }}
      offer={{ name: "Harbor", roles: [] }}
      how="replace"
      failure={failure}
    />,
  );
  const alert = await refusal();
  expect(alert.textContent).toContain(ERROR_CATALOG.OIDC_SIGN_IN_REFUSED.cause);
  expect(document.activeElement).toBe(alert);
});

test("a provider that is away is said with its remedy; the chosen role stays, and a second try leaves the page", async () => {
  const asked: unknown[] = [];
  const went: string[] = [];
  const startOidc = async (body: object) => {
    asked.push(body);
    if (asked.length === 1) await refusing("OIDC_PROVIDER_UNREACHABLE")();
    return { authorizationUrl: "https://login.harbor.example/" };
  };
  render(
    <OidcForm
      api={{ startOidc }}
      offer={{ name: "Harbor", roles: ROLES }}
      how="replace"
      go={(url) => went.push(url)}
    />,
  );
  fireEvent.click(screen.getByRole("radio", { name: /Operator/ }));
  fireEvent.click(screen.getByRole("button", { name: "Continue with Harbor" }));
  const alert = await refusal();
  expect(alert.textContent).toContain(ERROR_CATALOG.OIDC_PROVIDER_UNREACHABLE.remedy);
  expect(document.activeElement).toBe(alert);
  fireEvent.click(screen.getByRole("button", { name: "Continue with Harbor" }));
  await waitFor(() => expect(went).toEqual(["https://login.harbor.example/"]));
  expect(asked).toEqual(Array(2).fill({ how: "replace", roleArn: ROLES[1] }));
});
