import { AwsError } from "../http/aws-error.ts";
import type { DocumentContent } from "./documents.ts";

/**
 * Checks StartSession's Parameters against what the document declares.
 *
 * @throws AwsError InvalidParameters: one that is not declared, one without default that is missing, a value that does not fit
 */
export function checkSessionParameters(
  content: DocumentContent,
  given: Readonly<Record<string, readonly string[]>>,
): void {
  const declared = content.parameters ?? {};
  const stray = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (stray.length > 0) throw invalid(`Parameters not defined in document: ${stray.join(", ").slice(0, 256)}`);
  for (const [name, parameter] of Object.entries(declared)) {
    const values = Object.hasOwn(given, name) ? (given[name] as readonly string[]) : [];
    if (values.length > 1) throw invalid(`Parameter ${name} takes one value`);
    const value = values[0] ?? parameter.default;
    if (value === undefined) throw invalid(`Parameters missing: ${name}`);
    if (parameter.allowedPattern !== undefined && !new RegExp(parameter.allowedPattern).test(value))
      throw invalid(`Parameter "${name}" has value not matching the pattern: ${parameter.allowedPattern}.`);
  }
}

const invalid = (text: string): AwsError => new AwsError("InvalidParameters", text);
