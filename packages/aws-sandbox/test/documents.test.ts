// Documents over their whole life, as the SDK's own client sees them.
import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  ListDocumentsCommand,
  type ListDocumentsCommandInput,
  paginateListDocuments,
  paginateListDocumentVersions,
  StartSessionCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiServer, ssmClient, startApiServer } from "./api-server.ts";

let server: ApiServer;
beforeEach(async () => {
  server = await startApiServer();
});
afterEach(async () => {
  expect(server.bugs).toEqual([]);
  await server.close();
});

const SHELL = "SSM-SessionManagerRunShell";
const APP = "i-0a1f6c83e5d2b7940";
const STAGING = "i-04c7a0e6d35b98f12";
const amira = (region?: string) => ssmClient(server, server.person("amira"), region);
const content = (more: object = {}) =>
  JSON.stringify({ schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: {}, ...more });
const create = (Name: string, Content = content(), region?: string) =>
  amira(region).send(new CreateDocumentCommand({ Name, Content, DocumentType: "Session", DocumentFormat: "JSON" }));
const update = (Name: string, Content: string, DocumentVersion = "$LATEST") =>
  amira().send(new UpdateDocumentCommand({ Name, Content, DocumentVersion }));
const failure = (act: Promise<unknown>) =>
  act.then(
    () => "no failure",
    (error: Error) => error.name,
  );

test("a document is created, changed, made the default and deleted; sessions begin with the default version", async () => {
  const Name = "Team-Shell";
  const made = await create(Name, content({ description: "first", inputs: { idleSessionTimeout: "5" } }));
  expect(made.DocumentDescription).toMatchObject({
    Name,
    Status: "Creating",
    Owner: "111122223333",
    DocumentVersion: "1",
    DefaultVersion: "1",
    LatestVersion: "1",
    DocumentType: "Session",
    SchemaVersion: "1.0",
    HashType: "Sha256",
    CreatedDate: expect.any(Date),
  });
  const changed = await update(Name, content({ description: "second", inputs: { idleSessionTimeout: "9" } }));
  expect(changed.DocumentDescription).toMatchObject({ DocumentVersion: "2", DefaultVersion: "1", LatestVersion: "2" });

  const text = async (DocumentVersion?: string) => {
    const answer = await amira().send(
      new GetDocumentCommand({ Name, ...(DocumentVersion === undefined ? {} : { DocumentVersion }) }),
    );
    return JSON.parse(String(answer.Content)).description;
  };
  expect([await text(), await text("$LATEST"), await text("1")]).toEqual(["first", "second", "first"]);
  server.gateway.connected.add(APP);
  const startedWith = async () => {
    await amira().send(new StartSessionCommand({ Target: APP, DocumentName: Name }));
    return server.gateway.started.at(-1)?.document.inputs?.idleSessionTimeout;
  };
  expect(await startedWith()).toBe("5");
  const { Description } = await amira().send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion: "2" }));
  expect(Description).toMatchObject({ Name, DefaultVersion: "2" });
  expect([await text(), await startedWith()]).toEqual(["second", "9"]);
  expect((await amira().send(new DescribeDocumentCommand({ Name }))).Document).toMatchObject({
    Status: "Active",
    Description: "second",
    DocumentVersion: "2",
  });

  expect(await failure(amira().send(new DeleteDocumentCommand({ Name, DocumentVersion: "2" })))).toBe(
    "InvalidDocumentOperation",
  );
  await amira().send(new DeleteDocumentCommand({ Name, DocumentVersion: "1" }));
  expect(await failure(text("1"))).toBe("InvalidDocumentVersion");
  await amira().send(new DeleteDocumentCommand({ Name }));
  expect(await failure(text())).toBe("InvalidDocument");
});

test("preferences that are saved in a region without any are there by name from then on, and only there", async () => {
  server.gateway.connected.add(STAGING);
  const start = () => amira("us-east-1").send(new StartSessionCommand({ Target: STAGING, DocumentName: SHELL }));
  expect(await failure(start())).toBe("InvalidDocument");
  await create(SHELL, content({ inputs: { maxSessionDuration: "60" } }), "us-east-1");
  await start();
  expect(server.gateway.started.at(-1)?.document.inputs).toEqual({ maxSessionDuration: "60" });
  expect(await failure(create(SHELL))).toBe("DocumentAlreadyExists");
});

test.each([
  ["no JSON", "schemaVersion: 1", "InvalidDocumentContent"],
  ["no object", "[]", "InvalidDocumentContent"],
  ["another schema", content({ schemaVersion: "2.2" }), "InvalidDocumentSchemaVersion"],
  ["an unknown session type", content({ sessionType: "Shell" }), "InvalidDocumentContent"],
  ["a stray member", content({ mainSteps: [] }), "InvalidDocumentContent"],
  ["an unknown input", content({ inputs: { idleTimeout: "20" } }), "InvalidDocumentContent"],
  ["an idle time as a number", content({ inputs: { idleSessionTimeout: 20 } }), "InvalidDocumentContent"],
  ["an idle time of an hour and a minute", content({ inputs: { idleSessionTimeout: "61" } }), "InvalidDocumentContent"],
  ["a duration of a day and a minute", content({ inputs: { maxSessionDuration: "1441" } }), "InvalidDocumentContent"],
  ["a flag that is none", content({ inputs: { runAsEnabled: "yes" } }), "InvalidDocumentContent"],
  ["a profile of another system", content({ inputs: { shellProfile: { bsd: "" } } }), "InvalidDocumentContent"],
  ["commands without properties", content({ sessionType: "InteractiveCommands" }), "InvalidDocumentContent"],
  ["a parameter of another type", content({ parameters: { a: { type: "StringList" } } }), "InvalidDocumentContent"],
  [
    "a pattern that is none",
    content({ parameters: { a: { type: "String", allowedPattern: "(" } } }),
    "InvalidDocumentContent",
  ],
  [
    "a placeholder nobody declared",
    content({ properties: { linux: { commands: "{{ what }}" } } }),
    "InvalidDocumentContent",
  ],
  ["more than 64 KiB", content({ description: "x".repeat(65_536) }), "MaxDocumentSizeExceeded"],
])("a document with %s is refused by create and update alike", async (_what, text, code) => {
  expect(await failure(create("Team-Shell", text))).toBe(code);
  expect(await failure(update(SHELL, text))).toBe(code);
});

