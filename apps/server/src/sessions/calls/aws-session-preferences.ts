import type { SessionPreferences } from "@causeway/wire-contract/sessions";
import { type AwsClientFactory, callAws } from "../../aws/index.ts";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import {
  DEFAULT_PREFERENCES,
  type PreferencesReader,
  parsePreferences,
  UNKNOWN_PREFERENCES,
} from "./session-preferences.ts";
import { DEFAULT_SESSION_DOCUMENT } from "./start-in-aws.ts";

/** Reads the session document with the person's own credentials; many roles may not (ssm:GetDocument), and need not. */
export class AwsSessionPreferences implements PreferencesReader {
  readonly #factory: AwsClientFactory;

  constructor(factory: AwsClientFactory) {
    this.#factory = factory;
  }

  async readPreferences(
    identity: AwsIdentity,
    region: string,
    documentName: string | undefined,
  ): Promise<SessionPreferences> {
    // The account's own document was not there when the session started: AWS took its defaults.
    if (documentName === undefined) return DEFAULT_PREFERENCES;
    try {
      const client = await this.#factory.create({ credentials: () => identity.credentials(), region }).ssm();
      const { GetDocumentCommand } = await import("@aws-sdk/client-ssm");
      const answer = await callAws("ssm", "GetDocument", () =>
        client.send(new GetDocumentCommand({ Name: documentName, DocumentFormat: "JSON" })),
      );
      return answer.Content === undefined ? UNKNOWN_PREFERENCES : parsePreferences(answer.Content);
    } catch (error) {
      return isMissingDefault(error, documentName) ? DEFAULT_PREFERENCES : UNKNOWN_PREFERENCES;
    }
  }
}

function isMissingDefault(error: unknown, documentName: string): boolean {
  return (
    documentName === DEFAULT_SESSION_DOCUMENT &&
    error instanceof CatalogError &&
    error.code === "SESSION_DOCUMENT_MISSING"
  );
}
