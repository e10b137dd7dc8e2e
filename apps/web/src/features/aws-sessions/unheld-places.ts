/** Sessions that AWS has and Causeway does not hold, gathered over identities and regions. Pure. */
import type { IdentityView } from "@causeway/wire-contract/identity";
import type { UnheldSession, UnheldSessions } from "@causeway/wire-contract/unheld-sessions";
import { ApiProblem } from "../../lib/api-client.ts";

/** Identities times regions that are asked at once; at the bound the rest is named as not asked. The server takes 60 a minute. */
export const PLACES_MAX = 40;

/** Where AWS is asked, and as whom. */
export interface Place {
  identityId: string;
  region: string;
}

/** What one place said so far: neither field while it is being asked. */
export interface PlaceAnswer {
  place: Place;
  list?: UnheldSessions | undefined;
  error?: unknown;
}

export interface UnheldRow extends UnheldSession {
  place: Place;
}

export interface Gathered {
  /** Newest first. */
  startedHere: UnheldRow[];
  /** Newest first. */
  others: UnheldRow[];
  /** Places that have not answered yet. */
  asking: number;
  /** Places that gave their list. */
  answered: Place[];
  /** What failed in the same way is said once. */
  failures: { error: unknown; places: Place[] }[];
  /** Places that have more sessions than were read. */
  truncated: Place[];
}

export interface Places {
  asked: Place[];
  /** Beyond PLACES_MAX. */
  notAsked: Place[];
  /** Their credentials ended: AWS would refuse. */
  expired: IdentityView[];
}

/** Every configured region of every identity whose credentials live. */
export function placesOf(identities: readonly IdentityView[]): Places {
  const usable = identities.filter(({ state }) => state !== "expired");
  const places = usable.flatMap(({ id, regions }) => regions.map((region) => ({ identityId: id, region: region.id })));
  return {
    asked: places.slice(0, PLACES_MAX),
    notAsked: places.slice(PLACES_MAX),
    expired: identities.filter(({ state }) => state === "expired"),
  };
}

/** @param ended AWS ids that were ended here: AWS may list one for a while after it took the word */
export function gather(answers: readonly PlaceAnswer[], ended: ReadonlySet<string> = new Set()): Gathered {
  const found: Gathered = { startedHere: [], others: [], asking: 0, answered: [], failures: [], truncated: [] };
  for (const { place, list, error } of answers) {
    if (error !== undefined) noteFailure(found, place, error);
    else if (list === undefined) found.asking += 1;
    if (list === undefined) continue;
    if (error === undefined) found.answered.push(place);
    const rows = (sessions: readonly UnheldSession[]) =>
      sessions.filter(({ awsSessionId }) => !ended.has(awsSessionId)).map((session) => ({ ...session, place }));
    found.startedHere.push(...rows(list.startedHere));
    found.others.push(...rows(list.others));
    if (list.truncated) found.truncated.push(place);
  }
  found.startedHere.sort(newestFirst);
  found.others.sort(newestFirst);
  return found;
}

/** "eu-west-1", "eu-west-1 and us-east-1", each region once. */
export function regionWords(places: readonly Place[]): string {
  const regions = [...new Set(places.map(({ region }) => region))];
  const last = regions.pop() ?? "";
  return regions.length === 0 ? last : `${regions.join(", ")} and ${last}`;
}

function noteFailure({ failures }: Gathered, place: Place, error: unknown): void {
  const same = failures.find((failure) => kindOf(failure.error) === kindOf(error));
  if (same === undefined) failures.push({ error, places: [place] });
  else same.places.push(place);
}

function kindOf(error: unknown): string {
  return error instanceof ApiProblem ? error.problem.code : String((error as Error | undefined)?.name);
}

function newestFirst(one: UnheldRow, other: UnheldRow): number {
  return (other.startedAt ?? 0) - (one.startedAt ?? 0) || one.awsSessionId.localeCompare(other.awsSessionId);
}
