/** The session document that a shell is opened with: those of the server's configuration, then those of the account. */
import type { SessionDocuments } from "@causeway/wire-contract/session-documents";
import { useId } from "react";
import { describeFailure, describeProblem } from "../../lib/failure.ts";
import { Evidence } from "../../ui/evidence.tsx";
import { TextField } from "../../ui/text-field.tsx";

/** What is known of the account's documents. */
export type AccountDocuments =
  | { kind: "asking" }
  | { kind: "known"; found: SessionDocuments }
  | { kind: "failed"; error: unknown };

/** As the contract takes it; longest name in characters. */
const NAME_CHARACTERS_MAX = 400;

interface Props {
  /** Those that are always offered; the first is taken when none is chosen. */
  offered: readonly string[];
  /** undefined: only what is offered may be chosen. */
  account: AccountDocuments | undefined;
  chosen: string;
  /** A name that is in no list; empty: none is typed. */
  typed: string;
  onChoose(name: string): void;
  onType(name: string): void;
}

export function DocumentChoice({ offered, account, chosen, typed, onChoose, onType }: Props) {
  const id = useId();
  const found = account?.kind === "known" ? account.found : undefined;
  const more = (found?.documents ?? []).filter(({ name }) => !offered.includes(name));
  const documents = [...offered.map((name) => ({ name, description: undefined })), ...more];
  const failure =
    account?.kind === "failed"
      ? describeFailure(account.error)
      : found?.problem === undefined
        ? undefined
        : describeProblem(found.problem);
  // what cannot be listed can be named: AWS decides at the start
  const asksForName = failure !== undefined || found?.more === true;
  return (
    <>
      <fieldset className="start-documents" aria-busy={account?.kind === "asking"}>
        <legend className="label">Session document</legend>
        {documents.map(({ name, description }) => (
          <label key={name}>
            <input
              type="radio"
              name={`${id}-document`}
              checked={typed === "" && name === chosen}
              onChange={() => onChoose(name)}
            />
            <span>
              <span className="mono breakable">{name}</span>
              {description && <span className="start-document-text">{description}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <p className="t12 t3" role="status">
        {account?.kind === "asking" && "Asking AWS for the account's session documents…"}
        {found !== undefined &&
          failure === undefined &&
          more.length === 0 &&
          "The account has no other that opens a shell."}
        {found?.more && "The account has more than are listed."}
        {failure && `The account's documents are not listed: ${sentence(failure.title)} You can name one.`}
      </p>
      {failure && <Evidence text={failure.evidence} />}
      {asksForName && (
        <TextField
          label="Another document (optional)"
          placeholder="Name or ARN"
          maxLength={NAME_CHARACTERS_MAX}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => onType(event.target.value)}
        />
      )}
    </>
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
