import { buildInteractiveShell, type InteractiveShell, readInteractiveShell } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import { planSession, replacePlaceholders, sessionProperties, splitWords } from "./session-plan.ts";

function shellFor(sessionType: string, linux?: object, parameters: Record<string, string[]> = {}, declared?: object) {
  const payload = buildInteractiveShell({
    sessionId: "dana-00000000000000000",
    documentName: "doc",
    sessionOwner: "arn:aws:iam::111122223333:user/dana",
    parameters: new Map(Object.entries(parameters)),
    documentContent: {
      sessionType,
      ...(linux ? { properties: { linux } } : {}),
      ...(declared ? { parameters: declared } : {}),
    },
  });
  return readInteractiveShell(payload) as InteractiveShell;
}

test("a parameter replaces its placeholder, else the document's default does", () => {
  const declared = { command: { type: "String", default: "uptime" }, who: { type: "String", default: "nobody" } };
  const linux = { commands: "{{command}} --user {{ who }} {{ unknown }}" };
  expect(planSession(shellFor("InteractiveCommands", linux, { command: ["top"] }, declared))).toEqual({
    kind: "pty-command",
    commands: "top --user nobody {{ unknown }}",
    isElevated: false,
  });
});

test("what a parameter brings in is not looked at for placeholders again", () => {
  const values = new Map([
    ["a", "{{ b }}"],
    ["b", "secret"],
  ]);
  expect(replacePlaceholders({ x: ["{{ a }}", 1, null] }, values)).toEqual({ x: ["{{ b }}", 1, null] });
});

test.each([
  ["ls -l /tmp", ["ls", "-l", "/tmp"]],
  [`sh -c 'echo "a b"; exit 1'`, ["sh", "-c", 'echo "a b"; exit 1']],
  [`printf "%s\\"x" a\\ b ''`, ["printf", '%s"x', "a b", ""]],
  ["  ", []],
])("%s is split into words as a shell does, and nothing is expanded", (commands, words) => {
  expect(splitWords(commands)).toEqual(words);
});

test("separate output is asked for as a boolean or as text; a prefix with other characters is refused", () => {
  const plan = (separateOutputStream: unknown, stdOutSeparatorPrefix = "") =>
    planSession(shellFor("NonInteractiveCommands", { commands: "id", separateOutputStream, stdOutSeparatorPrefix }));
  const separate = { stdOutPrefix: "out_", stdErrPrefix: "" };
  const isElevated = false;
  expect(plan(true, "out_")).toEqual({ kind: "command", words: ["id"], separate, isElevated });
  expect(plan("true", "out_")).toEqual({ kind: "command", words: ["id"], separate, isElevated });
  expect(plan("false")).toEqual({ kind: "command", words: ["id"], separate: undefined, isElevated });
  expect(plan(true, "<b>")).toMatchObject({ kind: "refused" });
  expect(plan(true, "x".repeat(31))).toMatchObject({ kind: "refused" });
});

test("a command runs elevated when its document says so, as a boolean or as text", () => {
  const plan = (runAsElevated: unknown) =>
    planSession(shellFor("InteractiveCommands", { commands: "id", runAsElevated }));
  expect(plan(true)).toMatchObject({ isElevated: true });
  expect(plan("True")).toMatchObject({ isElevated: true });
  expect(plan("no")).toMatchObject({ isElevated: false });
});

test("a port session's properties get the values of its parameters", () => {
  const shell = shellFor(
    "Port",
    undefined,
    { portNumber: ["8080"] },
    { portNumber: { type: "String", default: "80" } },
  );
  const documentContent = { ...shell.documentContent, properties: { portNumber: "{{ portNumber }}" } };
  expect(sessionProperties({ ...shell, documentContent })).toEqual({ portNumber: "8080" });
  expect(planSession({ ...shell, documentContent })).toEqual({
    kind: "port",
    port: { port: 8080, host: "", isForwarding: false },
  });
});

test.each([
  ["Port", "2.3.671.9"],
  ["Something", "3.3.987.0"],
])("session type %s is refused by an agent %s with the real one's words", (sessionType, agentVersion) => {
  expect(planSession(shellFor(sessionType), agentVersion)).toEqual({
    kind: "refused",
    output: `Plugin with name ${sessionType} is not supported by this version of ssm agent, please update to latest version. Step name: ${sessionType}`,
  });
});
