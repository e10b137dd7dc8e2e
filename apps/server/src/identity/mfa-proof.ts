/** An MFA device, and what it shows now. */
export interface MfaProof {
  serial: string;
  code: string;
}
