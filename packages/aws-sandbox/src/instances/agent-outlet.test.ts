import { decodeAgentMessage, encodeAgentMessage, MESSAGE_TYPE, readAcknowledge } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import type { AgentDeed } from "../faults/faults.ts";
import { AgentOutlet, LATE_ACKNOWLEDGEMENTS_MAX } from "./agent-outlet.ts";

function outlet(faults: { keepsFrames?: number; acknowledgeDelayMs?: number }) {
  const sent: Uint8Array[] = [];
  const forgotten: (number | undefined)[] = [];
  const deeds: AgentDeed[] = [];
  const made = new AgentOutlet({
    faults: { ...faults, count: (deed) => deeds.push(deed) },
    send: (transmit) => {
      if (transmit.kind === "binary") sent.push(transmit.frame);
    },
    forget: (frame) => {
      const decoded = decodeAgentMessage(frame);
      forgotten.push(decoded.ok ? readAcknowledge(decoded.message.payload)?.sequenceNumber : undefined);
    },
    nowMs: () => 1,
  });
  return { made, sent, forgotten, deeds };
}
const frame = (messageType: string, sequenceNumber: number, payload: string) =>
  encodeAgentMessage({
    messageType,
    createdDate: 1,
    sequenceNumber,
    messageId: "00000000-0000-4000-8000-000000000000",
    payloadType: 1,
    payload: Buffer.from(payload),
  });
const output = (number: number) => frame(MESSAGE_TYPE.outputStreamData, number, "x");
const acknowledge = (number: number) =>
  frame(MESSAGE_TYPE.acknowledge, 0, JSON.stringify({ AcknowledgedMessageSequenceNumber: number }));

test("what is beyond the kept frames is sent once and forgotten; an acknowledgement makes room; resends are no new frames", () => {
  const { made, sent, forgotten, deeds } = outlet({ keepsFrames: 2 });
  for (const number of [0, 1, 2, 0, 3]) made.handleTransmit({ kind: "binary", frame: output(number) });
  expect([sent.length, forgotten]).toEqual([5, [2, 3]]);
  made.handleReceived(acknowledge(0));
  for (const number of [4, 5]) made.handleTransmit({ kind: "binary", frame: output(number) });
  expect([forgotten, deeds.length]).toEqual([[2, 3, 5], 3]);
});

test("late acknowledgements are bounded: one beyond is never sent", () => {
  const { made, sent, deeds } = outlet({ acknowledgeDelayMs: 10_000 });
  for (let number = 0; number <= LATE_ACKNOWLEDGEMENTS_MAX; number++)
    made.handleTransmit({ kind: "binary", frame: acknowledge(number) });
  expect([sent.length, deeds.length]).toEqual([0, LATE_ACKNOWLEDGEMENTS_MAX]);
  made.handleTransmit({ kind: "binary", frame: output(0) });
  expect(sent).toHaveLength(1);
  made.close();
});
