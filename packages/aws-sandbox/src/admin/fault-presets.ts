// Faults to choose on the page: each a whole plan, and so also an example of one.
import { AWS_RATES } from "../faults/aws-rates.ts";
import type { FaultPlanInput } from "../faults/fault-plan.ts";

export interface FaultPreset {
  id: string;
  title: string;
  plan: FaultPlanInput;
}

const denied = { kind: "error", code: "AccessDeniedException" } as const;
const expired = { kind: "error", code: "ExpiredTokenException" } as const;
const throttled = { kind: "error", code: "ThrottlingException" } as const;

export const FAULT_PRESETS: readonly FaultPreset[] = [
  { id: "none", title: "No faults", plan: {} },
  {
    id: "throttled",
    title: "Throttling: every second call of a person",
    plan: { api: [{ operation: "*", probability: 0.5, effect: throttled }] },
  },
  { id: "aws_rates", title: "Throttling: calls beyond AWS's rates", plan: { rates: AWS_RATES } },
  {
    id: "start_denied",
    title: "StartSession is denied",
    plan: { api: [{ operation: "StartSession", effect: denied }] },
  },
  {
    id: "key_caller",
    title: "KMS denies the caller: GenerateDataKey",
    plan: { api: [{ operation: "GenerateDataKey", effect: denied }] },
  },
  {
    id: "key_machine",
    title: "KMS denies the machine: Decrypt",
    plan: { api: [{ operation: "Decrypt", effect: denied }] },
  },
  {
    id: "data_channel",
    title: "Machines may not create data channels",
    plan: { api: [{ operation: "CreateDataChannel", effect: denied }] },
  },
  { id: "run_as_no_user", title: "Run As: no such user", plan: { agents: [{ fails: "run_as_no_user" }] } },
  { id: "run_as_not_set", title: "Run As: no user was set", plan: { agents: [{ fails: "run_as_not_set" }] } },
  {
    id: "log_group_not_encrypted",
    title: "The log group is not encrypted",
    plan: { agents: [{ fails: "log_group_not_encrypted" }] },
  },
  {
    id: "log_group_unreadable",
    title: "The log group cannot be looked at",
    plan: { agents: [{ fails: "log_group_unreadable" }] },
  },
  {
    id: "bucket_not_encrypted",
    title: "The log bucket is not encrypted",
    plan: { agents: [{ fails: "bucket_not_encrypted" }] },
  },
  {
    id: "bucket_unreadable",
    title: "The log bucket cannot be looked at",
    plan: { agents: [{ fails: "bucket_unreadable" }] },
  },
  { id: "shell_profile", title: "The shell profile fails", plan: { agents: [{ fails: "shell_profile" }] } },
  { id: "handshake", title: "The handshake times out", plan: { agents: [{ fails: "handshake" }] } },
  { id: "no_shell_plugin", title: "The agent has no shell plugin", plan: { agents: [{ fails: "no_shell_plugin" }] } },
  { id: "blank", title: "A blank screen: nothing ever comes", plan: { agents: [{ fails: "blank" }] } },
  { id: "ping_online", title: "Stale ping: every node is called Online", plan: { nodes: [{ ping: "online" }] } },
  { id: "ping_lost", title: "Stale ping: every node is called lost", plan: { nodes: [{ ping: "lost" }] } },
  {
    id: "old_agents",
    title: "Every agent says that it is 2.3.50.0",
    plan: { nodes: [{ agentVersion: "2.3.50.0" }] },
  },
  {
    id: "bye",
    title: "AWS's hourly closing, every 20 s",
    plan: { cuts: [{ end: "client", how: "bye", everyMs: 20_000 }] },
  },
  {
    id: "resume_expired",
    title: "ResumeSession: the keys have expired",
    plan: { api: [{ operation: "ResumeSession", effect: { ...expired, status: 403 } }] },
  },
  {
    id: "resume_gone",
    title: "ResumeSession: the session can no longer be resumed",
    plan: { api: [{ operation: "ResumeSession", effect: { kind: "without_token" } }] },
  },
  {
    id: "code_slow_down",
    title: "Device codes: every poll is too fast",
    plan: { api: [{ operation: "CreateToken", effect: { kind: "error", code: "SlowDownException" } }] },
  },
  {
    id: "code_expired",
    title: "Device codes have run out",
    plan: { api: [{ operation: "CreateToken", effect: expired }] },
  },
  {
    id: "code_denied",
    title: "Device codes are denied",
    plan: { api: [{ operation: "CreateToken", effect: denied }] },
  },
  {
    id: "slow_acknowledgements",
    title: "Agents acknowledge input two seconds late",
    plan: { agents: [{ acknowledgeDelayMs: 2_000 }] },
  },
  {
    id: "silent",
    title: "Data channels fall silent after 10 s, for 20 s",
    plan: { agents: [{ silent: { afterMs: 10_000, forMs: 20_000 } }] },
  },
  {
    id: "bad_link",
    title: "A bad link: loss, repeats, disorder, delay",
    plan: {
      links: [
        {
          toAgent: { loss: 0.05, duplicate: 0.02, delay: { ms: 50, jitterMs: 200 } },
          toClient: { loss: 0.05, duplicate: 0.02, reorder: { probability: 0.1, frames: 3 } },
        },
      ],
    },
  },
  {
    id: "limits",
    title: "Idle timeout of 30 s, at most 5 min",
    plan: { limits: [{ idleSeconds: 30, durationSeconds: 300 }] },
  },
];
