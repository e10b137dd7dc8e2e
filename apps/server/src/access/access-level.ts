import "fastify";
import type { AwsIdentity } from "../identity/index.ts";

/**
 * Who may use a route. Each route declares one in `config.access`; a route without it stops the server from being built.
 * - `public`: anyone who reaches the port;
 * - `launched`: a browser that came through the printed link, or a signed-in person;
 * - `signed-in`: a person;
 * - `session-owner`: the person who owns the session named by `:id`.
 */
export type Access = "public" | "launched" | "signed-in" | "session-owner";

/** Answers who owns a session; implemented by `sessions/`. */
export interface SessionAccess {
  /** undefined: there is no such session. */
  ownerKeyOf(sessionId: string): string | undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set on every route that asks for a person; reading it elsewhere throws SIGN_IN_REQUIRED. */
    awsIdentity: AwsIdentity;
  }
}
