// A session as the AWS CLI starts it once it has StartSession's answer: the plugin with that answer as its argument.
import { StartSessionCommand } from "@aws-sdk/client-ssm";
import { plugin } from "./binaries.ts";
import { REGION, type SandboxProcess } from "./sandbox-process.ts";
import { TerminalProgram } from "./terminal-program.ts";

export interface Wanted {
  target: string;
  document?: string;
  parameters?: Record<string, string[]>;
  /** Default: dana. */
  person?: string;
  environment?: Record<string, string>;
}

/** Through TLS all the way: the stream's address is that of the door that the plugin is told. */
export async function openWithPlugin(sandbox: SandboxProcess, wanted: Wanted): Promise<TerminalProgram> {
  const { target, document, parameters, person = "dana" } = wanted;
  const input = {
    Target: target,
    ...(document === undefined ? {} : { DocumentName: document }),
    ...(parameters === undefined ? {} : { Parameters: parameters }),
  };
  await sandbox.connected(target);
  const { SessionId, TokenValue, StreamUrl = "" } = await sandbox.ssm(person).send(new StartSessionCommand(input));
  const overTls = StreamUrl.replace(sandbox.endpointUrl.replace("http", "ws"), sandbox.tlsUrl.replace("https", "wss"));
  const response = JSON.stringify({ SessionId, TokenValue, StreamUrl: overTls });
  const argv = [response, REGION, "StartSession", "", JSON.stringify(input), sandbox.tlsUrl];
  return new TerminalProgram(plugin(), argv, { ...sandbox.environment(person), ...wanted.environment });
}
