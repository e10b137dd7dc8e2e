/**
 * From an interactive_shell message to what the agent starts. Pure.
 * Rules: data-channel.md §9.4, §10.2, §11.
 */
import type { InteractiveShell } from "@causeway/ssm-data-channel";
import { PORTS_SINCE, type PortPlan, planPort } from "../ports/port-plan.ts";
import { isAtLeast, LATEST_AGENT_VERSION } from "./agent-version.ts";
import { isRecord } from "./json-record.ts";

export type SessionPlan =
  /** The login shell; `typed` is the shell profile, typed into it. */
  | { kind: "shell"; typed: string }
  /** `sh -c commands` in a pty. */
  | { kind: "pty-command"; commands: string; isElevated: boolean }
  /** No pty, no stdin. */
  | { kind: "command"; words: string[]; separate: SeparateOutput | undefined; isElevated: boolean }
  /** Bytes to and from a port. */
  | { kind: "port"; port: PortPlan }
  /** Reported as a failed task; `output` is shown to the person. */
  | { kind: "refused"; output: string };

/** Standard output and error are told apart; prefixes before the first chunk and after each chunk that ends a line. */
export interface SeparateOutput {
  stdOutPrefix: string;
  stdErrPrefix: string;
}

const SEPARATOR_PREFIX = /^[0-9a-zA-Z\r\n_:-]{0,30}$/;

/** @param agentVersion what the agent knows of follows from it */
export function planSession(shell: InteractiveShell, agentVersion: string = LATEST_AGENT_VERSION): SessionPlan {
  const { sessionType, schemaVersion } = shell.documentContent;
  if (schemaVersion !== "1.0") return failed(`Document with schema version ${schemaVersion} is not supported`);
  const properties = linuxProperties(shell);
  const isElevated = String(properties.runAsElevated ?? false).toLowerCase() === "true";
  switch (sessionType) {
    case "Standard_Stream": {
      const profile = shell.documentContent.inputs.shellProfile.linux;
      return { kind: "shell", typed: profile === "" ? "" : `${profile}\n` };
    }
    case "InteractiveCommands":
      return withCommands(sessionType, properties, (commands) => ({ kind: "pty-command", commands, isElevated }));
    case "NonInteractiveCommands":
      return withCommands(sessionType, properties, (commands) => {
        const separate = separateOutput(properties);
        if (separate === "invalid") return failed("stdOutSeparatorPrefix or stdErrSeparatorPrefix is not allowed");
        return { kind: "command", words: splitWords(commands), separate, isElevated };
      });
    case "Port": {
      if (!isAtLeast(agentVersion, PORTS_SINCE)) return unknownType(sessionType);
      const port = planPort(sessionProperties(shell), agentVersion);
      return typeof port === "string" ? failed(port) : { kind: "port", port };
    }
    default:
      return unknownType(sessionType);
  }
}

const unknownType = (sessionType: string): SessionPlan => ({
  kind: "refused",
  output: `Plugin with name ${sessionType} is not supported by this version of ssm agent, please update to latest version. Step name: ${sessionType}`,
});

/** What a person reads when the agent knows the type and its part for it is not there. */
export const noPluginOutput = (sessionType: string): string =>
  `Plugin with name ${sessionType} not found. Step name: ${sessionType}`;

/** What a person reads when a session could not be started. Source: data-channel.md §10.2. */
export const errorOutput = (text: string): string => `\n----------ERROR-------\n${text}`;

const failed = (text: string): SessionPlan => ({ kind: "refused", output: errorOutput(text) });

function withCommands(
  sessionType: string,
  properties: Record<string, unknown>,
  plan: (commands: string) => SessionPlan,
): SessionPlan {
  const commands = typeof properties.commands === "string" ? properties.commands.trim() : "";
  return commands === "" ? failed(`Commands cannot be empty for session type ${sessionType}`) : plan(commands);
}

/** The document's, with the values of its parameters in their places. */
export function sessionProperties(shell: InteractiveShell): unknown {
  const { properties, parameters } = shell.documentContent;
  return replacePlaceholders(properties, parameterValues(shell.parameters, parameters));
}

function linuxProperties(shell: InteractiveShell): Record<string, unknown> {
  const all = sessionProperties(shell);
  return isRecord(all) && isRecord(all.linux) ? all.linux : {};
}

/** Given values, else the document's defaults; a list is joined as the agent's text form needs. */
function parameterValues(
  given: ReadonlyMap<string, readonly string[]>,
  declared: unknown,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, declaration] of Object.entries(isRecord(declared) ? declared : {}))
    if (isRecord(declaration) && typeof declaration.default === "string") values.set(name, declaration.default);
  for (const [name, list] of given) values.set(name, list.join(","));
  return values;
}

/** `{{ name }}` in every text of a value. What is replaced is not looked at again. */
export function replacePlaceholders(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((entry) => replacePlaceholders(entry, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replacePlaceholders(entry, values)]));
}

function separateOutput(properties: Record<string, unknown>): SeparateOutput | "invalid" | undefined {
  if (String(properties.separateOutputStream ?? false).toLowerCase() !== "true") return undefined;
  const stdOutPrefix = String(properties.stdOutSeparatorPrefix ?? "");
  const stdErrPrefix = String(properties.stdErrSeparatorPrefix ?? "");
  if (!SEPARATOR_PREFIX.test(stdOutPrefix) || !SEPARATOR_PREFIX.test(stdErrPrefix)) return "invalid";
  return { stdOutPrefix, stdErrPrefix };
}

/** Words as a shell would see them: quotes group, a backslash takes the next character; nothing is expanded. */
export function splitWords(commands: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < commands.length; index++) {
    const character = commands.charAt(index);
    if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      word ??= "";
    } else if (character === "\\" && quote !== "'" && index + 1 < commands.length)
      word = (word ?? "") + commands.charAt(++index);
    else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}
