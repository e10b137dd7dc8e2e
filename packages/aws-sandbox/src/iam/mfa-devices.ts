// Virtual MFA devices of the people, one each: real time-based codes (RFC 6238: SHA-1, 30 seconds, six digits), each good once.
import { createHmac } from "node:crypto";
import { equalInConstantTime } from "../http/verify-request.ts";

const STEP_MS = 30_000;
/** AWS bears a clock that is one step off. */
const STEPS_OFF_MAX = 1;
const SECRET_BYTES = 20;

export class MfaDevices {
  readonly #randomBytes: (length: number) => Uint8Array;
  /** By serial number; as many as there are people. */
  readonly #devices = new Map<string, { secret: Uint8Array; lastStep: number }>();

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** A device of this user; made at the first look. @returns its code now */
  codeOf(userArn: string, nowMs: number): string {
    return codeAt(this.#deviceOf(userArn).secret, Math.floor(nowMs / STEP_MS));
  }

  /** @returns whether the code is this user's device's, now, and was not used before */
  redeem(userArn: string, serial: string, code: string, nowMs: number): boolean {
    if (serial !== serialOf(userArn)) return false;
    const device = this.#deviceOf(userArn);
    const now = Math.floor(nowMs / STEP_MS);
    for (let step = now - STEPS_OFF_MAX; step <= now + STEPS_OFF_MAX; step++) {
      if (step <= device.lastStep || !equalInConstantTime(codeAt(device.secret, step), code)) continue;
      device.lastStep = step;
      return true;
    }
    return false;
  }

  #deviceOf(userArn: string): { secret: Uint8Array; lastStep: number } {
    let device = this.#devices.get(userArn);
    if (device === undefined) {
      device = { secret: this.#randomBytes(SECRET_BYTES), lastStep: 0 };
      this.#devices.set(userArn, device);
    }
    return device;
  }
}

/** AWS's name for a virtual device that is called like its user. */
export const serialOf = (userArn: string): string => userArn.replace(":user/", ":mfa/");

/** RFC 4226 §5.3 with the step as counter. */
export function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}
