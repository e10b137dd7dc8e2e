import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { CredentialStore } from "../iam/credential-store.ts";
import { InstanceRegistry } from "../instances/instance-registry.ts";
import type { Activation } from "./activations.ts";
import { ManagedNodes, NODES_MAX, ROLE_TOKEN_LIFE_MS, readPublicKey } from "./managed-nodes.ts";
import type { KeptNode } from "./node-file.ts";

const NOW_MS = Date.UTC(2026, 10, 23);
const PUBLIC_KEY = generateKeyPairSync("rsa", { modulusLength: 2_048 })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");
const activation: Activation = {
  id: "b1f2a3c4-0000-4000-a000-000000000001",
  account: "111122223333",
  region: "eu-west-1",
  role: "SandboxNodeRole",
  instanceName: "rack-7",
  description: "",
  registrationsMax: NODES_MAX + 1,
  registrations: 1,
  createdAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 1,
  tags: { tier: "app" },
};

/** A start of the sandbox. */
function start(kept: readonly KeptNode[] = [], nowMs = NOW_MS) {
  const registry = new InstanceRegistry([], nowMs);
  const credentials = new CredentialStore(randomBytes);
  const saved: { nodes: readonly KeptNode[] } = { nodes: [] };
  const disconnected: string[] = [];
  const file = {
    save(nodes: readonly KeptNode[]) {
      saved.nodes = nodes;
    },
    flush: async () => {},
  };
  const deps = { registry, credentials, file, randomBytes, disconnect: (id: string) => disconnected.push(id) };
  return { registry, credentials, saved, disconnected, nodes: new ManagedNodes(deps, kept, nowMs) };
}

const register = (nodes: ManagedNodes) =>
  nodes.register({ activation, publicKey: PUBLIC_KEY, fingerprint: "f" }, NOW_MS) ?? "";

test("the next start knows the machine, its key and the keys of its role that still live", () => {
  const first = start();
  const id = register(first.nodes);
  const roleKey = first.nodes.giveRoleKey(id, NOW_MS);
  const second = start(first.saved.nodes, NOW_MS + ROLE_TOKEN_LIFE_MS - 1);
  expect(second.nodes.find(id)).toMatchObject({
    fingerprint: "f",
    definition: { name: "rack-7", tags: { tier: "app" } },
  });
  expect(second.registry.find(id, activation.account, activation.region)).toMatchObject({ launchedAtMs: NOW_MS });
  expect(second.credentials.find(String(roleKey?.accessKeyId))).toMatchObject({
    secretAccessKey: roleKey?.secretAccessKey,
    sessionToken: roleKey?.sessionToken,
    expiresAtMs: NOW_MS + ROLE_TOKEN_LIFE_MS,
    owner: { instanceId: id, arn: `arn:aws:sts::111122223333:assumed-role/SandboxNodeRole/${id}` },
  });
  const late = start(first.saved.nodes, NOW_MS + ROLE_TOKEN_LIFE_MS);
  expect(late.credentials.find(String(roleKey?.accessKeyId))).toBeUndefined();
});

test("a machine that was deregistered is not in the file, and of a kept one without a key nothing is known", () => {
  const first = start();
  const id = register(first.nodes);
  const [kept] = first.saved.nodes;
  if (kept === undefined) throw new Error("nothing was kept");
  expect(start([{ ...kept, publicKey: "none" }]).nodes.find(id)).toBeUndefined();
  expect(first.nodes.deregister(id, "444455556666", activation.region, NOW_MS)).toBe(false);
  expect(first.nodes.deregister(id, activation.account, activation.region, NOW_MS)).toBe(true);
  expect([first.saved.nodes, first.disconnected]).toEqual([[], [id]]);
  expect(first.nodes.giveRoleKey(id, NOW_MS)).toBeUndefined();
});

test("at the bound nobody registers any more", () => {
  const { nodes } = start();
  for (let count = 0; count < NODES_MAX; count++) expect(register(nodes)).toMatch(/^mi-[0-9a-f]{17}$/);
  expect(register(nodes)).toBe("");
});

test("only RSA keys of the sizes that agents use are keys", () => {
  const text = (key: KeyObject) => key.export({ type: "spki", format: "der" }).toString("base64");
  expect(readPublicKey(PUBLIC_KEY)?.asymmetricKeyDetails?.modulusLength).toBe(2_048);
  expect(readPublicKey(text(generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey))).toBeUndefined();
  expect(readPublicKey(text(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey))).toBeUndefined();
  for (const none of ["", "not base64 §", PUBLIC_KEY.slice(4)]) expect(readPublicKey(none)).toBeUndefined();
});
