// Machines that registered themselves: their public keys, the keys of their role that they were given, and what of it a state directory
// keeps. An agent that was registered once finds its sandbox again after both were restarted.
import { createPublicKey, type KeyObject } from "node:crypto";
import { join } from "node:path";
import type { CredentialStore } from "../iam/credential-store.ts";
import { nodePrincipal } from "../iam/node-roles.ts";
import type { FleetInstance } from "../instances/fleet.ts";
import type { InstanceRegistry } from "../instances/instance-registry.ts";
import type { Activation } from "./activations.ts";
import { type KeptNode, NO_NODE_FILE, type NodeFile, nodeFileAt, readNodeFile } from "./node-file.ts";

/** As long as AWS's: an hour. The agent asks anew at the half. */
export const ROLE_TOKEN_LIFE_MS = 3_600_000;
/** Beyond it nobody registers any more. */
export const NODES_MAX = 1_000;
/** RSA keys of agents have 2,048 bits; larger ones only cost us time. */
const KEY_BITS_MIN = 2_048;
const KEY_BITS_MAX = 4_096;

interface Node extends KeptNode {
  key: KeyObject;
}

export interface ManagedNodesDeps {
  registry: InstanceRegistry;
  credentials: CredentialStore;
  file: NodeFile;
  randomBytes(length: number): Uint8Array;
  /** Its control channel ends: it is no machine of ours any more. */
  disconnect(instanceId: string): void;
}

export class ManagedNodes {
  readonly #deps: ManagedNodesDeps;
  readonly #nodes = new Map<string, Node>();

  /** @param kept of an earlier start */
  constructor(deps: ManagedNodesDeps, kept: readonly KeptNode[], nowMs: number) {
    this.#deps = deps;
    for (const node of kept) {
      const key = readPublicKey(node.publicKey);
      if (key === undefined) continue;
      this.#nodes.set(node.definition.id, { ...node, key });
      deps.registry.add(node.definition, node.registeredAtMs);
      if (node.roleKey !== undefined && node.roleKey.expiresAtMs > nowMs)
        deps.credentials.adopt(node.roleKey, nodePrincipal(node.definition));
    }
  }

  /** @returns the new machine's id; undefined at NODES_MAX, or when the key is none */
  register(
    wanted: { activation: Activation; publicKey: string; fingerprint: string },
    nowMs: number,
  ): string | undefined {
    const { activation, publicKey, fingerprint } = wanted;
    const key = readPublicKey(publicKey);
    if (key === undefined || this.#nodes.size >= NODES_MAX) return undefined;
    const id = `mi-${Buffer.from(this.#deps.randomBytes(9)).toString("hex").slice(0, 17)}`;
    const definition = definitionOf(id, activation);
    this.#nodes.set(id, { definition, publicKey, fingerprint, registeredAtMs: nowMs, key });
    this.#deps.registry.add(definition, nowMs);
    this.#save();
    return id;
  }

  find(id: string): { definition: FleetInstance; fingerprint: string; key: KeyObject } | undefined {
    return this.#nodes.get(id);
  }

  /** Keys of the machine's role, for an hour. */
  giveRoleKey(id: string, nowMs: number) {
    const node = this.#nodes.get(id);
    if (node === undefined) return undefined;
    const expiresAtMs = nowMs + ROLE_TOKEN_LIFE_MS;
    const {
      accessKeyId,
      secretAccessKey,
      sessionToken = "",
    } = this.#deps.credentials.createKey(nodePrincipal(node.definition), expiresAtMs);
    node.roleKey = { accessKeyId, secretAccessKey, sessionToken, expiresAtMs };
    this.#save();
    return node.roleKey;
  }

  /** @returns false: that is no key */
  replaceKey(id: string, publicKey: string): boolean {
    const node = this.#nodes.get(id);
    const key = readPublicKey(publicKey);
    if (node === undefined || key === undefined) return false;
    Object.assign(node, { key, publicKey });
    this.#save();
    return true;
  }

  /** @returns whether it was one of this account and region */
  deregister(id: string, account: string, region: string, nowMs: number): boolean {
    const definition = this.#nodes.get(id)?.definition;
    if (definition?.account !== account || definition.region !== region) return false;
    this.#nodes.delete(id);
    this.#deps.credentials.expireKeys(nodePrincipal(definition).arn, nowMs);
    this.#deps.registry.remove(id);
    this.#deps.disconnect(id);
    this.#save();
    return true;
  }

  #save(): void {
    this.#deps.file.save([...this.#nodes.values()].map(({ key: _key, ...kept }) => kept));
  }
}

/** Nodes and their file in a sandbox's state directory, where that stays. */
export async function openNodes(
  { state }: { state: { path: string; isKept: boolean } },
  deps: Omit<ManagedNodesDeps, "file"> & { nowMs: number; onFailed(error: unknown): void },
): Promise<{ nodes: ManagedNodes; nodeFile: NodeFile }> {
  const path = join(state.path, "managed-nodes.json");
  const nodeFile = state.isKept ? nodeFileAt(path, deps.onFailed) : NO_NODE_FILE;
  const kept = state.isKept ? await readNodeFile(path) : [];
  return { nodes: new ManagedNodes({ ...deps, file: nodeFile }, kept, deps.nowMs), nodeFile };
}

const definitionOf = (id: string, activation: Activation): FleetInstance => ({
  id,
  region: activation.region,
  account: activation.account,
  name: activation.instanceName,
  tags: activation.tags,
  state: "running",
  managed: true,
  online: true,
  kind: "hybrid",
  // until its agent says otherwise
  platformName: "",
  platformVersion: "",
  agentVersion: "",
  instanceType: "",
  privateIp: "",
  availabilityZone: "",
  nodeRole: activation.role,
  activationId: activation.id,
  launchedMsAgo: 0,
});

/** @param text base64 of a SubjectPublicKeyInfo, as agents send it. @returns undefined: no RSA key of a size that is used */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === "rsa" && bits >= KEY_BITS_MIN && bits <= KEY_BITS_MAX ? key : undefined;
  } catch {
    return undefined;
  }
}
