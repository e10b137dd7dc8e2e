// What an agent calls before it has keys of a role: unsigned, with an activation's code; then signed with its own private key.
// Shapes: amazon-ssm-agent, agent/ssm/anonauth and agent/ssm/rsaauth; errors as agents report them.
import { AwsError } from "../http/aws-error.ts";
import type { JsonOperations, UnsignedJsonOperations } from "../http/operation.ts";
import type { Activations } from "./activations.ts";
import { type ManagedNodes, readPublicKey } from "./managed-nodes.ts";

/** A 4,096-bit key is 736 characters. */
const PUBLIC_KEY = { charsMin: 392, charsMax: 1_024 };
const FINGERPRINT = { charsMin: 1, charsMax: 256 };

export interface RegistrationDeps {
  activations: Activations;
  nodes: ManagedNodes;
}

/** @returns the call that nobody signs */
export function registerManagedInstance({ activations, nodes }: RegistrationDeps): UnsignedJsonOperations {
  return {
    RegisterManagedInstance(input, { nowMs }) {
      const activationId = input.requiredText("ActivationId", { charsMin: 36, charsMax: 36 });
      const code = input.requiredText("ActivationCode", { charsMin: 20, charsMax: 250 });
      const publicKey = input.requiredText("PublicKey", PUBLIC_KEY);
      const fingerprint = input.requiredText("Fingerprint", FINGERPRINT);
      input.text("PublicKeyType", { oneOf: ["Rsa"] });
      input.check();
      // Before a registration is counted: a key that is none uses none up.
      if (readPublicKey(publicKey) === undefined) throw new AwsError("ValidationException", "Invalid public key.");
      const activation = activations.redeem(activationId, code, nowMs);
      if (activation === "invalid") throw new AwsError("InvalidActivation", "");
      if (activation === "expired") throw new AwsError("ActivationExpired", "");
      if (activation === "exhausted") throw new AwsError("RegistrationLimitExceeded", "");
      const id = nodes.register({ activation, publicKey, fingerprint }, nowMs);
      if (id === undefined) throw new AwsError("ThrottlingException", "Rate exceeded");
      return { InstanceId: id };
    },
  };
}

/** @returns the calls that a machine signs with its private key; the caller is the machine */
export function nodeKeyOperations({ nodes }: Pick<RegistrationDeps, "nodes">): JsonOperations {
  return {
    RequestManagedInstanceRoleToken(input, { caller, nowMs }) {
      const fingerprint = input.requiredText("Fingerprint", FINGERPRINT);
      input.check();
      const id = caller.instanceId ?? "";
      if (nodes.find(id)?.fingerprint !== fingerprint)
        throw new AwsError(
          "MachineFingerprintDoesNotMatch",
          "The fingerprint does not match that of the registration.",
        );
      const key = nodes.giveRoleKey(id, nowMs);
      return {
        AccessKeyId: key?.accessKeyId,
        SecretAccessKey: key?.secretAccessKey,
        SessionToken: key?.sessionToken,
        TokenExpirationDate: (key?.expiresAtMs ?? nowMs) / 1_000,
        UpdateKeyPair: false,
      };
    },

    UpdateManagedInstancePublicKey(input, { caller }) {
      const publicKey = input.requiredText("NewPublicKey", PUBLIC_KEY);
      input.requiredText("NewPublicKeyType", { oneOf: ["Rsa"] });
      input.check();
      if (!nodes.replaceKey(caller.instanceId ?? "", publicKey))
        throw new AwsError("ValidationException", "Invalid public key.");
      return {};
    },
  };
}
