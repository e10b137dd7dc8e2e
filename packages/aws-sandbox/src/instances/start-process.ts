/** Starts what a session plan says, on this machine. */
import type { Socket } from "node:net";
import { MuxTunnel } from "../ports/mux-tunnel.ts";
import { isMultiplexed, type PortPlan, wantsKeepAlive } from "../ports/port-plan.ts";
import { SingleTunnel } from "../ports/single-tunnel.ts";
import { CommandProcess } from "./command-process.ts";
import { ELEVATED_USER, homeInside, type MachineHome, shellPath } from "./home-directory.ts";
import { PtyProcess } from "./pty-process.ts";
import type { SessionPlan } from "./session-plan.ts";
import type { SessionProcess, SessionProcessEvents, TunnelEvents } from "./session-process.ts";

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
  plan: Exclude<SessionPlan, { kind: "refused" | "port" }>,
  home: MachineHome,
  events: SessionProcessEvents,
): StartedProcess {
  const whose = plan.kind !== "shell" && plan.isElevated ? { ...home, user: ELEVATED_USER } : home;
  switch (plan.kind) {
    case "shell":
      return { process: new PtyProcess(loginShell(home), home, events), typed: plan.typed, tellsExitCode: false };
    case "pty-command":
      return {
        process: new PtyProcess(["/bin/sh", "-c", plan.commands], whose, events),
        typed: "",
        tellsExitCode: false,
      };
    case "command":
      return {
        process: new CommandProcess(plan.words, plan.separate, whose, events),
        typed: "",
        tellsExitCode: plan.separate !== undefined,
      };
  }
}

/** @param dial to the destination's port */
export function startTunnel(
  plan: PortPlan,
  versions: { agent: string; client: string | undefined },
  dial: (port: number) => Promise<Socket>,
  events: TunnelEvents,
): StartedProcess {
  const options = { dial: () => dial(plan.port), events };
  const process = isMultiplexed(plan, versions.agent, versions.client)
    ? new MuxTunnel({ ...options, keepAlive: wantsKeepAlive(versions.client) })
    : new SingleTunnel({ ...options, redials: plan.isForwarding });
  return { process, typed: "", tellsExitCode: false };
}

/** With our startup file only: nothing of this computer's profiles. A plain sh has no such file, and a plain prompt. */
function loginShell(home: MachineHome): string[] {
  const shell = shellPath();
  return shell.endsWith("bash")
    ? [shell, "--noprofile", "--rcfile", `${homeInside(home)}/.bashrc`, "-i"]
    : [shell, "-i"];
}
