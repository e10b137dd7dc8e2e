/** What a channel of ssm-data-channel needs from Node. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import type { ChannelHost } from "@causeway/ssm-data-channel";

const TAG_BYTES = 16;

export const CHANNEL_HOST: ChannelHost = {
  randomBytes,
  sha256: (data) => createHash("sha256").update(data).digest(),
  aesGcm: {
    seal(key, nonce, plaintext) {
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(key, nonce, sealed) {
      if (sealed.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, nonce);
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined; // the tag does not match
      }
    },
  },
};
