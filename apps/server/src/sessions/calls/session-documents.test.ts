import type { ErrorCode } from "@causeway/wire-contract/error-catalog";
import { expect, test } from "vitest";
import type { AwsIdentity } from "../../identity/index.ts";
import { CatalogError } from "../../platform/catalog-error.ts";
import { DOCUMENTS_READ_MAX, type DocumentReader, SessionDocuments, shellOf } from "./session-documents.ts";

const dana = { account: "111122223333" } as AwsIdentity;
const shell = (more: object = {}) => JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", ...more });

/** An account's documents; a code instead of a text: AWS refuses to show it. */
class FakeReader implements DocumentReader {
  readonly documents: Record<string, string>;
  refusal: ErrorCode | undefined;
  reads = 0;

  constructor(documents: Record<string, string>) {
    this.documents = documents;
  }
  async names() {
    if (this.refusal !== undefined) throw new CatalogError(this.refusal);
    return { names: Object.keys(this.documents), more: false };
  }
  async content(_identity: AwsIdentity, _region: string, name: string): Promise<string> {
    this.reads += 1;
    const content = this.documents[name];
    if (content === undefined) throw new CatalogError("SESSION_DOCUMENT_MISSING");
    if (content === "denied") throw new CatalogError("AWS_ACCESS_DENIED");
    return content;
  }
}

function documentsOf(reader: FakeReader): SessionDocuments {
  return new SessionDocuments({ reader, takeTurn: async () => undefined, takeStartTurn: async () => undefined });
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof CatalogError ? error.code : error),
  );

test("documents that open a shell are listed by name with what their authors say, those that forward ports are not", async () => {
  const reader = new FakeReader({
    "Ops-Shell": shell({ description: "Run as \u001bops" }),
    Tunnel: shell({ sessionType: "Port" }),
    "Audited-Shell": shell(),
    Menu: shell({ sessionType: "InteractiveCommands", parameters: { start: { type: "String", default: "menu" } } }),
    "Any-Command": shell({ sessionType: "InteractiveCommands", parameters: { command: { type: "String" } } }),
  });
  expect(await documentsOf(reader).list(dana, "eu-west-1")).toEqual({
    documents: [{ name: "Audited-Shell" }, { name: "Menu" }, { name: "Ops-Shell", description: "Run as ops" }],
    more: false,
  });
});

test("a document that may be listed and not read is offered by its name: AWS decides at the start", async () => {
  const reader = new FakeReader({ Secret: "denied", Open: shell() });
  expect((await documentsOf(reader).list(dana, "eu-west-1")).documents).toEqual([{ name: "Open" }, { name: "Secret" }]);
});

test("who may not list documents gets none, and why", async () => {
  const reader = new FakeReader({ Open: shell() });
  reader.refusal = "AWS_ACCESS_DENIED";
  const found = await documentsOf(reader).list(dana, "eu-west-1");
  expect([found.documents, found.error?.code]).toEqual([[], "AWS_ACCESS_DENIED"]);
});

test("at the bound of reads further documents are listed by their names", async () => {
  const names = Array.from({ length: DOCUMENTS_READ_MAX + 3 }, (_, n) => `Shell-${String(n).padStart(3, "0")}`);
  const reader = new FakeReader(Object.fromEntries(names.map((name) => [name, shell({ description: "d" })])));
  const { documents } = await documentsOf(reader).list(dana, "eu-west-1");
  expect([reader.reads, documents.length]).toEqual([DOCUMENTS_READ_MAX, names.length]);
  expect(documents.slice(DOCUMENTS_READ_MAX)).toEqual(names.slice(DOCUMENTS_READ_MAX).map((name) => ({ name })));
});

test("a shell is not opened with a document that opens none; one that may not be read is left to AWS", async () => {
  const documents = documentsOf(
    new FakeReader({ Tunnel: shell({ sessionType: "Port" }), Secret: "denied", A: shell() }),
  );
  const check = (name: string) => codeOf(documents.check(dana, "eu-west-1", name));
  expect(await check("Tunnel")).toBe("SESSION_DOCUMENT_NOT_A_SHELL");
  expect(await check("Nowhere")).toBe("SESSION_DOCUMENT_MISSING");
  expect(await check("Secret")).toBeUndefined();
  expect(await check("A")).toBeUndefined();
});

test.each(["", "[]", "null", "not json", '{"sessionType":1}', shell({ parameters: { a: null } })])(
  "what is no document of a shell opens none: %s",
  (content) => expect(shellOf(content)).toBeUndefined(),
);
