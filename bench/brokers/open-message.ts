import { buildClientOpenMessage } from "@causeway/ssm-data-channel";

/** The first frame of a data channel: the benchmark's token of session `n` is its number. */
export function openMessage(n: number): string {
  const clientId = "00000000-0000-4000-8000-000000000000";
  return buildClientOpenMessage({ requestId: clientId, tokenValue: String(n), clientId, clientVersion: "1.2.650.0" });
}
