import "fastify";
import type { AwsIdentity } from "../identity/index.ts";

/**
 * Who may use a route. Each route declares one in `config.access`; a route without it stops the server from being built.
 * - `public`: anyone who reaches the port;
 * - `launched`: a browser that came through the printed link, or a signed-in person;
 * - `signed-in`: a person;
 * - `session-owner`: the person who owns the session named by `:id`;
 * - `share-viewer`: a person who came by the link named by `:shareId`, with its secret;
 * - `auditor`, `admin`: a person with that role in Causeway; an admin is an auditor too.
 *
 * A request that acts for one of several identities names it as `identityId`, in its query or its body.
 */
export type Access = "public" | "launched" | "signed-in" | "session-owner" | "share-viewer" | "auditor" | "admin";

/** Answers who owns a session; implemented by `sessions/`. */
export interface SessionAccess {
  /** undefined: there is no such session. */
  ownerKeyOf(sessionId: string): string | undefined;
}

/** Answers who came by a link; implemented by `sharing/`. */
export interface ShareAccess {
  /** false also where there is no such link. */
  isViewer(shareId: string, ownerKey: string): boolean;
}

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /**
     * Whom the request acts for: the owner of the session it names, the viewer of the link it names, the identity it names, or else the login's first.
     * Reading it where no person is asked for throws SIGN_IN_REQUIRED.
     */
    awsIdentity: AwsIdentity;
    /** All identities of the login. */
    awsIdentities: readonly AwsIdentity[];
  }
}
