/**
 * What a port session forwards to, and in which of the two ways, from the document's properties and both ends' versions. Pure.
 * Source: data-channel.md §11, §12.1; the versions: aws-facts.md §1.
 */
import { isAtLeast } from "../instances/agent-version.ts";

/** Older agents know no port sessions. */
export const PORTS_SINCE = "2.3.672.0";
/** Older agents do not read the document's `host`: they forward to the machine itself. */
const REMOTE_HOSTS_SINCE = "3.1.1374.0";
/** Both must be met: from here on many connections share one session. */
const MUX_AGENT_AFTER = "3.0.196.0";
const MUX_CLIENT_SINCE = "1.1.70";
/** Up to this one a client's multiplexer ends a session in which nothing was said for 30 s, and expects the same of the other end. */
const KEEP_ALIVE_CLIENT_UNTIL = "1.2.331.0";

const LOCAL_FORWARDING = "LocalPortForwarding";

export interface PortPlan {
  /** Of the destination, 1 to 65535. */
  port: number;
  /** As the document has it; "": the machine itself. */
  host: string;
  /** false: one connection, which ends the session when it ends (SSH through a ProxyCommand). */
  isForwarding: boolean;
}

/** @returns undefined and a text for the person where the properties are of no use */
export function planPort(properties: unknown, agentVersion: string): PortPlan | string {
  const { portNumber, host, type } = Object(properties) as Record<string, unknown>;
  if (portNumber === undefined || portNumber === "") return "Port number is empty in session properties.";
  if (typeof portNumber !== "string" || !/^\d{1,5}$/.test(portNumber)) return invalidPort(portNumber);
  const port = Number(portNumber);
  if (port < 1 || port > 65_535) return invalidPort(portNumber);
  return {
    port,
    host: typeof host === "string" && isAtLeast(agentVersion, REMOTE_HOSTS_SINCE) ? host.trim() : "",
    isForwarding: type === LOCAL_FORWARDING,
  };
}

/** @param clientVersion as its handshake says; undefined or no version: one that is too old */
export const isMultiplexed = (
  { isForwarding }: PortPlan,
  agentVersion: string,
  clientVersion: string | undefined,
): boolean =>
  isForwarding &&
  agentVersion !== MUX_AGENT_AFTER &&
  isAtLeast(agentVersion, MUX_AGENT_AFTER) &&
  isAtLeast(clientVersion ?? "0", MUX_CLIENT_SINCE);

export const wantsKeepAlive = (clientVersion: string | undefined): boolean =>
  isAtLeast(KEEP_ALIVE_CLIENT_UNTIL, clientVersion ?? "0");

const invalidPort = (portNumber: unknown): string => `Unable to connect to specified port: ${String(portNumber)}`;
