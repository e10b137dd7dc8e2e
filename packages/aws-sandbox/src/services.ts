// Puts the emulated services together over one fleet and one gateway. Tests build the same with a gateway of their own.

import { EC2_NAMESPACE, EC2_VERSION, ec2Operations } from "./ec2/ec2-operations.ts";
import type { InstancePower } from "./ec2/power-instances.ts";
import { ec2MessagesOperations, type MessagePolls } from "./ec2-messages/ec2-messages-operations.ts";
import type { ApiDeps } from "./http/api.ts";
import { AwsError } from "./http/aws-error.ts";
import type { InjectedFaults } from "./http/injected-faults.ts";
import { Pager } from "./http/paging.ts";
import type { CredentialStore } from "./iam/credential-store.ts";
import { IAM_NAMESPACE, IAM_VERSION, iamOperations } from "./iam/iam-operations.ts";
import type { MfaDevices } from "./iam/mfa-devices.ts";
import { nodePrincipal } from "./iam/node-roles.ts";
import { DEFAULT_PEOPLE, personPrincipal } from "./iam/people.ts";
import type { Principal } from "./iam/principal.ts";
import { DEFAULT_ACCOUNT } from "./instances/fleet.ts";
import type { InstanceRegistry } from "./instances/instance-registry.ts";
import { kmsOperations } from "./kms/kms-operations.ts";
import { activationOperations } from "./registration/activation-operations.ts";
import type { Activations } from "./registration/activations.ts";
import type { ManagedNodes } from "./registration/managed-nodes.ts";
import { nodeKeyOperations, registerManagedInstance } from "./registration/registration-operations.ts";
import { DocumentStore } from "./ssm/document-store.ts";
import { firstPreferences } from "./ssm/first-preferences.ts";
import type { SessionStore } from "./ssm/session-store.ts";
import { ssmOperations } from "./ssm/ssm-operations.ts";
import type { DeviceGrants } from "./sso/device-grants.ts";
import { SSO_PEOPLE, ssoRole } from "./sso/directory.ts";
import { oidcOperations } from "./sso/oidc-operations.ts";
import { portalOperations } from "./sso/portal-operations.ts";
import { STS_NAMESPACE, STS_VERSION, stsOperations, unsignedStsOperations } from "./sts/sts-operations.ts";
import type { OidcProvider } from "./sts/web-identity.ts";

export interface ServiceDeps extends Pick<ApiDeps, "regions" | "findCredential" | "onBug"> {
  registry: InstanceRegistry;
  sessions: SessionStore;
  faults: InjectedFaults;
  power: InstancePower;
  grants: DeviceGrants;
  credentials: CredentialStore;
  mfaDevices: MfaDevices;
  /** What the account's IAM trusts beside its users. */
  oidcProvider?: OidcProvider | undefined;
  activations: Activations;
  nodes: ManagedNodes;
  polls: Pick<MessagePolls, "wait">;
  randomBytes(length: number): Uint8Array;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
}

export function buildServices(deps: ServiceDeps): ApiDeps {
  const { grants, credentials, mfaDevices, activations, nodes } = deps;
  const { registry, sessions, regions, randomBytes, startedAtMs, findCredential, faults, onBug } = deps;
  const sts = { credentials, mfaDevices, account: DEFAULT_ACCOUNT, oidcProvider: deps.oidcProvider };
  const pager = new Pager(randomBytes(32));
  const documents = new DocumentStore(firstPreferences, startedAtMs);
  return {
    regions,
    findCredential,
    faults,
    onBug,
    kms: kmsOperations({ pager, randomBytes }),
    ssm: {
      ...ssmOperations({ registry, sessions, documents, pager, randomBytes }),
      ...activationOperations({ activations, nodes, pager }),
    },
    ssmUnsigned: registerManagedInstance({ activations, nodes }),
    ssmByNodeKey: nodeKeyOperations({ nodes }),
    findNodeKey(id) {
      const node = nodes.find(id);
      // so agents tell it: amazon-ssm-agent issue 381
      if (node === undefined && id.startsWith("mi-"))
        throw new AwsError("InvalidInstanceId", `Not existing InstanceId ${id}`);
      return node && { publicKey: node.key, owner: nodePrincipal(node.definition) };
    },
    ec2messages: ec2MessagesOperations(deps.polls),
    rest: { sso: portalOperations({ grants, credentials, pager }), "sso-oauth": oidcOperations(grants) },
    bearerPerson(token, nowMs) {
      try {
        return grants.personOf(token, nowMs);
      } catch {
        return undefined;
      }
    },
    query: [
      {
        name: "sts",
        version: STS_VERSION,
        namespace: STS_NAMESPACE,
        operations: stsOperations(sts),
        unsigned: unsignedStsOperations(sts),
      },
      {
        name: "iam",
        version: IAM_VERSION,
        namespace: IAM_NAMESPACE,
        operations: iamOperations({ pager, principalsOf }),
      },
      {
        name: "ec2",
        version: EC2_VERSION,
        namespace: EC2_NAMESPACE,
        operations: ec2Operations({ registry, pager, regions, power: deps.power }),
      },
    ],
  };
}

/** Users are those of the default account; roles those that Identity Center gives out. */
function principalsOf(account: string): readonly Principal[] {
  const users = account === DEFAULT_ACCOUNT ? DEFAULT_PEOPLE.map((person) => personPrincipal(person, account)) : [];
  const roles = SSO_PEOPLE.flatMap((person) =>
    (person.assignments[account] ?? []).flatMap((role) => ssoRole(person, account, role) ?? []),
  );
  return [...users, ...roles];
}
