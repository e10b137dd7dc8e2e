import type { FastifyRequest } from "fastify";
import { deviceName } from "./device-name.ts";
import type { ActContext, Actor } from "./sign-in.ts";

/** Who acts by a request, and from where, as the audit says it. @throws CatalogError SIGN_IN_REQUIRED */
export function actorOf(request: FastifyRequest): Actor {
  const { ownerKey, name, account, role } = request.awsIdentity;
  return { ownerKey, name, account, role, ...contextOf(request) };
}

/** From where a request comes: what audit, limits and the list of logins say of it. */
export function contextOf(request: FastifyRequest): ActContext {
  return { ip: request.ip, requestId: request.id, device: deviceName(request.headers["user-agent"]) };
}
