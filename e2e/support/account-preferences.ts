import { awsCall } from "./aws-call.ts";
import type { Stack } from "./stack.ts";

const Name = "SSM-SessionManagerRunShell";

/**
 * Sets what the account asks of its sessions, as an admin does it: a new version of the document, made the default.
 * @param inputs of the document, beside 20 minutes of idle time; sessions that run already keep theirs
 */
export async function setPreferences(stack: Stack, inputs: Record<string, string>): Promise<void> {
  const Content = JSON.stringify({
    schemaVersion: "1.0",
    description: `changed at ${Date.now()}`,
    sessionType: "Standard_Stream",
    inputs: { idleSessionTimeout: "20", ...inputs },
  });
  const updated = (await awsCall(stack, "amira", "ssm", "UpdateDocument", {
    Name,
    Content,
    DocumentVersion: "$LATEST",
  })) as { DocumentDescription: { DocumentVersion: string } };
  const { DocumentVersion } = updated.DocumentDescription;
  await awsCall(stack, "amira", "ssm", "UpdateDocumentDefaultVersion", { Name, DocumentVersion });
}
