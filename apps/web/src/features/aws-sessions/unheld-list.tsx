/** The person's sessions in AWS that Causeway does not hold: what it started apart from the rest, each ended on her word. */
import { formatSpan } from "../../lib/relative-time.ts";
import { Button } from "../../ui/button.tsx";
import { FailureBanner } from "../../ui/failure-banner.tsx";
import { Notice } from "../../ui/notice.tsx";
import "../../ui/table.css";
import { TableHead } from "../../ui/table-head.tsx";
import { type Gathered, type Place, regionWords, type UnheldRow } from "./unheld-places.ts";

interface Props {
  gathered: Gathered;
  /** What tells the identities of the login apart, by id; empty for a single one. */
  identityWords: ReadonlyMap<string, string>;
  /** Beyond what is asked at once. */
  notAsked: readonly Place[];
  /** Identities whose credentials ended, in words. */
  expired: readonly string[];
  nowMs: number;
  onEnd(row: UnheldRow): void;
  onRetry(): void;
}

export function UnheldList({ gathered, identityWords, notAsked, expired, nowMs, onEnd, onRetry }: Props) {
  const { startedHere, others, asking, answered, failures, truncated } = gathered;
  const isEmpty = startedHere.length + others.length === 0;
  const inWords = (places: readonly Place[]) => placeWords(places, identityWords);
  const table = (title: string, note: string, rows: readonly UnheldRow[]) =>
    rows.length > 0 && <Rows {...{ title, note, rows, identityWords, nowMs, onEnd }} />;
  return (
    <section className="table-rows" aria-label="Sessions in AWS" aria-busy={asking > 0} tabIndex={0}>
      {failures.map(({ error, places }) => (
        <div key={inWords(places)}>
          <p className="table-note t2">
            Not known for {inWords(places)}.{" "}
            <Button size="sm" onClick={onRetry}>
              Ask again
            </Button>
          </p>
          <FailureBanner error={error} />
        </div>
      ))}
      {expired.map((who) => (
        <p key={who} className="table-note warn-text">
          The credentials of {who} ended: sign in again to see its sessions.
        </p>
      ))}
      {table(
        "Started by Causeway",
        "Causeway began them, and this server does not hold them: it lost its own record, or another server has them.",
        startedHere,
      )}
      {table("Started elsewhere", "With the AWS CLI, the AWS console or another tool, under your name.", others)}
      {truncated.length > 0 && (
        <p className="table-note t2">AWS has more sessions in {inWords(truncated)} than are listed here.</p>
      )}
      {notAsked.length > 0 && (
        <p className="table-note t2">Not asked, because there are too many places: {inWords(notAsked)}.</p>
      )}
      {isEmpty && asking > 0 && <Notice busy title="Asking AWS" />}
      {isEmpty && asking === 0 && answered.length > 0 && (
        <Notice icon="check" title="No other sessions">
          <p>AWS has no session of yours in {inWords(answered)} that Causeway does not hold.</p>
        </Notice>
      )}
    </section>
  );
}

interface RowsProps {
  title: string;
  note: string;
  rows: readonly UnheldRow[];
  identityWords: ReadonlyMap<string, string>;
  nowMs: number;
  onEnd(row: UnheldRow): void;
}

function Rows({ title, note, rows, identityWords, nowMs, onEnd }: RowsProps) {
  const columns = ["Instance", "Region", ...(identityWords.size > 0 ? ["As"] : []), "Started", "State", "Session"];
  return (
    <>
      <h2 className="table-note t13 semi">{title}</h2>
      <p className="table-note t12 t2">{note}</p>
      <table aria-label={title}>
        <TableHead columns={columns} />
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.place.identityId} ${row.place.region} ${row.awsSessionId}`}>
              <td className="mono">{row.instanceId}</td>
              <td>{row.place.region}</td>
              {identityWords.size > 0 && <td>{identityWords.get(row.place.identityId)}</td>}
              <td className="num">{startedWords(row, nowMs)}</td>
              <td>{row.status}</td>
              <td className="mono" title={row.documentName}>
                {row.awsSessionId}
              </td>
              <td>
                <span className="row-actions">
                  <Button size="sm" onClick={() => onEnd(row)}>
                    End
                    <span className="sr">
                      {" "}
                      {row.awsSessionId} on {row.instanceId}
                    </span>
                  </Button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** "3 h ago"; empty when AWS does not say. */
function startedWords({ startedAt }: UnheldRow, nowMs: number): string {
  return startedAt === undefined ? "" : `${formatSpan(Math.max(0, nowMs - startedAt))} ago`;
}

/** "eu-west-1 and us-east-1"; with several identities "harbor-prod: eu-west-1; harbor-dev: us-east-1". */
function placeWords(places: readonly Place[], identityWords: ReadonlyMap<string, string>): string {
  if (identityWords.size === 0) return regionWords(places);
  const ids = [...new Set(places.map(({ identityId }) => identityId))];
  return ids
    .map((id) => `${identityWords.get(id)}: ${regionWords(places.filter(({ identityId }) => identityId === id))}`)
    .join("; ");
}
