/** Keys live in this component's state until they are sent, and nowhere else in the browser. */
import type { AccessKeysRequest } from "@causeway/wire-contract/identity";
import { type ClipboardEvent, type FormEvent, useId, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { type BlamedField, blamedField } from "./blamed-field.ts";
import { readPastedCredentials } from "./pasted-credentials.ts";
import { SessionLength } from "./session-length.tsx";
import { useErrorFocus } from "./use-error-focus.ts";

const EMPTY = {
  accessKeyId: "",
  secretAccessKey: "",
  sessionToken: "",
  mfaCode: "",
  mfaSerial: "",
  hours: "",
  roleArn: "",
};
type Fields = typeof EMPTY;
type FieldErrors = Partial<Record<keyof Fields, string>>;

/** @returns what keeps the form from being sent, by field. The server decides everything else. */
export function checkAccessKeys(fields: Fields): FieldErrors {
  const errors: FieldErrors = {};
  const id = fields.accessKeyId.trim();
  if (id === "") errors.accessKeyId = "Enter the access key ID.";
  else if (!/^[A-Za-z0-9_]{16,128}$/.test(id))
    errors.accessKeyId = "An access key ID is 16 or more letters and digits.";
  if (fields.secretAccessKey.trim() === "") errors.secretAccessKey = "Enter the secret access key.";
  if (id.startsWith("ASIA") && fields.sessionToken.trim() === "")
    errors.sessionToken = "Keys that begin with ASIA are temporary: they need their session token.";
  const code = fields.mfaCode.replace(/\s/g, "");
  if (code !== "" && !/^[0-9]{6}$/.test(code)) errors.mfaCode = "An MFA code is six digits.";
  if (code !== "" && fields.sessionToken.trim() !== "")
    errors.mfaCode = "Temporary keys take no MFA code: they were made with or without one.";
  if (fields.mfaSerial.trim() !== "" && code === "") errors.mfaCode = "Enter the code that this device shows.";
  const role = fields.roleArn.trim();
  if (role !== "" && !ROLE_ARN.test(role))
    errors.roleArn = "A role is written like arn:aws:iam::111122223333:role/Operator.";
  return errors;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,512}$/;

interface Props {
  signIn(request: AccessKeysRequest): Promise<void>;
  onSignedIn(): void;
  /** Longest duration of a login, in hours. */
  hoursMax: number;
}

export function AccessKeysForm({ signIn, onSignedIn, hoursMax }: Props) {
  const [fields, setFields] = useState(EMPTY);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [blamed, setBlamed] = useState<BlamedField>();
  const failureId = useId();
  const { form, pointOut } = useErrorFocus();

  const change = (name: keyof Fields, value: string): void => {
    setFields((before) => ({ ...before, [name]: value }));
    setErrors((before) => ({ ...before, [name]: undefined }));
    if (name === blamed) setBlamed(undefined);
  };
  const paste = (event: ClipboardEvent): void => {
    const found = readPastedCredentials(event.clipboardData.getData("text"));
    if (found === undefined) return;
    event.preventDefault();
    // a block stands for one set of keys: a token of an earlier paste must not stay behind
    setFields({ ...EMPTY, ...found });
    setErrors({});
    setBlamed(undefined);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const found = checkAccessKeys(fields);
    setErrors(found);
    if (Object.keys(found).length > 0) return pointOut();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    setBlamed(undefined);
    try {
      const sessionToken = fields.sessionToken.trim();
      const code = fields.mfaCode.replace(/\s/g, "");
      const serial = fields.mfaSerial.trim();
      const { hours } = fields;
      const roleArn = fields.roleArn.trim();
      await signIn({
        accessKeyId: fields.accessKeyId.trim(),
        secretAccessKey: fields.secretAccessKey.trim(),
        ...(sessionToken === "" ? {} : { sessionToken }),
        ...(roleArn === "" ? {} : { roleArn }),
        ...(code === "" ? {} : { mfa: { code, ...(serial && { serial }), ...(hours && { hours: Number(hours) }) } }),
      });
      setFields(EMPTY);
      onSignedIn();
    } catch (error) {
      setFailure(error);
      setBlamed(blamedField(error));
      pointOut();
    } finally {
      setBusy(false);
    }
  };
  const plain = { spellCheck: false, autoComplete: "off", autoCapitalize: "off", className: "mono", onPaste: paste };
  const hidden = shown ? "text" : "password";

  return (
    <form ref={form} className="form" noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        {...plain}
        label="Access key ID"
        value={fields.accessKeyId}
        error={errors.accessKeyId}
        onChange={(event) => change("accessKeyId", event.target.value)}
      />
      <TextField
        {...plain}
        label="Secret access key"
        type={hidden}
        value={fields.secretAccessKey}
        error={errors.secretAccessKey}
        onChange={(event) => change("secretAccessKey", event.target.value)}
        trailing={
          <IconButton
            icon="eye"
            label={shown ? "Hide secret and token" : "Show secret and token"}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        }
      />
      <TextField
        {...plain}
        label={
          <>
            Session token <span className="t3">(temporary keys only)</span>
          </>
        }
        type={hidden}
        value={fields.sessionToken}
        error={errors.sessionToken}
        onChange={(event) => change("sessionToken", event.target.value)}
      />
      <div className="two">
        <TextField
          {...plain}
          inputMode="numeric"
          autoComplete="one-time-code"
          label={
            <>
              MFA code <span className="t3">(optional)</span>
            </>
          }
          placeholder="6 digits"
          value={fields.mfaCode}
          error={errors.mfaCode}
          blamedBy={blamed === "mfaCode" ? failureId : undefined}
          onChange={(event) => change("mfaCode", event.target.value)}
        />
        <SessionLength
          // without a code there is no session: the keys themselves are kept, for the login
          disabled={fields.mfaCode === ""}
          hours={fields.hours}
          hoursMax={hoursMax}
          onHours={(hours) => change("hours", hours)}
        />
      </div>
      {fields.mfaCode !== "" && (
        <TextField
          {...plain}
          label={
            <>
              MFA device ARN <span className="t3">(when it is not called like your user)</span>
            </>
          }
          value={fields.mfaSerial}
          error={errors.mfaSerial}
          onChange={(event) => change("mfaSerial", event.target.value)}
        />
      )}
      <TextField
        {...plain}
        label={
          <>
            Role to assume <span className="t3">(optional)</span>
          </>
        }
        placeholder="arn:aws:iam::111122223333:role/Operator"
        value={fields.roleArn}
        error={errors.roleArn}
        blamedBy={blamed === "roleArn" ? failureId : undefined}
        onChange={(event) => change("roleArn", event.target.value)}
      />
      {failure !== undefined && <FailureBanner id={failureId} error={failure} />}
      <Button type="submit" variant="primary" size="lg" block aria-disabled={busy}>
        {busy ? "Asking AWS who you are…" : "Sign in"}
      </Button>
      <p className="hint">
        Paste a whole <span className="mono">export AWS_ACCESS_KEY_ID=…</span> block into any field.{" "}
        {fields.mfaCode === ""
          ? `The keys are stored encrypted on this server and deleted when the login ends, after ${hoursMax}\u00a0hours at most.`
          : "The keys are exchanged once for a temporary session and then dropped: they are not stored."}
      </p>
    </form>
  );
}
