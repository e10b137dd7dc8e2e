/** Starts what a session plan says, on this machine. */
import { CommandProcess } from "./command-process.ts";
import { homeInside, type MachineHome, shellPath } from "./home-directory.ts";
import { PtyProcess } from "./pty-process.ts";
import type { SessionPlan } from "./session-plan.ts";
import type { SessionProcess, SessionProcessEvents } from "./session-process.ts";

export interface StartedProcess {
  process: SessionProcess;
  /** Typed into it at once: the shell profile. */
  typed: string;
  /** Whether its exit code goes to the client as a message of its own (data-channel.md §11). */
  tellsExitCode: boolean;
}

/**
 * @param user whose shell it is, as far as its environment says: under Run As another one than ssm-user
 * @throws Error with a text for the person when it cannot be started
 */
export function startPlannedProcess(
  plan: Exclude<SessionPlan, { kind: "refused" }>,
  home: MachineHome,
  events: SessionProcessEvents,
): StartedProcess {
  switch (plan.kind) {
    case "shell":
      return { process: new PtyProcess(loginShell(home), home, events), typed: plan.typed, tellsExitCode: false };
    case "pty-command":
      return {
        process: new PtyProcess(["/bin/sh", "-c", plan.commands], home, events),
        typed: "",
        tellsExitCode: false,
      };
    case "command":
      return {
        process: new CommandProcess(plan.words, plan.separate, home, events),
        typed: "",
        tellsExitCode: plan.separate !== undefined,
      };
  }
}

/** With our startup file only: nothing of this computer's profiles. A plain sh has no such file, and a plain prompt. */
function loginShell(home: MachineHome): string[] {
  const shell = shellPath();
  return shell.endsWith("bash")
    ? [shell, "--noprofile", "--rcfile", `${homeInside(home)}/.bashrc`, "-i"]
    : [shell, "-i"];
}
