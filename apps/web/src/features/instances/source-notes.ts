/** The list joins two services. What it lacks when one of them said no, or how old its part is, in a sentence each. Pure. */
import type { InstanceList } from "@causeway/wire-contract/instances";
import { problemEvidence } from "../../lib/failure.ts";
import type { SourceView } from "./inventory-store.ts";

/** Lists that a note names; of more it says how many. */
export const PLACES_NAMED_MAX = 3;

/** What the error catalog says of a code that came without words. */
export type WordsOf = (code: string) => { title: string; remedy: string } | undefined;

export interface SourceNote {
  key: string;
  text: string;
  /** What AWS said, for the tooltip. */
  evidence: string;
}

const SERVICES = {
  ec2: {
    name: "EC2",
    missing: "Stopped and unmanaged instances, zones and EC2 tags are missing",
    action: "ec2:DescribeInstances",
  },
  ssm: {
    name: "SSM",
    missing: "Nobody knows which are online, and hybrid nodes are missing",
    action: "ssm:DescribeInstanceInformation",
  },
} as const;

/** The calls without which there is no list, as policies name them. */
export const LIST_ACTIONS: readonly string[] = [SERVICES.ec2.action, SERVICES.ssm.action];

/** @param place named where the list shows more than one */
export function sourceNotes(sources: InstanceList["sources"], place?: string): SourceNote[] {
  const where = place === undefined ? "" : `${place}: `;
  const { ec2, ssm } = sources;
  if (ec2.problem !== undefined && ec2.problem.code === ssm.problem?.code && (ec2.kept || ssm.kept)) {
    const ended = ec2.problem.code === "CREDENTIALS_EXPIRED";
    const until = ended ? " until you sign in again; open sessions go on" : "";
    const text = `${where}${ec2.problem.title}. The list stays as it was${until}.`;
    return [{ key: `${place ?? ""} both`, text, evidence: problemEvidence(ssm.problem) }];
  }
  return (["ec2", "ssm"] as const).flatMap((key) => {
    const { ok, problem, kept } = sources[key];
    if (ok) return [];
    const { name, missing, action } = SERVICES[key];
    const isDenied = problem?.code === "AWS_ACCESS_DENIED";
    const reason = isDenied
      ? `this role may ${kept ? "no longer" : "not"} call ${action}`
      : withinSentence(problem?.title ?? `${name} did not answer`);
    const text = kept
      ? `${name} could not be asked again: ${reason}. What it said before stays.`
      : `${missing}: ${reason}.`;
    return [{ key: `${place ?? ""} ${key}`, text: where + text, evidence: problem ? problemEvidence(problem) : "" }];
  });
}

/** "your AWS sign-in ended"; names like "AWS" keep their letters. */
export function withinSentence(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title.slice(0, 1).toLowerCase() + title.slice(1) : title;
}

/**
 * Lists that are not there at all, refused or failed: one note a reason, which names them. Of one list alone the panel itself says it.
 * @param wordsOf undefined: not there yet, and nothing is said of refused lists until it is
 */
export function missingLists(sources: readonly SourceView[], wordsOf: WordsOf | undefined): SourceNote[] {
  if (sources.length < 2) return [];
  const missing = new Map<string, { title: string; evidence: string; remedy: string; places: string[] }>();
  for (const source of sources) {
    const { refused, status } = source;
    const problem = status?.phase === "failed" ? (status.ssm.problem ?? status.ec2.problem) : undefined;
    const code = refused ?? problem?.code;
    if (code === undefined || (problem === undefined && wordsOf === undefined)) continue;
    const known = wordsOf?.(code);
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
