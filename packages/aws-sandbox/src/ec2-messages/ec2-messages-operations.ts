// EC2 messages, by which agents ask for Run Command's work: a long poll that never has any. Only a machine's own key may ask.
// Target prefix: EC2WindowsMessageDeliveryService; service name in the signature: ec2messages. Source: data-channel.md §13.7.
import { AccessDeniedError } from "../http/aws-error.ts";
import { HeldCalls } from "../http/held-calls.ts";
import type { JsonOperations } from "../http/operation.ts";
import { authorize } from "../iam/principal.ts";

/** The agent's own call ends after 20 s or so; AWS answers a little earlier. */
export const POLL_MS = 15_000;
/** Polls that are held at one time; one beyond is answered at once. */
export const POLLS_MAX = 2_048;

/** Resolves when there is nothing after the time given, or when the sandbox ends. */
export class MessagePolls extends HeldCalls {
  constructor() {
    super(POLLS_MAX);
  }
}

export function ec2MessagesOperations(polls: Pick<MessagePolls, "wait">): JsonOperations {
  return {
    async GetMessages(input, { caller, region }) {
      const destination = input.requiredText("Destination", { charsMin: 1, charsMax: 128 });
      const id = input.requiredText("MessagesRequestId", { charsMin: 1, charsMax: 128 });
      input.check();
      const action = "ec2messages:GetMessages";
      authorize(caller, { action, resource: "*", region });
      if (caller.instanceId !== destination)
        throw new AccessDeniedError({ callerArn: caller.arn, action, resource: "*", explicit: false });
      await polls.wait(POLL_MS);
      return { Destination: destination, Messages: [], MessagesRequestId: id };
    },
  };
}
