// The machines that exist when the sandbox starts: two accounts, three regions; a fourth is empty. About one in four cannot be opened, each for another
// true cause; BROKEN_MACHINES names them, and a test opens every one.
import { FIRST_MACHINES } from "./first-machines.ts";
import type { FleetInstance } from "./fleet.ts";
import { LATER_MACHINES } from "./later-machines.ts";

/** Their order is `--fleet N`'s: the first N are the same machines for every N. */
export const DEFAULT_FLEET: readonly FleetInstance[] = [...FIRST_MACHINES, ...LATER_MACHINES];

export interface BrokenMachine {
  name: string;
  cause: string;
  /** Where it shows, to somebody with all permissions. */
  evidence: string;
}

export const BROKEN_MACHINES: readonly BrokenMachine[] = [
  { name: "orders-migrate-01", cause: "it is stopped", evidence: "EC2: state `stopped`" },
  { name: "orders-worker-02", cause: "its agent died 14 minutes ago", evidence: "SSM: `ConnectionLost`" },
  {
    name: "batch-nightly-02",
    cause: "it has no instance profile and was never registered",
    evidence: "EC2: no `IamInstanceProfile`; SSM does not list it",
  },
  {
    name: "web-legacy-01",
    cause: "its agent, 2.2.619.0, is from before sessions",
    evidence: "SSM: `Online`, `AgentVersion`; `GetConnectionStatus`: `notconnected`",
  },
  {
    name: "reports-vault-01",
    cause: "its role may not create a control channel",
    evidence: "SSM: `Online`; `GetConnectionStatus`: `notconnected`; EC2: another instance profile",
  },
  {
    name: "web-us-03",
    cause: "a service control policy denies its data channels",
    evidence: "the session fails after some seconds: `Setting up data channel … failed`",
  },
  {
    name: "syd-ledger-01",
    cause: "its role may not use the key of encrypted sessions",
    evidence: "the session fails: `Fetching data key failed`",
  },
  {
    name: "syd-audit-01",
    cause: "its role may not look at the log group of sessions",
    evidence: "the session fails: `unable to validate encryption`",
  },
  {
    name: "syd-batch-01",
    cause: "its disk is full",
    evidence: "the session fails: `Plugin with name Standard_Stream not found`",
  },
  {
    name: "stage-legacy-01",
    cause: "the user that Run As asks for does not exist there",
    evidence: "the session fails: `RunAs user deploy does not exist`",
  },
  {
    name: "store-043-gateway",
    cause: "the shop's line has been down for three hours",
    evidence: "SSM: `ConnectionLost`; EC2 does not know it",
  },
];
