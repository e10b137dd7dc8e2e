/** An MFA device, and what it shows now. */
export interface MfaProof {
  serial: string;
  code: string;
  /** For how long the session is wanted; absent: as long as the login. */
  hours?: number;
}
