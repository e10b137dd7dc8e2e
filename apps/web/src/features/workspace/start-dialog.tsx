/** What is said when a shell is opened: why, and with which session document. */
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { REASON_CHARS_MAX, SessionReason } from "@causeway/wire-contract/sessions";
import { type FormEvent, useId, useState } from "react";
import { Value } from "typebox/value";
import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { SaidAtStart } from "./workspace.ts";

interface Props {
  instanceName: string;
  rules: SessionStartRules;
  onOpen(said: SaidAtStart): void;
  onCancel(): void;
}

export function StartDialog({ instanceName, rules, onOpen, onCancel }: Props) {
  const id = useId();
  const [reason, setReason] = useState("");
  const [documentName, setDocumentName] = useState(rules.documents[0] ?? "");
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = reason.trim();
    if (said === "" && rules.reason === "required") setError("Say why: this Causeway asks for a reason.");
    else if (said !== "" && !Value.Check(SessionReason, said))
      setError("One line, without control characters, please.");
    else
      onOpen({
        ...(said === "" ? {} : { reason: said }),
        ...(documentName === rules.documents[0] ? {} : { documentName }),
      });
  };
  return (
    <Ask
      open
      title={`Open a shell on ${instanceName}`}
      onCancel={onCancel}
      actions={
        <Button variant="primary" type="submit" form={id}>
          Open
        </Button>
      }
    >
      <form id={id} className="form" noValidate onSubmit={submit}>
        {rules.reason !== "off" && (
          <TextField
            label={rules.reason === "required" ? "Reason" : "Reason (optional)"}
            placeholder="INC-4711: pool exhausted"
            maxLength={REASON_CHARS_MAX}
            autoComplete="off"
            value={reason}
            error={error}
            onChange={(event) => {
              setReason(event.target.value);
              setError(undefined);
            }}
          />
        )}
        {rules.documents.length > 1 && (
          <fieldset className="start-documents">
            <legend className="label">Session document</legend>
            {rules.documents.map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name={`${id}-document`}
                  checked={name === documentName}
                  onChange={() => setDocumentName(name)}
                />
                <span className="mono breakable">{name}</span>
              </label>
            ))}
          </fieldset>
        )}
        {rules.reason !== "off" && (
          <p className="t12 t3">AWS shows the reason in its session history; the audit keeps it.</p>
        )}
      </form>
    </Ask>
  );
}
