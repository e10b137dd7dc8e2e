import { expect, test } from "vitest";
import { gatewayOf, machinesIn } from "../instances/define-instance.ts";
import { InstanceRegistry } from "../instances/instance-registry.ts";
import { destinationOf } from "./destinations.ts";
import { neighbourOf } from "./neighbours.ts";

const WEB = machinesIn("eu-west-1")("a", "t3.micro", "10.42.1.17", 1, { id: "i-1", name: "Web-01", tags: {} });
const DB = machinesIn("eu-west-1")("a", "t3.micro", "10.42.3.8", 1, { id: "i-2", name: "DB-01", tags: {} });
const OFF = { ...DB, id: "i-3", name: "off-01", privateIp: "10.42.3.9", state: "stopped" as const };
const FAR = machinesIn("us-east-1")("a", "t3.micro", "10.80.1.1", 1, { id: "i-4", name: "far-01", tags: {} });
const SHOP = gatewayOf("eu-west-1", "192.168.42.10", 1, { id: "mi-5", name: "shop-01", tags: {} });

const registry = new InstanceRegistry([WEB, DB, OFF, FAR, SHOP], 0);
const from = (host: string, itself = WEB) => destinationOf(host, itself, (name) => neighbourOf(itself, name, registry));

test.each(["", "localhost", "127.0.0.1", "127.8.8.8", "::1", "web-01", "WEB-01.", "10.42.1.17"])(
  "%j is the machine itself",
  (host) => expect(from(host)).toEqual({ kind: "itself" }),
);

test.each(["db-01", "DB-01", "10.42.3.8", "i-2", "ip-10-42-3-8.eu-west-1.compute.internal"])(
  "%j is another machine of its network",
  (host) => expect(from(host)).toEqual({ kind: "peer", peer: "i-2" }),
);

test.each(["off-01", "far-01", "shop-01", "example.com"])("%j is not known there", (host) => {
  expect(from(host)).toEqual({ kind: "nowhere", why: `lookup ${host}: no such host` });
});

test("an address without a machine cannot be reached, nor anything from a shop's cellar", () => {
  expect(from("10.42.9.9")).toEqual({ kind: "nowhere", why: "dial tcp 10.42.9.9: connect: no route to host" });
  expect(from("db-01", SHOP)).toMatchObject({ kind: "nowhere" });
});

test.each(["169.254.169.254", "fd00:ec2::254", "169.254.169.253", "169.254.169.123", "10.42.0.2", "10.42.255.255"])(
  "%s is forbidden",
  (host) => expect(from(host)).toEqual({ kind: "forbidden", why: `Forwarding to IP address ${host} is forbidden.` }),
);
