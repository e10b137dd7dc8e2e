// Reading calls about documents: GetDocument, DescribeDocument, ListDocuments, ListDocumentVersions. Source: SSM API Reference.
import { createHash } from "node:crypto";
import { AwsError } from "../http/aws-error.ts";
import type { JsonInput } from "../http/json-input.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import type { Pager } from "../http/paging.ts";
import { authorize } from "../iam/principal.ts";
import { type DocumentStore, type DocumentVersion, type StoredDocument, versionOf } from "./document-store.ts";
import { documentArn } from "./documents.ts";

export const DOCUMENT_NAME_PATTERN = /^[a-zA-Z0-9_\-.:/]{3,128}$/;
export const DOCUMENT_VERSION_PATTERN = /^([$]LATEST|[$]DEFAULT|[1-9][0-9]*)$/;
const DOCUMENTS_PER_PAGE_MAX = 50;
const FILTERS_MAX = 6;
const FILTER_VALUES_MAX = 40;
/** What a session document runs on. */
const PLATFORMS: readonly string[] = ["Windows", "Linux", "MacOS"];

export interface DocumentDeps {
  documents: DocumentStore;
  pager: Pager;
}

export function documentReading(deps: DocumentDeps): JsonOperations {
  return {
    GetDocument(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const wanted = input.text("DocumentVersion", { pattern: DOCUMENT_VERSION_PATTERN });
      const format = input.text("DocumentFormat", { oneOf: ["YAML", "JSON", "TEXT"] });
      input.check();
      const document = authorizedDocument(deps, call, "ssm:GetDocument", name);
      const version = neededVersion(document, wanted);
      if (format === "YAML" || format === "TEXT")
        throw new AwsError("ValidationException", `This document is kept as JSON; ${format} is not emulated.`);
      return {
        Name: document.name,
        CreatedDate: version.createdAtMs / 1000,
        VersionName: version.versionName,
        DocumentVersion: String(version.number),
        Status: "Active",
        Content: version.text,
        DocumentType: "Session",
        DocumentFormat: "JSON",
        AttachmentsContent: [],
      };
    },

    DescribeDocument(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const wanted = input.text("DocumentVersion", { pattern: DOCUMENT_VERSION_PATTERN });
      input.check();
      const document = authorizedDocument(deps, call, "ssm:DescribeDocument", name);
      return { Document: descriptionOf(document, neededVersion(document, wanted), call, "Active") };
    },

    ListDocuments(input, call) {
      const { caller, region } = call;
      const itemsMax = input.integer("MaxResults", { min: 1, max: DOCUMENTS_PER_PAGE_MAX }) ?? DOCUMENTS_PER_PAGE_MAX;
      const nextToken = input.text("NextToken");
      const filters = readFilters(input);
      input.check();
      authorize(caller, {
        action: "ssm:ListDocuments",
        resource: `arn:aws:ssm:${region}:${caller.account}:*`,
        region,
      });
      const tests = filters.map(({ key, values }) => documentTest(key, values, caller.account));
      const page = deps.pager.page({
        items: deps.documents
          .list({ account: caller.account, region })
          .filter((item) => tests.every((fits) => fits(item))),
        keyOf: ({ name }) => name,
        itemsMax,
        nextToken,
        query: ["ListDocuments", caller.account, region, filters],
      });
      if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
      return {
        DocumentIdentifiers: page.items.map((document) => identifierOf(document, caller.account)),
        NextToken: page.nextToken,
      };
    },

    ListDocumentVersions(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const itemsMax = input.integer("MaxResults", { min: 1, max: DOCUMENTS_PER_PAGE_MAX }) ?? DOCUMENTS_PER_PAGE_MAX;
      const nextToken = input.text("NextToken");
      input.check();
      const document = authorizedDocument(deps, call, "ssm:ListDocumentVersions", name);
      const page = deps.pager.page({
        items: document.versions.toReversed(),
        // Newest first: what sorts ascending is how far a number is from the largest there can be.
        keyOf: ({ number }) => String(1e6 - number).padStart(7, "0"),
        itemsMax,
        nextToken,
        query: ["ListDocumentVersions", call.caller.account, call.region, name],
      });
      if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token is not valid.");
      return {
        DocumentVersions: page.items.map((version) => ({
          Name: document.name,
          DocumentVersion: String(version.number),
          VersionName: version.versionName,
          CreatedDate: version.createdAtMs / 1000,
          IsDefaultVersion: version.number === document.defaultVersion,
          DocumentFormat: "JSON",
          Status: "Active",
        })),
        NextToken: page.nextToken,
      };
    },
  };
}

