// Where AWS's own programs are: given by the environment, because they are not ours to ship. The package's README says how to get them.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The AWS CLI. CAUSEWAY_REAL_AWS, else `aws` in the path. */
export const awsCli = (): string => program("CAUSEWAY_REAL_AWS", inPath("aws"));

/** AWS's session-manager-plugin. CAUSEWAY_REAL_PLUGIN, else `session-manager-plugin` in the path. */
export const plugin = (): string => program("CAUSEWAY_REAL_PLUGIN", inPath("session-manager-plugin"));

/** The folder of amazon-ssm-agent and its workers. CAUSEWAY_REAL_AGENT_DIR, else /usr/bin. */
export function agentFolder(): string {
  const folder = process.env.CAUSEWAY_REAL_AGENT_DIR ?? "/usr/bin";
  for (const name of AGENT_PROGRAMS) program("CAUSEWAY_REAL_AGENT_DIR", join(folder, name));
  return folder;
}

export const AGENT_PROGRAMS = [
  "amazon-ssm-agent",
  "ssm-agent-worker",
  "ssm-session-worker",
  "ssm-document-worker",
] as const;

function program(variable: string, fallback: string): string {
  // a folder's variable names the folder, and its programs come as the fallback
  const path = variable.endsWith("_DIR") ? fallback : (process.env[variable] ?? fallback);
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new Error(`${path} cannot be run: say where it is in ${variable} (packages/aws-sandbox/README.md)`);
  }
}

const inPath = (name: string): string =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? name;
