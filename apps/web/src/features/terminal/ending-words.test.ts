import type { SessionEnd } from "@causeway/wire-contract/sessions";
import { expect, test } from "vitest";
import { commandsOf, endWords, policyOf } from "./ending-words.ts";

const words = (end: Omit<SessionEnd, "at">, startedAtMs?: number) =>
  endWords({ at: 60_000, ...end }, startedAtMs, "checkout-api-04");

test("an end names who ended it, and says outside Causeway when nobody knows", () => {
  const titles = (["shell", "you", "aws", "agent", "server", "unknown"] as const).map((by) => words({ by }).title);
  expect(titles).toEqual([
    "The shell exited.",
    "You ended this session.",
    "AWS ended this session.",
    "The agent ended this session.",
    "Causeway ended this session.",
    "Ended outside Causeway.",
  ]);
  expect(words({ by: "server", code: "SERVER_STOPPING" })).toMatchObject({
    title: "Causeway ended this session.",
    detail: expect.stringContaining("The server is restarting."),
  });
  expect(words({ by: "shell" }, 0).detail.replaceAll("\u00a0", " ")).toBe("It ran for 1 min 0 s.");
});

test("an end by an admin says so, and whom to ask", () => {
  const { title, detail } = words({ by: "server", code: "ENDED_BY_ADMIN" }, 0);
  expect(title).toBe("An admin of this Causeway ended the session.");
  expect(detail).toContain("Ask whoever runs this Causeway.");
});

test("a session that AWS no longer had when it was to be resumed: AWS closed it, outside Causeway", () => {
  const { title, detail } = words({ by: "unknown", code: "SESSION_GONE" }, 0);
  expect(title).toBe("AWS has closed this session.");
  expect(detail).toMatch(/outside Causeway.*It ran for 1/);
});

test("a failure of the agent is titled by what happened, and says who ended it and what to do", () => {
  const { title, detail } = words({ by: "agent", code: "AGENT_SHELL_PLUGIN_MISSING", text: "…" });
  expect(title).toBe("The agent could not start a shell.");
  expect(detail).toMatch(/^The agent ended this session\. .*inotify.*Run the commands on the instance/);
});

test("a missing user of Run As is named, with the instance that lacks it", () => {
  expect(words({ by: "agent", code: "RUN_AS_USER_MISSING", subject: "ops" }).title).toBe(
    'User "ops" does not exist on checkout-api-04.',
  );
  expect(words({ by: "agent", code: "RUN_AS_USER_MISSING" }).title).toBe(
    "The user of Run As does not exist on the instance.",
  );
});

test("a log target that is not encrypted is called a misconfigured logging: which one, and who can mend it", () => {
  for (const [code, which] of [
    ["LOG_GROUP_NOT_ENCRYPTED", "log group"],
    ["LOG_BUCKET_NOT_ENCRYPTED", "bucket"],
  ]) {
    const { title, detail } = words({ by: "agent", code: `${code}` });
    expect(title).toBe("Session logging is misconfigured.");
    expect(detail).toMatch(new RegExp(`${which}.*Who manages`));
    const named = words({ by: "agent", code: `${code}`, subject: "harbor-logs" });
    expect(named.detail).toContain(`The ${which} is harbor-logs. Who manages`);
  }
});

test("an end that a policy caused says what to allow, with the statement to copy", () => {
  expect(words({ by: "aws", code: "ENCRYPTION_KEY_REFUSED" }).detail).toContain("Allow kms:GenerateDataKey");
  expect(words({ by: "agent", code: "INSTANCE_KEY_REFUSED" }).detail).toContain("Allow kms:Decrypt");
  for (const code of [
    "INSTANCE_CHANNEL_DENIED",
    "LOG_GROUP_UNREADABLE",
    "LOG_BUCKET_UNREADABLE",
    "DATA_CHANNEL_DENIED",
  ])
    expect(JSON.parse(policyOf(code) ?? "")).toMatchObject({ Effect: "Allow" });
  expect(policyOf("SERVER_STOPPING")).toBeUndefined();
  expect(policyOf("no such code")).toBeUndefined();
});

test("what to run on the instance is there to be copied where the cause can be seen on it", () => {
  expect(commandsOf("AGENT_SHELL_PLUGIN_MISSING")?.split("\n")).toHaveLength(3);
  expect(commandsOf("RUN_AS_USER_MISSING")).toBeUndefined();
});
