// @vitest-environment happy-dom
import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import type { LocalProfile } from "@causeway/wire-contract/profiles";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { ProfileForm } from "./profile-form.tsx";
import { refusal, refusing } from "./testing/refusing.ts";

afterEach(cleanup);

const PROFILES: LocalProfile[] = [
  { name: "harbor-prod", kind: "identity-center", mfa: false },
  { name: "harbor-staging", kind: "role", mfa: true },
];

async function show(answer: () => Promise<void>, listed: () => Promise<LocalProfile[]> = async () => PROFILES) {
  const sent: object[] = [];
  const api = {
    localProfiles: async () => ({ profiles: await listed(), truncated: false }),
    signInWithProfile: async (body: object) => {
      sent.push(body);
      await answer();
    },
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ProfileForm api={api} launched how="replace" onSignedIn={() => sent.push({ signedIn: true })} />
    </QueryClientProvider>,
  );
  return sent;
}
const code = () => screen.getByLabelText("MFA code") as HTMLInputElement;

test("a profile whose device nobody foresaw asks for its code, and the keyboard is in the field", async () => {
  const sent = await show(refusing("PROFILE_NEEDS_MFA"));
  fireEvent.click(await screen.findByRole("button", { name: "Use harbor-prod" }));
  const alert = await refusal();
  expect(alert.textContent).toContain(ERROR_CATALOG.PROFILE_NEEDS_MFA.remedy);
  expect([document.activeElement, code().getAttribute("aria-describedby")]).toEqual([code(), alert.id]);
  expect(sent).toEqual([{ name: "harbor-prod", how: "replace" }]);
});

test("a refused code stays where it was typed, selected; half a code is not sent", async () => {
  const sent = await show(refusing("MFA_CODE_REFUSED"));
  fireEvent.click(await screen.findByRole("radio", { name: /harbor-staging/ }));
  fireEvent.change(code(), { target: { value: "418" } });
  fireEvent.click(screen.getByRole("button", { name: "Use harbor-staging" }));
  await waitFor(() => expect(document.activeElement).toBe(code()));
  expect([sent, screen.getByText("An MFA code is six digits.")]).toEqual([[], expect.anything()]);
  fireEvent.change(code(), { target: { value: "418027" } });
  fireEvent.click(screen.getByRole("button", { name: "Use harbor-staging" }));
  await refusal();
  const { selectionStart, selectionEnd, value } = code();
  expect([document.activeElement, value, selectionStart, selectionEnd]).toEqual([code(), "418027", 0, 6]);
});

test("a sign-in of the profile that ended says what to do, takes the keyboard, and keeps the choice", async () => {
  await show(refusing("PROFILE_SIGN_IN_ENDED"));
  fireEvent.click(await screen.findByRole("button", { name: "Use harbor-prod" }));
  const alert = await refusal();
  expect([document.activeElement, alert.textContent?.includes(ERROR_CATALOG.PROFILE_SIGN_IN_ENDED.remedy)]).toEqual([
    ...[alert, true],
  ]);
  expect((screen.getByRole("radio", { name: /harbor-prod/ }) as HTMLInputElement).checked).toBe(true);
});

test("a configuration that cannot be read is said, and read again", async () => {
  await show(async () => undefined, refusing("PROFILES_UNREADABLE"));
  expect((await screen.findByRole("alert")).textContent).toContain(ERROR_CATALOG.PROFILES_UNREADABLE.cause);
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});
