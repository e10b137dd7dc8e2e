// @vitest-environment happy-dom
import type { AccessKeysRequest } from "@causeway/wire-contract/identity";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem } from "../../lib/api-client.ts";
import { AccessKeysForm } from "./access-keys-form.tsx";

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

test("temporary keys without their token are not sent; the field says why", () => {
  const form = setUp();
  form.type(form.id(), "ASIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.submit();
  expect(form.sent).toEqual([]);
  expect(form.token().getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText(/need their session token/)).toBeDefined();
});

test("secret and token are hidden until they are asked to be shown", () => {
  const form = setUp();
  expect([form.secret().type, form.token().type]).toEqual(["password", "password"]);
  fireEvent.click(screen.getByRole("button", { name: "Show secret and token" }));
  expect([form.secret().type, form.token().type]).toEqual(["text", "text"]);
});

test("what AWS refused is said with its code, keeps the fields, and can be tried again", async () => {
  const form = setUp(async () => {
    throw new ApiProblem({
      type: "t",
      title: "AWS did not accept these keys",
      status: 401,
      code: "ACCESS_KEYS_REFUSED",
      cause: "The access key does not exist.",
      remedy: "Check key, secret and session token.",
      retryable: false,
      requestId: "req-1",
      aws: { service: "sts", operation: "GetCallerIdentity", code: "InvalidClientTokenId", message: "m" },
    });
  });
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.submit();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("AWS did not accept these keys");
  expect(alert.textContent).toContain("sts:GetCallerIdentity InvalidClientTokenId · request req-1");
  expect(form.id().value).toBe("AKIAIOSFODNN7EXAMPLE");
  form.submit();
  await vi.waitFor(() => expect(form.sent).toHaveLength(2));
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

test("half an MFA code is not sent", () => {
  const form = setUp();
  form.type(form.id(), "AKIAIOSFODNN7EXAMPLE");
  form.type(form.secret(), "secret");
  form.type(form.mfaCode(), "418");
  form.submit();
  expect([form.sent, screen.getByText("An MFA code is six digits.")]).toEqual([[], expect.anything()]);
});
