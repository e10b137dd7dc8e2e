import { type AwsClientFactory, callAws } from "../../aws/index.ts";
import type { AwsIdentity } from "../../identity/index.ts";
import type { DocumentReader } from "./session-documents.ts";

/** The largest page of ListDocuments (SSM API Reference). */
const DOCUMENTS_PER_PAGE = 50;
/** Pages of names that are read; an account with more session documents of its own is told so. */
export const DOCUMENT_PAGES_MAX = 2;

/** Reads the names and contents of session documents; no SDK type leaves this file. */
export class AwsSessionDocuments implements DocumentReader {
  readonly #factory: AwsClientFactory;

  constructor(factory: AwsClientFactory) {
    this.#factory = factory;
  }

  async names(identity: AwsIdentity, region: string): Promise<{ names: string[]; more: boolean }> {
    const client = await this.#client(identity, region);
    const { ListDocumentsCommand } = await import("@aws-sdk/client-ssm");
    const Filters = [
      { Key: "DocumentType", Values: ["Session"] },
      { Key: "Owner", Values: ["Self"] },
    ];
    const names: string[] = [];
    let token: string | undefined;
    for (let page = 0; page < DOCUMENT_PAGES_MAX; page++) {
      const answer = await callAws("ssm", "ListDocuments", () =>
        client.send(new ListDocumentsCommand({ Filters, MaxResults: DOCUMENTS_PER_PAGE, NextToken: token })),
      );
      names.push(...(answer.DocumentIdentifiers ?? []).flatMap(({ Name }) => Name ?? []));
      token = answer.NextToken || undefined;
      if (token === undefined) break;
    }
    return { names, more: token !== undefined };
  }

  async content(identity: AwsIdentity, region: string, name: string): Promise<string> {
    const client = await this.#client(identity, region);
    const { GetDocumentCommand } = await import("@aws-sdk/client-ssm");
    const answer = await callAws("ssm", "GetDocument", () =>
      client.send(new GetDocumentCommand({ Name: name, DocumentFormat: "JSON" })),
    );
    return answer.Content ?? "";
  }

  #client(identity: AwsIdentity, region: string) {
    return this.#factory.create({ credentials: () => identity.credentials(), region }).ssm("once");
  }
}
