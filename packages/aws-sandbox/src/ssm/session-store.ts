// What the session operations need of the message gateway, in this folder's words; SessionGateway has it.
import type { ClientAccess, GatewaySession, StartSessionInput } from "../ssm-messages/session-types.ts";

export interface SessionStore {
  isConnected(instanceId: string): boolean;
  startSession(input: StartSessionInput): ClientAccess;
  resumeSession(sessionId: string): ClientAccess | undefined;
  terminateSession(sessionId: string): boolean;
  getSession(sessionId: string): GatewaySession | undefined;
  listSessions(): readonly GatewaySession[];
}
