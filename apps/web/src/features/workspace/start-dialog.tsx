/** What is said when a shell is opened: why, and with which session document. */
import type { SessionStartRules } from "@causeway/wire-contract/identity";
import { REASON_CHARS_MAX, SessionReason } from "@causeway/wire-contract/sessions";
import { type FormEvent, useId, useRef, useState } from "react";
import { Value } from "typebox/value";
import { Button } from "../../ui/button.tsx";
import { Ask } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { type AccountDocuments, DocumentChoice } from "./document-choice.tsx";
import type { SaidAtStart } from "./workspace.ts";

interface Props {
  instanceName: string;
  rules: SessionStartRules;
  /** undefined: only the documents of the rules may be chosen. */
  account: AccountDocuments | undefined;
  onOpen(said: SaidAtStart): void;
  onCancel(): void;
}

export function StartDialog({ instanceName, rules, account, onOpen, onCancel }: Props) {
  const id = useId();
  const reasonField = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState("");
  const [documentName, setDocumentName] = useState(rules.documents[0] ?? "");
  const [typedDocument, setTypedDocument] = useState("");
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = reason.trim();
    if (said === "" && rules.reason === "required") setError("Say why: this Causeway asks for a reason.");
    else if (said !== "" && !Value.Check(SessionReason, said)) setError("Write one line, without control characters.");
    else {
      const chosen = typedDocument.trim() || documentName;
      onOpen({
        ...(said === "" ? {} : { reason: said }),
        ...(chosen === rules.documents[0] ? {} : { documentName: chosen }),
      });
    }
  };
  return (
    <Ask
      open
      title={`Open a shell on ${instanceName}`}
      {...(rules.reason !== "off" && { first: reasonField })}
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
            ref={reasonField}
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
        {(account !== undefined || rules.documents.length > 1) && (
          <DocumentChoice
            offered={rules.documents}
            account={account}
            chosen={documentName}
            typed={typedDocument}
            onChoose={(name) => {
              setDocumentName(name);
              setTypedDocument("");
            }}
            onType={setTypedDocument}
          />
        )}
        {rules.reason !== "off" && (
          <p className="t12 t3">AWS shows the reason in its session history; the audit keeps it.</p>
        )}
      </form>
    </Ask>
  );
}
