/** What stands in the place of the list when there is none: loading, failed, empty, no match (DESIGN §10). */
import type { IdentityView } from "@causeway/wire-contract/identity";
import { Fragment } from "react";
import { ApiProblem } from "../../lib/api-client.ts";
import { describeFailure } from "../../lib/failure.ts";
import { Icon } from "../../lib/icons.tsx";
import { identityTitle, regionsOf } from "../../lib/identities.ts";
import { formatSpan } from "../../lib/relative-time.ts";
import { Button } from "../../ui/button.tsx";
import { Evidence } from "../../ui/evidence.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useNow } from "../../ui/use-now.ts";
import type { Filter } from "./instance-filter.ts";
import type { IndexedInstance } from "./instance-index.ts";
import type { LeftList } from "./inventory-store.ts";
import { LIST_ACTIONS } from "./source-notes.ts";

const SuggestedSearch = lazyPart(async () => (await import("./suggested-search.tsx")).SuggestedSearch);

const SKELETON_WIDTHS = [62, 48, 70, 54, 66, 44, 58, 50];

export function ListLoading() {
  return (
    <div className="list loading" role="status" aria-label="Loading instances">
      {SKELETON_WIDTHS.map((width) => (
        <div key={width} className="sk-row">
          <span className="sk dot" />
          <span>
            <span className="sk" style={{ width: `${width}%` }} />
            <span className="sk second" style={{ width: `${width * 0.8}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

interface ThrottledProps {
  /** Undefined: nothing was ever complete. */
  listAtMs: number | undefined;
  nextTryAtMs: number | undefined;
}

/** AWS asked to slow down: the rows stay, with their age and the time of the next try. */
export function Throttled({ listAtMs, nextTryAtMs }: ThrottledProps) {
  const nowMs = useNow();
  const waitMs = nextTryAtMs === undefined ? 0 : nextTryAtMs - nowMs;
  return (
    <div className="side-strip" role="status">
      <Icon name="clock" />
      <span>
        <b>AWS asked us to slow down.</b>{" "}
        <span className="num" aria-live="off">
          {listAtMs !== undefined && `The list is ${formatSpan(nowMs - listAtMs)} old. `}
          {waitMs > 0 ? `Trying again in ${formatSpan(waitMs)}.` : "Trying now."}
        </span>
      </span>
    </div>
  );
}

interface FailedProps {
  error: unknown;
  retrying: boolean;
  onRetry(): void;
  onOtherRole(): void;
}

/** There is no list, and why. A refusal is about the role: it names what the role lacks, and offers another one. */
export function ListFailed({ error, retrying, onRetry, onOtherRole }: FailedProps) {
  const failure = describeFailure(error);
  const isDenied = error instanceof ApiProblem && error.problem.code === "AWS_ACCESS_DENIED";
  const [ec2, ssm] = LIST_ACTIONS;
  return (
    <Notice
      alert
      icon="warning"
      tone="bad"
      title={isDenied ? "This role cannot list instances here" : failure.title}
      actions={
        <>
          {isDenied && (
            <Button variant="primary" onClick={onOtherRole}>
              Use another role
            </Button>
          )}
          <Button variant={isDenied ? "plain" : "primary"} onClick={onRetry}>
            {retrying ? "Trying…" : "Try again"}
          </Button>
        </>
      }
    >
      {isDenied ? (
        <p>
          It may call neither <span className="mono">{ec2}</span> nor <span className="mono">{ssm}</span>. An admin of
          the account can allow either.
        </p>
      ) : (
        <p>
          {failure.cause} {failure.remedy}
        </p>
      )}
      <Evidence text={failure.evidence} />
    </Notice>
  );
}

interface NoInstancesProps {
  /** Whose lists are shown. */
  identities: readonly IdentityView[];
  regions: readonly string[];
  /** Lists that this page has seen. */
  left: readonly LeftList[];
  /** @param region or several, with commas between */
  onRegion(region: string): void;
}

/** Regions offered instead. */
const OTHER_REGIONS_MAX = 2;

export function NoInstances({ identities, regions, left, onRegion }: NoInstancesProps) {
  const elsewhere = left.filter(
    ({ account, region, count }) =>
      count > 0 && !regions.includes(region) && identities.some(({ person }) => person.account === account),
  );
  const countIn = (region: string): number => sum(elsewhere.filter((list) => list.region === region));
  // where there are some, most first; then as they are offered
  const others = regionsOf(identities)
    .filter(({ id }) => !regions.includes(id))
    .sort((one, other) => countIn(other.id) - countIn(one.id))
    .slice(0, OTHER_REGIONS_MAX);
  const known = others.filter(({ id }) => countIn(id) > 0);
  return (
    <Notice
      icon="server"
      title={`No instances in ${regions.length === 1 ? regions[0] : `${regions.length} regions`}`}
      actions={others.map(({ id }, number) => (
        <Button key={id} variant={number === 0 ? "primary" : "plain"} onClick={() => onRegion(id)}>
          Switch to {id}
        </Button>
      ))}
    >
      <p>
        Searched EC2 instances and SSM nodes that these may list:{" "}
        <span className="num">{identities.map(identityTitle).join(", ")}</span>.
        {known.length > 0 && (
          <>
            {" "}
            There were{" "}
            {known.map(({ id }, number) => (
              <Fragment key={id}>
                {number > 0 && " and "}
                {countIn(id)} in <span className="mono">{id}</span>
              </Fragment>
            ))}
            .
          </>
        )}
      </p>
    </Notice>
  );
}

function sum(lists: readonly LeftList[]): number {
  return lists.reduce((total, { count }) => total + count, 0);
}

interface NoMatchProps {
  filter: string;
  typed: Filter;
  index: readonly IndexedInstance[];
  account: string;
  /** Named by the filter, and not listed. */
  regions: readonly string[];
  /** More regions than are shown may be. */
  allRegions: readonly string[] | undefined;
  onRegion(region: string): void;
  onSearch(text: string): void;
  onClear(): void;
}

export function NoMatch(props: NoMatchProps) {
  const { filter, typed, index, account, regions, allRegions, onRegion, onSearch, onClear } = props;
  return (
    <Notice
      title={`Nothing matches “${filter}”`}
      actions={
        <>
          <SuggestedSearch typed={typed} index={index} onSearch={onSearch} />
          {regions.map((region) => (
            <Button key={region} onClick={() => onRegion(region)}>
              Show {region}
            </Button>
          ))}
          {allRegions && regions.length === 0 && (
            <Button onClick={() => onRegion(allRegions.join(","))}>All regions</Button>
          )}
          <Button onClick={onClear}>Clear the filter</Button>
        </>
      }
    >
      <p role="status">
        Searched names, ids, IPs and tags in <span className="num">{account}</span>.
      </p>
    </Notice>
  );
}
