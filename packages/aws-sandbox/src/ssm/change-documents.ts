// Changing calls about documents: CreateDocument, UpdateDocument, UpdateDocumentDefaultVersion, DeleteDocument. Session documents
// only. Source: SSM API Reference; texts of AWS where they are published there.
import { AwsError } from "../http/aws-error.ts";
import type { JsonInput } from "../http/json-input.ts";
import type { Call, JsonOperations } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";
import {
  authorizedDocument,
  DOCUMENT_NAME_PATTERN,
  DOCUMENT_VERSION_PATTERN,
  type DocumentDeps,
  descriptionOf,
  documentNameOf,
  neededVersion,
} from "./describe-documents.ts";
import { DOCUMENTS_PER_REGION_MAX, type StoredDocument, VERSIONS_PER_DOCUMENT_MAX } from "./document-store.ts";
import { documentArn } from "./documents.ts";
import { readSessionDocument } from "./session-schema.ts";

const NEW_NAME_PATTERN = /^[a-zA-Z0-9_\-.]{3,128}$/;
const VERSION_NAME_PATTERN = /^[a-zA-Z0-9_\-.]{1,128}$/;
/** Names that begin so are AWS's own. */
const RESERVED_PREFIX = /^(aws|amazon|amzn)/i;
/** No text can be longer than a request; the size of a document is checked where it is read. */
const CONTENT = { charsMin: 1 };

export function documentChanging(deps: DocumentDeps): JsonOperations {
  return {
    CreateDocument(input, call) {
      const name = input.requiredText("Name", { pattern: NEW_NAME_PATTERN });
      const text = input.requiredText("Content", CONTENT);
      const versionName = input.text("VersionName", { pattern: VERSION_NAME_PATTERN });
      const type = input.text("DocumentType");
      checkFormat(input);
      input.check();
      const { caller, region, nowMs } = call;
      const place = { account: caller.account, region };
      authorize(caller, { action: "ssm:CreateDocument", resource: documentArn(name, region, caller.account), region });
      if (type !== "Session")
        throw new AwsError("ValidationException", "Only documents of type Session are emulated here.");
      if (RESERVED_PREFIX.test(name))
        throw new AwsError(
          "ValidationException",
          `The document name ${name} begins with a prefix that AWS keeps for itself.`,
        );
      if (deps.documents.find(place, name) !== undefined)
        throw new AwsError("DocumentAlreadyExists", "The specified document already exists.");
      if (deps.documents.count(place) >= DOCUMENTS_PER_REGION_MAX)
        throw new AwsError(
          "DocumentLimitExceeded",
          `You can have at most ${DOCUMENTS_PER_REGION_MAX} active SSM documents.`,
        );
      const content = readSessionDocument(text);
      const document = deps.documents.create(place, name, {
        text,
        content,
        createdAtMs: nowMs,
        ...(versionName === undefined ? {} : { versionName }),
      });
      return { DocumentDescription: descriptionOf(document, neededVersion(document, "1"), call, "Creating") };
    },

    UpdateDocument(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const text = input.requiredText("Content", CONTENT);
      const versionName = input.text("VersionName", { pattern: VERSION_NAME_PATTERN });
      const base = input.text("DocumentVersion", { pattern: DOCUMENT_VERSION_PATTERN });
      checkFormat(input);
      input.check();
      const document = ownDocument(deps, call, "ssm:UpdateDocument", name);
      const latest = neededVersion(document, "$LATEST");
      if (neededVersion(document, base ?? "$LATEST").number !== latest.number)
        throw new AwsError("InvalidDocumentVersion", "The document version is not valid or does not exist.");
      const content = readSessionDocument(text);
      if (latest.text === text)
        throw new AwsError(
          "DuplicateDocumentContent",
          "The content of the association document matches another document. Change the content of the document and try again.",
        );
      if (versionName !== undefined && document.versions.some((version) => version.versionName === versionName))
        throw new AwsError(
          "DuplicateDocumentVersionName",
          "The version name has already been used in this document. Specify a different version name, and then try again.",
        );
      if (document.versions.length >= VERSIONS_PER_DOCUMENT_MAX)
        throw new AwsError(
          "DocumentVersionLimitExceeded",
          "The document has too many versions. Delete one or more document versions and try again.",
        );
      const version = {
        number: latest.number + 1,
        text,
        content,
        createdAtMs: call.nowMs,
        ...(versionName === undefined ? {} : { versionName }),
      };
      document.versions.push(version);
      return { DocumentDescription: descriptionOf(document, version, call, "Updating") };
    },

    UpdateDocumentDefaultVersion(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const wanted = input.requiredText("DocumentVersion", { pattern: /^[1-9][0-9]*$/ });
      input.check();
      const document = ownDocument(deps, call, "ssm:UpdateDocumentDefaultVersion", name);
      const version = neededVersion(document, wanted);
      document.defaultVersion = version.number;
      return { Description: { Name: name, DefaultVersion: wanted, DefaultVersionName: version.versionName } };
    },

    DeleteDocument(input, call) {
      const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
      const wanted = input.text("DocumentVersion", { pattern: DOCUMENT_VERSION_PATTERN });
      input.check();
      const document = ownDocument(deps, call, "ssm:DeleteDocument", name);
      if (wanted === undefined) deps.documents.delete({ account: call.caller.account, region: call.region }, name);
      else deleteVersion(document, wanted);
      return {};
    },
  };
}

function checkFormat(input: JsonInput): void {
  const format = input.text("DocumentFormat", { oneOf: ["YAML", "JSON", "TEXT"] });
  if (format === "YAML" || format === "TEXT")
    throw new AwsError("ValidationException", `Documents are kept as JSON here; ${format} is not emulated.`);
}

/** @throws AwsError InvalidDocumentOperation for what AWS owns */
function ownDocument(deps: DocumentDeps, call: Call, action: string, name: string): StoredDocument {
  const document = authorizedDocument(deps, call, action, name);
  if (document.owner === "Amazon")
    throw new AwsError("InvalidDocumentOperation", `The document ${name} is owned by AWS and cannot be changed.`);
  return document;
}

function deleteVersion(document: StoredDocument, wanted: string): void {
  const { number } = neededVersion(document, wanted);
  if (number === document.defaultVersion)
    throw new AwsError("InvalidDocumentOperation", "Default version of the document can't be deleted.");
  document.versions = document.versions.filter((version) => version.number !== number);
}
