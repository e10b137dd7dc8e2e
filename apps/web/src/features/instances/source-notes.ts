/** The list joins two services. What it lacks when one of them said no, in one sentence each. Pure. */
import { ERROR_CATALOG, type ErrorCode } from "@causeway/wire-contract/error-catalog";
import type { InstanceList } from "@causeway/wire-contract/instances";
import { problemEvidence } from "../../lib/failure.ts";
import type { SourceView } from "./inventory-store.ts";

/** Lists that a note names; of more it says how many. */
export const PLACES_NAMED_MAX = 3;

export interface SourceNote {
  key: string;
  text: string;
  /** What AWS said, for the tooltip. */
  evidence: string;
}

const WITHOUT = {
  ec2: {
    missing: "Stopped and unmanaged instances, zones and EC2 tags are missing",
    action: "ec2:DescribeInstances",
  },
  ssm: {
    missing: "Nobody knows which are online, and hybrid nodes are missing",
    action: "ssm:DescribeInstanceInformation",
  },
} as const;

/** @param place named where the list shows more than one */
export function sourceNotes(sources: InstanceList["sources"], place?: string): SourceNote[] {
  return (["ec2", "ssm"] as const).flatMap((key) => {
    const { ok, problem } = sources[key];
    if (ok) return [];
    const { missing, action } = WITHOUT[key];
    const reason =
      problem?.code === "AWS_ACCESS_DENIED"
        ? `this role may not call ${action}`
        : `${key === "ec2" ? "EC2" : "SSM"}: ${problem?.title ?? "no answer"}`;
    const where = place === undefined ? "" : `${place}: `;
    return [
      {
        key: `${place ?? ""} ${key}`,
        text: `${where}${missing}: ${reason}.`,
        evidence: problem ? problemEvidence(problem) : "",
      },
    ];
  });
}

/** Lists that are not there at all, refused or failed: one note a reason, which names them. Of one list alone the panel itself says it. */
export function missingLists(sources: readonly SourceView[]): SourceNote[] {
  if (sources.length < 2) return [];
  const missing = new Map<string, { title: string; evidence: string; remedy: string; places: string[] }>();
  for (const source of sources) {
    const { refused, status } = source;
    const problem = status?.phase === "failed" ? (status.ssm.problem ?? status.ec2.problem) : undefined;
    const code = refused ?? problem?.code;
    if (code === undefined) continue;
    const known = Object.hasOwn(ERROR_CATALOG, code) ? ERROR_CATALOG[code as ErrorCode] : undefined;
    const title = problem?.title ?? known?.title ?? code;
    const remedy = problem?.remedy ?? known?.remedy ?? "";
    const note = missing.get(code) ?? {
      title,
      remedy,
      evidence: problem ? problemEvidence(problem) : code,
      places: [],
    };
    missing.set(code, { ...note, places: [...note.places, placeOf(source, sources)] });
  }
  return [...missing].map(([code, { title, remedy, evidence, places }]) => ({
    key: `missing ${code}`,
    text: `${named(places)} ${places.length === 1 ? "is" : "are"} not in the list: ${title}. ${remedy}`.trim(),
    evidence,
  }));
}

/** Lists that end before their end. */
export function cutLists(sources: readonly SourceView[]): SourceNote[] {
  return sources.flatMap((source) =>
    source.status?.truncated === true
      ? [
          {
            key: `cut ${source.identityId} ${source.region}`,
            text: `${placeOf(source, sources)}: the first ${source.status.loaded} instances were kept; the list ends there, and a filter finds only these.`,
            evidence: "",
          },
        ]
      : [],
  );
}

/** The region; of several accounts also which. */
function placeOf({ region, account }: SourceView, sources: readonly SourceView[]): string {
  return sources.some((other) => other.account !== account) ? `${account} ${region}` : region;
}

function named(places: readonly string[]): string {
  const more = places.length - PLACES_NAMED_MAX;
  const first = places.slice(0, PLACES_NAMED_MAX).join(", ");
  return more > 0 ? `${first} and ${more} more` : first;
}
