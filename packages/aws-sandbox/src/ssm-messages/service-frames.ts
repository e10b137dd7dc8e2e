/** The messages that the service itself makes, as frames. Shapes: data-channel.md §4.2, §4.3, §13.4, §13.5. */
import {
  buildAgentTaskAcknowledge,
  buildChannelClosed,
  buildInteractiveShell,
  encodeAgentMessage,
  MESSAGE_TYPE,
  type SessionInputs,
  UuidSource,
} from "@causeway/ssm-data-channel";
import type { StartSessionInput } from "./session-types.ts";

export interface ServiceFrames {
  channelClosed(session: { sessionId: string; target: string }, output: string): Uint8Array;
  startPublication(): Uint8Array;
  pausePublication(): Uint8Array;
  interactiveShell(input: StartSessionInput): Uint8Array;
  taskAcknowledge(taskId: string, messageId: string): Uint8Array;
}

/** Ends ignore it; it must not be empty (data-channel.md §3.4, §4.3). */
const PUBLICATION_PAYLOAD = new TextEncoder().encode('{"SchemaVersion":1}');

/** @param deps ids and dates of the frames come from here */
export function createServiceFrames(deps: {
  nowMs(): number;
  randomBytes(length: number): Uint8Array;
  sha256(data: Uint8Array): Uint8Array;
}): ServiceFrames {
  const uuids = new UuidSource((length) => deps.randomBytes(length));
  const frame = (messageType: string, payload: Uint8Array, messageId = uuids.next()): Uint8Array =>
    encodeAgentMessage(
      { messageType, createdDate: deps.nowMs(), sequenceNumber: 0, messageId, payload },
      { sha256: deps.sha256 },
    );

  return {
    channelClosed({ sessionId, target }, output) {
      const messageId = uuids.next();
      const createdDateMs = deps.nowMs();
      const payload = buildChannelClosed({ messageId, destinationId: target, sessionId, createdDateMs, output });
      return frame(MESSAGE_TYPE.channelClosed, payload, messageId);
    },
    startPublication: () => frame(MESSAGE_TYPE.startPublication, PUBLICATION_PAYLOAD),
    pausePublication: () => frame(MESSAGE_TYPE.pausePublication, PUBLICATION_PAYLOAD),
    interactiveShell: ({ sessionId, documentName, document, owner, parameters, runAsUser = "" }) =>
      frame(
        MESSAGE_TYPE.interactiveShell,
        buildInteractiveShell({
          sessionId,
          documentName,
          sessionOwner: owner.arn,
          runAsUser,
          parameters: agentParameters(document, parameters),
          // Handed on as the document has them, booleans as text included: reading them is the agent's business.
          documentContent: { ...document, inputs: (document.inputs ?? {}) as Partial<SessionInputs> },
        }),
      ),
    taskAcknowledge: (taskId, messageId) =>
      frame(MESSAGE_TYPE.agentTaskAcknowledge, buildAgentTaskAcknowledge({ taskId, messageId })),
  };
}

/**
 * StartSession takes every parameter as a list; agents get it as the document declares it: a String as text.
 * Seen with the real agent: a list leaves it with "cannot unmarshal array" and no session.
 */
function agentParameters(
  { parameters: declared = {} }: StartSessionInput["document"],
  given: StartSessionInput["parameters"],
): ReadonlyMap<string, string | readonly string[]> {
  const isList = (name: string): boolean =>
    Object.hasOwn(declared, name) && (declared[name] as { type?: unknown } | null)?.type === "StringList";
  return new Map(Object.entries(given).map(([name, values]) => [name, isList(name) ? values : (values[0] ?? "")]));
}