/** A document whose ARN was given is looked up by its last part. */
export const documentNameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1) : nameOrArn;

/** @throws AccessDeniedError before anybody says whether it exists; AwsError InvalidDocument */
export function authorizedDocument(
  { documents }: DocumentDeps,
  { caller, region }: Call,
  action: string,
  name: string,
): StoredDocument {
  authorize(caller, { action, resource: documentArn(name, region, caller.account), region });
  const document = documents.find({ account: caller.account, region }, name);
  if (document === undefined) throw invalidDocument(name);
  return document;
}

/** @throws AwsError InvalidDocumentVersion */
export function neededVersion(document: StoredDocument, wanted: string | undefined): DocumentVersion {
  const version = versionOf(document, wanted);
  if (version === undefined)
    throw new AwsError("InvalidDocumentVersion", `Document version ${wanted} of ${document.name} does not exist.`);
  return version;
}

export const invalidDocument = (name: string): AwsError =>
  new AwsError("InvalidDocument", `Document with name ${name} does not exist.`);

/** As CreateDocument, UpdateDocument and DescribeDocument tell a document. */
export function descriptionOf(
  document: StoredDocument,
  version: DocumentVersion,
  { caller }: Call,
  status: "Creating" | "Updating" | "Active",
) {
  return {
    ...identifierOf(document, caller.account, version),
    Hash: createHash("sha256").update(version.text).digest("hex"),
    HashType: "Sha256",
    CreatedDate: version.createdAtMs / 1000,
    Status: status,
    Description: version.content.description,
    Parameters: Object.entries(version.content.parameters ?? {}).map(([Name, parameter]) => ({
      Name,
      Type: parameter.type,
      Description: parameter.description,
      DefaultValue: parameter.default,
    })),
    LatestVersion: String(document.versions.at(-1)?.number),
    DefaultVersion: String(document.defaultVersion),
  };
}

function identifierOf(document: StoredDocument, account: string, version = neededVersion(document, "$DEFAULT")) {
  return {
    Name: document.name,
    CreatedDate: document.versions[0] && document.versions[0].createdAtMs / 1000,
    Owner: document.owner === "Amazon" ? "Amazon" : account,
    VersionName: version.versionName,
    PlatformTypes: PLATFORMS,
    DocumentVersion: String(version.number),
    DocumentType: "Session",
    SchemaVersion: version.content.schemaVersion,
    DocumentFormat: "JSON",
    Tags: [],
  };
}

/** Two generations of the same thing: `Filters` (Key, Values), and `DocumentFilterList` (key, value). */
function readFilters(input: JsonInput): { key: string; values: readonly string[] }[] {
  if (input.has("Filters") && input.has("DocumentFilterList"))
    throw new AwsError("ValidationException", "Filters and DocumentFilterList cannot be used together.");
  return [
    ...input.objects("Filters", { min: 0, max: FILTERS_MAX }).map((filter) => ({
      key: filter.requiredText("Key", { charsMin: 1 }),
      values: filter.texts("Values", { min: 1, max: FILTER_VALUES_MAX }, { charsMin: 1 }),
    })),
    ...input.objects("DocumentFilterList", { min: 0, max: FILTERS_MAX }).map((filter) => ({
      key: filter.requiredText("key", { oneOf: ["Name", "Owner", "PlatformTypes", "DocumentType"] }),
      values: [filter.requiredText("value", { charsMin: 1 })],
    })),
  ];
}

type DocumentTest = (document: StoredDocument, value: string, account: string) => boolean;

const FILTER_TESTS: Readonly<Record<string, DocumentTest>> = {
  // AWS takes the beginning of a name as well.
  Name: ({ name }, value) => name.startsWith(value),
  Owner: ({ owner }, value, account) =>
    (owner === "Amazon" ? ["All", "Amazon", "Public"] : ["All", "Self", "Private", account]).includes(value),
  PlatformTypes: (_document, value) => PLATFORMS.includes(value),
  DocumentType: (_document, value) => value === "Session",
  SearchKeyword: ({ name }, value) => name.toLowerCase().includes(value.toLowerCase()),
};

export const DOCUMENT_FILTER_KEYS: readonly string[] = Object.keys(FILTER_TESTS);

function documentTest(key: string, values: readonly string[], account: string): (document: StoredDocument) => boolean {
  const test = Object.hasOwn(FILTER_TESTS, key) ? FILTER_TESTS[key] : undefined;
  if (test === undefined) throw new AwsError("InvalidFilterKey", `The filter key ${key.slice(0, 128)} is not valid.`);
  return (document) => values.some((value) => test(document, value, account));
}
