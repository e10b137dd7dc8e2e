// Both ends joined by a relay that loses nothing: the order of a whole session, as it was seen with the real programs.
import { expect, test } from "vitest";
import { agentEvents, clientEvents, kinds, openAgent, openClient, relay, utf8 } from "./direct-link.ts";

const DATA_KEY = Uint8Array.from({ length: 64 }, (_, index) => 255 - index);
const KMS_KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

test("an encrypted shell: request, key, challenge, complete, size, output, keys, in the real programs' order", () => {
  const client = openClient();
  const agent = openAgent({ kmsKeyId: KMS_KEY });
  client.resize(120, 40, 0);
  client.handleSocketOpen("client-token", 0);
  agent.handleSocketOpen("agent-token", 0);
  relay(client, agent, 1);
  const wanted = clientEvents(client).at(-1);
  client.handleDataKey({ plaintext: DATA_KEY, ciphertextBlob: utf8("sealed") }, 2);
  relay(client, agent, 3);
  // KMS opens the key for the agent only when both name the same context.
  const [needed] = agentEvents(agent);
  expect(needed).toMatchObject({ kind: "data_key_wanted", ciphertextBlob: utf8("sealed") });
  expect(needed).toMatchObject({ encryptionContext: wanted?.kind === "data_key_wanted" && wanted.encryptionContext });
  agent.handleDataKey(DATA_KEY, 4);
  agent.handleReady(4); // too soon: there is no process before `start`
  relay(client, agent, 5);
  expect(kinds(agentEvents(agent))).toEqual(["start"]);
  agent.handleReady(6);
  agent.sendOutput(utf8("$ "), 6);
  client.handleTimeout(300); // the size came before the pty: it is sent again
  client.sendInput(utf8("exit\r"), 300);
  relay(client, agent, 301);

  expect(agentEvents(agent)).toEqual([
    { kind: "size", cols: 120, rows: 40 },
    { kind: "input", bytes: utf8("exit\r") },
  ]);
  const received = clientEvents(client).flatMap((event) =>
    event.kind === "received" ? [[event.sequenceNumber, event.payloadType]] : [],
  );
  expect(received).toEqual([
    [1, 8],
    [2, 7],
    [3, 1],
  ]);
  expect(client.exportState()).toMatchObject({ nextOutgoingNumber: 4, unacknowledged: [], nextIncomingNumber: 4 });
  agent.finish(400);
  expect(kinds(agentEvents(agent))).toEqual(["finished"]);
});

test("a client without a data key tells the agent, which ends the session with that reason", () => {
  const client = openClient();
  const agent = openAgent({ sessionType: "NonInteractiveCommands", kmsKeyId: KMS_KEY });
  client.handleSocketOpen("client-token", 0);
  agent.handleSocketOpen("agent-token", 0);
  relay(client, agent, 1);
  client.handleDataKeyFailed("AccessDeniedException", 2);
  relay(client, agent, 3);
  expect(agentEvents(agent)).toEqual([
    {
      kind: "failed",
      output:
        "\n----------ERROR-------\nKMSEncryption failed on client with status 2 error: Failed to process action KMSEncryption: AccessDeniedException",
    },
  ]);
});

test("output that was sent while the client was away is delivered when it is back, once", () => {
  const client = openClient();
  const agent = openAgent();
  client.handleSocketOpen("client-token", 0);
  agent.handleSocketOpen("agent-token", 0);
  agent.handleReady(0);
  agent.sendOutput(utf8("before "), 1);
  relay(client, agent, 1);
  client.handleSocketLost(2);
  agent.sendOutput(utf8("meanwhile "), 3);
  relay(client, agent, 3); // heard by nobody
  client.handleSocketOpen("next-token", 1_000);
  agent.handleTimeout(1_000);
  relay(client, agent, 1_001);
  agent.sendOutput(utf8("after"), 1_002);
  relay(client, agent, 1_002);
  const shown = clientEvents(client).flatMap((event) =>
    event.kind === "received" && event.output ? [...event.output] : [],
  );
  expect(Uint8Array.from(shown)).toEqual(utf8("before meanwhile after"));
  expect(agent.unackedMessages).toBe(0);
});