test("what AWS's own documents and the preferences page write is valid", async () => {
  const names: string[] = [];
  for await (const { DocumentIdentifiers = [] } of paginateListDocuments({ client: amira() }, {}))
    names.push(...DocumentIdentifiers.map(({ Name }) => String(Name)));
  for (const [index, Name] of names.entries()) {
    const { Content } = await amira().send(new GetDocumentCommand({ Name }));
    await create(`Copy-${index}`, String(Content));
  }
  expect(names).toContain(SHELL);
});

test("only the latest version is updated, with another content, and AWS's documents never", async () => {
  await update(SHELL, content({ description: "2" }));
  expect(await failure(update(SHELL, content({ description: "3" }), "1"))).toBe("InvalidDocumentVersion");
  expect(await failure(update(SHELL, content({ description: "2" })))).toBe("DuplicateDocumentContent");
  expect(await failure(update("AWS-StartSSHSession", content()))).toBe("InvalidDocumentOperation");
  expect(await failure(update("None-Such", content()))).toBe("InvalidDocument");
  expect(await failure(create("AWS-Mine"))).toBe("ValidationException");
  const DocumentVersion = "7";
  expect(await failure(amira().send(new UpdateDocumentDefaultVersionCommand({ Name: SHELL, DocumentVersion })))).toBe(
    "InvalidDocumentVersion",
  );
});

test("version names are unique within a document", async () => {
  const named = (text: string) =>
    amira().send(
      new UpdateDocumentCommand({
        Name: SHELL,
        Content: content({ description: text }),
        VersionName: "spring",
        DocumentVersion: "$LATEST",
      }),
    );
  await named("a");
  expect(await failure(named("b"))).toBe("DuplicateDocumentVersionName");
});

test("documents are filtered by both generations of filters, and page in any size up to 50", async () => {
  await create("Team-Shell");
  const names = async (input: ListDocumentsCommandInput, pageSize = 50) => {
    const found: string[] = [];
    for await (const { DocumentIdentifiers = [] } of paginateListDocuments({ client: amira(), pageSize }, input)) {
      expect(DocumentIdentifiers.length).toBeLessThanOrEqual(pageSize);
      found.push(...DocumentIdentifiers.map(({ Name }) => String(Name)));
    }
    return found;
  };
  const all = await names({});
  expect(all).toEqual([...all].sort());
  expect(await names({}, 2)).toEqual(all);
  expect(await names({ Filters: [{ Key: "Owner", Values: ["Self"] }] })).toEqual([SHELL, "Team-Shell"]);
  expect(await names({ Filters: [{ Key: "Owner", Values: ["Amazon"] }] })).toHaveLength(all.length - 2);
  expect(await names({ DocumentFilterList: [{ key: "Owner", value: "Private" }] })).toEqual([SHELL, "Team-Shell"]);
  expect(await names({ Filters: [{ Key: "Name", Values: ["Team"] }] })).toEqual(["Team-Shell"]);
  expect(await names({ Filters: [{ Key: "SearchKeyword", Values: ["forwarding"] }] })).toHaveLength(2);
  expect(await names({ Filters: [{ Key: "DocumentType", Values: ["Command"] }] })).toEqual([]);
  expect(await failure(names({ Filters: [{ Key: "Colour", Values: ["red"] }] }))).toBe("InvalidFilterKey");
  expect(await failure(amira().send(new ListDocumentsCommand({ NextToken: "made up" })))).toBe("InvalidNextToken");
});

test("versions are listed newest first, with the default marked", async () => {
  for (const description of ["b", "c"]) await update(SHELL, content({ description }));
  const found: unknown[] = [];
  const listed = paginateListDocumentVersions({ client: amira(), pageSize: 2 }, { Name: SHELL });
  for await (const { DocumentVersions = [] } of listed)
    found.push(...DocumentVersions.map(({ DocumentVersion, IsDefaultVersion }) => [DocumentVersion, IsDefaultVersion]));
  expect(found).toEqual([
    ["3", false],
    ["2", false],
    ["1", true],
  ]);
});

test("who may not change documents is denied by the document's ARN", async () => {
  const dana = ssmClient(server);
  await expect(
    dana.send(new UpdateDocumentCommand({ Name: SHELL, Content: content(), DocumentVersion: "$LATEST" })),
  ).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      "ssm:UpdateDocument on resource: arn:aws:ssm:eu-west-1:111122223333:document/SSM-",
    ),
  });
  expect(await failure(dana.send(new CreateDocumentCommand({ Name: "No", Content: content() })))).toBe(
    "ValidationException",
  );
  expect(await failure(dana.send(new CreateDocumentCommand({ Name: "New-One", Content: content() })))).toBe(
    "AccessDeniedException",
  );
  expect(await failure(dana.send(new DeleteDocumentCommand({ Name: SHELL })))).toBe("AccessDeniedException");
  expect(await failure(dana.send(new ListDocumentsCommand({})))).toBe("AccessDeniedException");
});
