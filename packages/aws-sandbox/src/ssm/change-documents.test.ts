import { expect, test } from "vitest";
import { parseJsonBody } from "../http/json-input.ts";
import type { Call } from "../http/operation.ts";
import { Pager } from "../http/paging.ts";
import { documentChanging } from "./change-documents.ts";
import { DOCUMENTS_PER_REGION_MAX, DocumentStore, VERSIONS_PER_DOCUMENT_MAX } from "./document-store.ts";

const admin: Call = {
  caller: {
    kind: "user",
    account: "111122223333",
    arn: "arn:aws:iam::111122223333:user/amira",
    userId: "AIDAAMIRA",
    sessionName: "amira",
    policies: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }],
  },
  region: "eu-west-1",
  isSecure: false,
  host: "127.0.0.1",
  requestId: "r",
  nowMs: 0,
};

function changing() {
  const documents = new DocumentStore(() => undefined, 0);
  const operations = documentChanging({ documents, pager: new Pager(new Uint8Array(32)) });
  const call = (operation: string, Name: string, description: string) =>
    operations[operation]?.(
      parseJsonBody(
        Buffer.from(
          JSON.stringify({
            Name,
            DocumentType: "Session",
            Content: JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", description }),
          }),
        ),
      ),
      admin,
    );
  return { call, documents };
}

test("a document has at most so many versions; one that is deleted makes room, and no number comes twice", () => {
  const { call, documents } = changing();
  call("CreateDocument", "Team-Shell", "1");
  for (let version = 2; version <= VERSIONS_PER_DOCUMENT_MAX; version++)
    call("UpdateDocument", "Team-Shell", String(version));
  const more = () => call("UpdateDocument", "Team-Shell", "one more");
  expect(more).toThrow(expect.objectContaining({ code: "DocumentVersionLimitExceeded" }));
  const document = documents.find({ account: "111122223333", region: "eu-west-1" }, "Team-Shell");
  document?.versions.splice(4, 1);
  more();
  expect(document?.versions.at(-1)?.number).toBe(VERSIONS_PER_DOCUMENT_MAX + 1);
});

test("a region has at most so many documents of the account", () => {
  const { call } = changing();
  for (let count = 0; count < DOCUMENTS_PER_REGION_MAX; count++) call("CreateDocument", `Team-${count}`, "");
  expect(() => call("CreateDocument", "One-More", "")).toThrow(
    expect.objectContaining({ code: "DocumentLimitExceeded" }),
  );
});
