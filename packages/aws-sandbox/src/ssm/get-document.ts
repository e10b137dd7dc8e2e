import { AwsError } from "../http/aws-error.ts";
import type { JsonOperation } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";
import { type DocumentStore, documentArn } from "./documents.ts";

/** Source: SSM API Reference, GetDocument. */
export const DOCUMENT_NAME_PATTERN = /^[a-zA-Z0-9_\-.:/]{3,128}$/;
const VERSIONS: readonly string[] = ["1", "$LATEST", "$DEFAULT"];

/** A document whose ARN was given is looked up by its last part. */
export const documentNameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith("arn:") ? nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1) : nameOrArn;

export function getDocument(deps: { documents: DocumentStore; startedAtMs: number }): JsonOperation {
  return (input, { caller, region }) => {
    const name = documentNameOf(input.requiredText("Name", { pattern: DOCUMENT_NAME_PATTERN }));
    const version = input.text("DocumentVersion", { pattern: /^([$]LATEST|[$]DEFAULT|[1-9][0-9]*)$/ });
    const format = input.text("DocumentFormat", { oneOf: ["YAML", "JSON", "TEXT"] });
    input.check();
    authorize(caller, { action: "ssm:GetDocument", resource: documentArn(name, region, caller.account), region });

    const document = deps.documents.find(region, name);
    if (document === undefined) throw invalidDocument(name);
    if (version !== undefined && !VERSIONS.includes(version))
      throw new AwsError("InvalidDocumentVersion", `Document version ${version} of ${name} does not exist.`);
    if (format === "YAML" || format === "TEXT")
      throw new AwsError("ValidationException", `This document is kept as JSON; ${format} is not emulated.`);
    return {
      Name: document.name,
      CreatedDate: (deps.startedAtMs - document.createdMsAgo) / 1000,
      DocumentVersion: "1",
      Status: "Active",
      Content: JSON.stringify(document.content, null, 2),
      DocumentType: "Session",
      DocumentFormat: "JSON",
      AttachmentsContent: [],
    };
  };
}

export const invalidDocument = (name: string): AwsError =>
  new AwsError("InvalidDocument", `Document with name ${name} does not exist.`);
