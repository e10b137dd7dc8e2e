// @vitest-environment happy-dom
import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { SignInCode, StartPlace } from "@causeway/wire-contract/identity-center";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { IdentityCenterForm } from "./identity-center-form.tsx";
import type { SignInApi } from "./sign-in-api.ts";
import { refusal, refusing } from "./testing/refusing.ts";

afterEach(cleanup);

const CODE: SignInCode = {
  ...{ id: "A".repeat(22), startUrl: "https://d-1.awsapps.com/start", region: "eu-west-1", userCode: "KXQM-TRVB" },
  ...{ verificationUri: "https://device.sso.example/", state: "waiting", expiresInMs: 600_000, lifetimeMs: 600_000 },
};

/** @param refuses the code that asking for a code is refused with, once @param state what becomes of the code */
function show({ refuses, state = "waiting" }: { refuses?: ErrorCode; state?: SignInCode["state"] } = {}) {
  const asked: StartPlace[] = [];
  const startCode = async (place: StartPlace) => {
    asked.push(place);
    if (asked.length === 1 && refuses !== undefined) await refusing(refuses)();
    return CODE;
  };
  const api = { startCode, watchCode: async () => ({ ...CODE, state }), cancelCode: async () => undefined };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <IdentityCenterForm
        api={api as unknown as SignInApi}
        offer={{ offered: true, typed: true, listed: [] }}
        how="replace"
        onSignedIn={() => undefined}
      />
    </QueryClientProvider>,
  );
  return asked;
}
const url = () => screen.getByLabelText("Start URL") as HTMLInputElement;
const region = () => screen.getByLabelText("Identity Center region") as HTMLInputElement;
const goOn = () => fireEvent.click(screen.getByRole("button", { name: "Continue" }));
function type(startUrl: string, place: string): void {
  fireEvent.change(url(), { target: { value: startUrl } });
  fireEvent.change(region(), { target: { value: place } });
}

test("each field says what it lacks, and the keyboard is at the first of them", async () => {
  const asked = show();
  goOn();
  await waitFor(() => expect(document.activeElement).toBe(url()));
  expect(region().getAttribute("aria-invalid")).toBe("true");
  type("https://d-1.awsapps.com/start", "");
  goOn();
  await waitFor(() => expect(document.activeElement).toBe(region()));
  expect([url().getAttribute("aria-invalid"), asked]).toEqual([null, []]);
});

test.each(["START_URL_REFUSED", "START_URL_NOT_ALLOWED"] as const)(
  "%s marks the start URL, which stays as it was typed, and says why",
  async (code) => {
    const asked = show({ refuses: code });
    type("https://d-1.awsapps.com/start", "eu-west-1");
    goOn();
    const alert = await refusal();
    expect(alert.textContent).toContain(ERROR_CATALOG[code].remedy);
    expect([document.activeElement, url().getAttribute("aria-describedby")]).toEqual([url(), alert.id]);
    fireEvent.change(url(), { target: { value: "https://d-2.awsapps.com/start" } });
    expect([url().getAttribute("aria-invalid"), region().value]).toEqual([null, "eu-west-1"]);
    goOn();
    expect(await screen.findByRole("img", { name: "K X Q M, T R V B" })).toBeDefined();
    expect(asked.map(({ startUrl }) => startUrl)).toEqual([
      "https://d-1.awsapps.com/start",
      "https://d-2.awsapps.com/start",
    ]);
  },
);

test.each(["AWS_UNREACHABLE", "AWS_FAILED", "AWS_THROTTLED", "SIGN_IN_CODES_LIMIT_REACHED"] as const)(
  "%s while a code is asked for takes the keyboard, blames no field, and keeps both",
  async (code) => {
    show({ refuses: code });
    type("https://d-1.awsapps.com/start", "eu-west-1");
    goOn();
    const alert = await refusal();
    for (const words of [ERROR_CATALOG[code].cause, ERROR_CATALOG[code].remedy])
      expect(alert.textContent).toContain(words);
    expect([document.activeElement, url().getAttribute("aria-invalid")]).toEqual([alert, null]);
    expect([url().value, region().value]).toEqual(["https://d-1.awsapps.com/start", "eu-west-1"]);
  },
);

test.each([
  ["denied", "The request was refused in AWS."],
  ["expired", "The code ran out."],
] as const)("a code that was %s says so at the keyboard, and another one is a click away", async (state, title) => {
  const asked = show({ state });
  type("https://d-1.awsapps.com/start", "eu-west-1");
  goOn();
  const alert = await refusal();
  expect([alert.textContent?.includes(title), document.activeElement]).toEqual([true, alert]);
  fireEvent.click(screen.getByRole("button", { name: "New code" }));
  expect(asked).toHaveLength(2);
});
