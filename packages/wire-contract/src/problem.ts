import { type Static, Type } from "typebox";

/** RFC 9457 problem details, with the catalog's code, cause and remedy. Never holds a secret or a stack. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: "docs/errors.md anchor of the code" }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "code of the error catalog" }),
    cause: Type.String(),
    remedy: Type.String(),
    retryable: Type.Boolean(),
    requestId: Type.String(),
    /** What exactly, for the details view: the field that was not understood, the address that did not answer. */
    detail: Type.Optional(Type.String()),
    /** When the instance that it is about was heard last, in milliseconds since the epoch. */
    lastPingAt: Type.Optional(Type.Number()),
    /** What AWS said, for the details view: its error code, message and request id. */
    aws: Type.Optional(
      Type.Object({
        service: Type.String(),
        operation: Type.String(),
        code: Type.String(),
        message: Type.String(),
        requestId: Type.Optional(Type.String()),
      }),
    ),
  },
  { additionalProperties: false },
);
export type Problem = Static<typeof Problem>;
