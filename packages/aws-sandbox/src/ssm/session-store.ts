// What the session operations need of the message gateway, in this folder's words; SessionGateway has it.
import type { ClientAccess, GatewaySession, StartSessionInput } from "../ssm-messages/session-types.ts";

export interface SessionStore {
  isConnected(instanceId: string): boolean;
  /** @param mayOpenChannel false: the token that is given out opens nothing; default: true */
  startSession(input: StartSessionInput, mayOpenChannel?: boolean): ClientAccess;
  resumeSession(sessionId: string, mayOpenChannel?: boolean): ClientAccess | undefined;
  terminateSession(sessionId: string): boolean;
  getSession(sessionId: string): GatewaySession | undefined;
  listSessions(): readonly GatewaySession[];
}
