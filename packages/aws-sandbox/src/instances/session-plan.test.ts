import { buildInteractiveShell, type InteractiveShell, readInteractiveShell } from "@causeway/ssm-data-channel";
import { expect, test } from "vitest";
import { planSession, replacePlaceholders, splitWords } from "./session-plan.ts";

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
  expect(plan(true, "out_")).toEqual({ kind: "command", words: ["id"], separate });
  expect(plan("true", "out_")).toEqual({ kind: "command", words: ["id"], separate });
  expect(plan("false")).toEqual({ kind: "command", words: ["id"], separate: undefined });
  expect(plan(true, "<b>")).toMatchObject({ kind: "refused" });
  expect(plan(true, "x".repeat(31))).toMatchObject({ kind: "refused" });
});

test.each(["Port", "Something"])("session type %s is refused with the real agent's words", (sessionType) => {
  expect(planSession(shellFor(sessionType))).toEqual({
    kind: "refused",
    output: `Plugin with name ${sessionType} is not supported by this version of ssm agent, please update to latest version. Step name: ${sessionType}`,
  });
});
