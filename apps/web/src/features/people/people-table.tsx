/** Who is signed in, and who is kept out; for admins. */
import type { PersonEntry } from "@causeway/wire-contract/people";
import { Icon } from "../../lib/icons.tsx";
import { formatSpan } from "../../lib/relative-time.ts";
import { Button } from "../../ui/button.tsx";
import "../../ui/table.css";
import { TableHead } from "../../ui/table-head.tsx";
import type { PersonAct } from "./person-acts.ts";

interface Props {
  people: readonly PersonEntry[];
  /** Keys `account/userId` of whoever looks: nobody puts herself out here. */
  own: ReadonlySet<string>;
  nowMs: number;
  onAct(act: PersonAct, person: PersonEntry): void;
}

export function personKey({ account, userId }: Pick<PersonEntry, "account" | "userId">): string {
  return `${account}/${userId}`;
}

export function PeopleTable({ people, own, nowMs, onAct }: Props) {
  return (
    <section className="table-rows" aria-label="People" tabIndex={0}>
      <table>
        <TableHead
          columns={["Person", "Role", "Account", "Browsers", "Open shells", "Last seen", "State"]}
          actions="Actions"
        />
        <tbody>
          {people.map((person) => (
            <Row
              key={personKey(person)}
              person={person}
              isOwn={own.has(personKey(person))}
              nowMs={nowMs}
              onAct={(act) => onAct(act, person)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  person: PersonEntry;
  isOwn: boolean;
  nowMs: number;
  onAct(act: PersonAct): void;
}

function Row({ person, isOwn, nowMs, onAct }: RowProps) {
  const { name, role, account, accountName, logins, sessions, lastSeenAt, disabled, proven, userId } = person;
  const who = <span className="sr"> {name}</span>;
  return (
    <tr>
      <td title={userId}>
        <span className="med">{name}</span>
        {isOwn && <span className="t3"> · you</span>}
        {!proven && role !== "" && <span className="t12 t3"> · name unverified</span>}
      </td>
      <td>{role || <span className="t3">not signed in</span>}</td>
      <td className="num">
        {accountName === undefined ? (
          account
        ) : (
          <>
            {accountName} <span className="t12 t3">{account}</span>
          </>
        )}
      </td>
      <td className="num">{logins}</td>
      <td className="num">{sessions}</td>
      <td className="num">{lastSeenAt === undefined ? "" : `${formatSpan(nowMs - lastSeenAt)} ago`}</td>
      <td>
        {disabled === undefined ? (
          "may sign in"
        ) : (
          <span className="warn-text">
            <Icon name="lock" size="sm" /> disabled by {disabled.by}, {formatSpan(nowMs - disabled.at)} ago
          </span>
        )}
      </td>
      <td>
        {!isOwn && (
          <span className="row-actions">
            {(logins > 0 || sessions > 0) && (
              <Button size="sm" onClick={() => onAct("kick")}>
                Sign out{who}
              </Button>
            )}
            {disabled === undefined ? (
              <Button size="sm" onClick={() => onAct("disable")}>
                Disable{who}
              </Button>
            ) : (
              <Button size="sm" onClick={() => onAct("enable")}>
                Enable{who}
              </Button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}
