// @vitest-environment happy-dom
import { ERROR_CATALOG } from "@causeway/wire-contract/error-catalog";
import type { AccessKeysRequest } from "@causeway/wire-contract/identity";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { AccessKeysForm } from "./access-keys-form.tsx";
import { refusal, refusing } from "./testing/refusing.ts";

afterEach(cleanup);

function setUp(answer: () => Promise<void> = async () => undefined) {
  const sent: AccessKeysRequest[] = [];
  let signedIn = 0;
  render(
    <AccessKeysForm
      hoursMax={12}
      onSignedIn={() => signedIn++}
      signIn={async (request) => {
        sent.push(request);
        await answer();
      }}
    />,
  );
  const field = (label: RegExp) => screen.getByLabelText(label) as HTMLInputElement;
  return {
    sent,
    signedIn: () => signedIn,
    id: () => field(/^Access key ID/),
    secret: () => field(/^Secret access key/),
    mfaCode: () => field(/^MFA code/),
    token: () => field(/^Session token/),
    type: (input: HTMLInputElement, value: string) => fireEvent.change(input, { target: { value } }),
    submit: () => fireEvent.click(screen.getByRole("button", { name: "Sign in" })),
  };
}

test("long-term keys are sent without a session token, trimmed, and then forgotten", async () => {
  const form = setUp();
  form.type(form.id(), " AKIAIOSFODNN7EXAMPLE ");
  form.type(form.secret(), "secret\n");
  form.submit();
  await vi.waitFor(() => expect(form.signedIn()).toBe(1));
  expect(form.sent).toEqual([{ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" }]);
  expect(form.secret().value).toBe("");
});

test("a pasted block fills all three fields, and leaves nothing of an earlier one", () => {
  const form = setUp();
  form.type(form.token(), "old-token");
  fireEvent.paste(form.id(), {
    clipboardData: {
      getData: () => "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY=abc/def",
    },
  });
  expect([form.id().value, form.secret().value, form.token().value]).toEqual(["AKIAIOSFODNN7EXAMPLE", "abc/def", ""]);
});

test("temporary keys without their token are not sent; the field says why, and has the keyboard", async () => {
  const form = setUp();
  form.type(form.id(), "ASIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.submit();
  expect(form.sent).toEqual([]);
  expect(form.token().getAttribute("aria-invalid")).toBe("true");
  await vi.waitFor(() => expect(document.activeElement).toBe(form.token()));
  expect(screen.getByText(/need their session token/)).toBeDefined();
});

test("secret and token are hidden until they are asked to be shown", () => {
  const form = setUp();
  expect([form.secret().type, form.token().type]).toEqual(["password", "password"]);
  fireEvent.click(screen.getByRole("button", { name: "Show secret and token" }));
  expect([form.secret().type, form.token().type]).toEqual(["text", "text"]);
});

test("what AWS refused is said with its code, takes the keyboard, keeps the fields, and can be tried again", async () => {
  const aws = { service: "sts", operation: "GetCallerIdentity", code: "InvalidClientTokenId", message: "m" };
  const form = setUp(refusing("ACCESS_KEYS_REFUSED", { aws }));
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.submit();
  const alert = await refusal();
  expect(alert.textContent).toContain(ERROR_CATALOG.ACCESS_KEYS_REFUSED.title);
  expect(alert.textContent).toContain(ERROR_CATALOG.ACCESS_KEYS_REFUSED.remedy);
  expect(alert.textContent).toContain("sts:GetCallerIdentity InvalidClientTokenId · request req-1");
  expect(document.activeElement).toBe(alert);
  expect([form.id().value, form.secret().value]).toEqual(["AKIAIOSFODNN7EXAMPLE", "secret"]);
  form.submit();
  await vi.waitFor(() => expect(form.sent).toHaveLength(2));
});

test("a refused MFA code is marked, tied to what AWS said, and selected to be typed over; nothing else is lost", async () => {
  const form = setUp(refusing("MFA_CODE_REFUSED"));
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.type(form.mfaCode(), "418 027");
  form.submit();
  const alert = await refusal();
  const code = form.mfaCode();
  expect([document.activeElement, code.value, code.selectionEnd]).toEqual([code, "418 027", 7]);
  expect([code.getAttribute("aria-invalid"), code.getAttribute("aria-describedby")]).toEqual(["true", alert.id]);
  form.type(code, "4");
  expect(form.mfaCode().getAttribute("aria-invalid")).toBeNull();
  expect(screen.getByRole("alert")).toBe(alert); // what it said stays to be read
  expect([form.id().value, form.secret().value]).toEqual(["AKIAIOSFODNN7EXAMPLE", "secret"]);
});

test("a role that may not be assumed is the field that the keyboard comes to", async () => {
  const form = setUp(refusing("ROLE_NOT_ASSUMABLE"));
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  const role = screen.getByLabelText(/^Role to assume/) as HTMLInputElement;
  form.type(role, "arn:aws:iam::111122223333:role/Operator");
  form.submit();
  await refusal();
  expect([document.activeElement, role.getAttribute("aria-invalid")]).toEqual([role, "true"]);
});

test.each([
  "AWS_UNREACHABLE",
  "AWS_FAILED",
  "AWS_THROTTLED",
  "CLOCK_SKEWED",
  "CREDENTIALS_EXPIRED",
  "RATE_LIMITED",
] as const)("%s says cause and remedy, and blames no field", async (code) => {
  const form = setUp(refusing(code));
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.submit();
  const alert = await refusal();
  const { title, cause, remedy } = ERROR_CATALOG[code];
  for (const words of [title, cause, remedy]) expect(alert.textContent).toContain(words);
  expect([document.activeElement, document.querySelector("[aria-invalid]")]).toEqual([alert, null]);
  expect(form.secret().value).toBe("secret");
});

test("an MFA code goes along without its spaces, with the device when one is named", async () => {
  const form = setUp();
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.type(form.mfaCode(), "418 027");
  form.type(screen.getByLabelText(/^MFA device ARN/) as HTMLInputElement, "arn:aws:iam::111122223333:mfa/phone");
  form.submit();
  await vi.waitFor(() => expect(form.signedIn()).toBe(1));
  expect(form.sent[0]?.mfa).toEqual({ code: "418027", serial: "arn:aws:iam::111122223333:mfa/phone" });
});

test("how long the session lasts can be said with a code: up to a login's longest duration, which stands there first", async () => {
  const form = setUp();
  const length = screen.getByLabelText("Session length") as HTMLSelectElement;
  expect([length.disabled, length.selectedOptions[0]?.text]).toEqual([true, "12\u00a0hours"]);
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.type(form.mfaCode(), "418027");
  expect([length.disabled, [...length.options].map(({ value }) => value)]).toEqual([false, ["1", "2", "4", "8", ""]]);
  fireEvent.change(length, { target: { value: "4" } });
  form.submit();
  await vi.waitFor(() => expect(form.signedIn()).toBe(1));
  expect(form.sent[0]?.mfa).toEqual({ code: "418027", hours: 4 });
});

test("half an MFA code is not sent", () => {
  const form = setUp();
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.type(form.mfaCode(), "418");
  form.submit();
  expect([form.sent, screen.getByText("An MFA code is six digits.")]).toEqual([[], expect.anything()]);
});
