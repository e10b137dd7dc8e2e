// Whether a text is a session document, as CreateDocument and UpdateDocument demand it. The members: aws-facts.md §5,
// data-channel.md §11; the words of AWS's refusals are not published but for their codes.
import { AwsError } from "../http/aws-error.ts";
import type { DocumentContent } from "./documents.ts";

/** Source: SSM API Reference, CreateDocument. */
export const DOCUMENT_BYTES_MAX = 64 * 1024;

const SESSION_TYPES = ["Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"];
const MEMBERS = ["schemaVersion", "description", "sessionType", "inputs", "parameters", "properties"];
const IDLE_MINUTES = { min: 1, max: 60 };
const DURATION_MINUTES = { min: 1, max: 1_440 };

type Members = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" ? undefined : "must be a string");
/** The agent takes both (aws-facts.md §5). */
const flag: Check = (value) =>
  typeof value === "boolean" || value === "true" || value === "false" ? undefined : "must be true or false";
const minutes =
  ({ min, max }: { min: number; max: number }): Check =>
  (value) => {
    if (value === "") return undefined;
    const isWhole = typeof value === "string" && /^\d{1,4}$/.test(value);
    const isWithin = isWhole && Number(value) >= min && Number(value) <= max;
    return isWithin ? undefined : `must be a number of minutes from ${min} to ${max}, as a string`;
  };
const profiles: Check = (value) => {
  if (!isMembers(value)) return "must be an object";
  const wrong = Object.entries(value).find(([name, line]) => !["windows", "linux"].includes(name) || text(line));
  return wrong && `has a member ${wrong[0]} that is none of windows and linux, or no string`;
};

const INPUTS: Readonly<Record<string, Check>> = {
  s3BucketName: text,
  s3KeyPrefix: text,
  s3EncryptionEnabled: flag,
  cloudWatchLogGroupName: text,
  cloudWatchEncryptionEnabled: flag,
  cloudWatchStreamingEnabled: flag,
  kmsKeyId: text,
  runAsEnabled: flag,
  runAsDefaultUser: text,
  idleSessionTimeout: minutes(IDLE_MINUTES),
  maxSessionDuration: minutes(DURATION_MINUTES),
  shellProfile: profiles,
};

/** @throws AwsError MaxDocumentSizeExceeded, InvalidDocumentContent, InvalidDocumentSchemaVersion */
export function readSessionDocument(source: string): DocumentContent {
  if (Buffer.byteLength(source) > DOCUMENT_BYTES_MAX)
    throw new AwsError("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
  const document = parse(source);
  if (document.schemaVersion !== "1.0")
    throw new AwsError("InvalidDocumentSchemaVersion", "The schema version of a session document must be 1.0.");
  const stray = Object.keys(document).find((name) => !MEMBERS.includes(name));
  if (stray !== undefined) throw invalid(`${stray.slice(0, 64)} is no member of a session document`);
  const { sessionType, description, inputs, parameters, properties } = document;
  if (typeof sessionType !== "string" || !SESSION_TYPES.includes(sessionType))
    throw invalid(`sessionType must be one of ${SESSION_TYPES.join(", ")}`);
  if (description !== undefined && typeof description !== "string") throw invalid("description must be a string");
  if (inputs !== undefined) checkInputs(inputs);
  if (parameters !== undefined) checkParameters(parameters);
  if (properties !== undefined && !isMembers(properties)) throw invalid("properties must be an object");
  if (sessionType !== "Standard_Stream" && properties === undefined)
    throw invalid(`a document of type ${sessionType} needs properties`);
  checkPlaceholders(document);
  return document as unknown as DocumentContent;
}

function parse(source: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw invalid("it is not JSON");
  }
  if (!isMembers(value)) throw invalid("it is not a JSON object");
  return value;
}

function checkInputs(inputs: unknown): void {
  if (!isMembers(inputs)) throw invalid("inputs must be an object");
  for (const [name, value] of Object.entries(inputs)) {
    const check = Object.hasOwn(INPUTS, name) ? INPUTS[name] : undefined;
    const problem = check === undefined ? "is not known" : check(value);
    if (problem !== undefined) throw invalid(`inputs.${name.slice(0, 64)} ${problem}`);
  }
}

function checkParameters(parameters: unknown): void {
  if (!isMembers(parameters)) throw invalid("parameters must be an object");
  for (const [name, parameter] of Object.entries(parameters)) {
    const at = `parameters.${name.slice(0, 64)}`;
    if (!isMembers(parameter) || parameter.type !== "String") throw invalid(`${at} must be of type String`);
    for (const member of ["default", "description", "allowedPattern"] as const)
      if (parameter[member] !== undefined && typeof parameter[member] !== "string")
        throw invalid(`${at}.${member} must be a string`);
    if (typeof parameter.allowedPattern === "string" && !isPattern(parameter.allowedPattern))
      throw invalid(`${at}.allowedPattern is no regular expression`);
  }
}

/** Every `{{ name }}` outside `parameters` must be declared there. */
function checkPlaceholders({ parameters, ...rest }: Members): void {
  const declared = isMembers(parameters) ? parameters : {};
  for (const [, name = ""] of JSON.stringify(rest).matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g))
    if (!Object.hasOwn(declared, name)) throw invalid(`{{ ${name.slice(0, 64)} }} is not among its parameters`);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const invalid = (why: string): AwsError =>
  new AwsError("InvalidDocumentContent", `The content for the document is not valid: ${why}.`);
