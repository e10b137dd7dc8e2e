/**
 * Where the host of a port session leads, as the machine sees it: to itself, to another machine of its network, or nowhere. Pure.
 * Source: data-channel.md §12.4.
 */
import { isIP } from "node:net";
import type { FleetInstance } from "../instances/fleet.ts";

export type Destination<Peer> =
  | { kind: "itself" }
  | { kind: "peer"; peer: Peer }
  /** `why` is for the person, in the agent's words. */
  | { kind: "forbidden" | "nowhere"; why: string };

/** Metadata, DNS, time and licence addresses: the agent's default. */
const DENIED_ADDRESSES: readonly string[] = [
  "169.254.169.254",
  "fd00:ec2::254",
  "169.254.169.253",
  "fd00:ec2::253",
  "169.254.169.123",
  "169.254.169.250",
  "169.254.169.251",
];
/** The first four and the last of the machine's network, which is a /16 here. */
const RESERVED_ENDS: readonly string[] = ["0.0", "0.1", "0.2", "0.3", "255.255"];

type Named = Pick<FleetInstance, "name" | "privateIp">;

/** @param find another machine of the same network, by a name or an address */
export function destinationOf<Peer>(
  host: string,
  itself: Named,
  find: (host: string) => Peer | undefined,
): Destination<Peer> {
  const wanted = host.toLowerCase().replace(/\.$/, "");
  if (["", "localhost", "::1", itself.name.toLowerCase(), itself.privateIp].includes(wanted)) return { kind: "itself" };
  if (/^127\./.test(wanted) && isIP(wanted) === 4) return { kind: "itself" };
  if (isReserved(wanted, itself)) return { kind: "forbidden", why: `Forwarding to IP address ${host} is forbidden.` };
  const peer = find(wanted);
  if (peer !== undefined) return { kind: "peer", peer };
  const why = isIP(wanted) === 0 ? `lookup ${host}: no such host` : `dial tcp ${host}: connect: no route to host`;
  return { kind: "nowhere", why };
}

function isReserved(address: string, { privateIp }: Named): boolean {
  if (DENIED_ADDRESSES.includes(address)) return true;
  const [a, b] = privateIp.split(".");
  return privateIp !== "" && RESERVED_ENDS.some((end) => address === `${a}.${b}.${end}`);
}
