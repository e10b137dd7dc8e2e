import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";

/**
 * Checks requests exactly as the schema says: nothing is converted, nothing unknown is removed.
 * (The compiler that the type provider ships converts query and parameters first.)
 */
export const strictValidatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (value: unknown) => {
    if (check.Check(value)) return { value };
    const [first] = check.Errors(value);
    return { error: new RequestInvalidError(httpPart ?? "request", first) };
  };
};

/** Names the field and the rule, never the value: it may be a secret. */
class RequestInvalidError extends Error {
  readonly code = "FST_ERR_VALIDATION";
  readonly statusCode = 400;

  constructor(part: string, first: { instancePath: string; message: string } | undefined) {
    super(`${part}${first?.instancePath ?? ""}: ${first?.message ?? "does not match"}`);
  }
}
