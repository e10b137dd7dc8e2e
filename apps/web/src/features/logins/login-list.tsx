/** The browsers somebody is signed in from, this one marked; each other one can be signed out. */
import type { LoginList } from "@causeway/wire-contract/identity";
import { Button } from "../../ui/button.tsx";
import "../../ui/table.css";
import { TableHead } from "../../ui/table-head.tsx";
import { dayAndTime, seenWords } from "./login-times.ts";

type Login = LoginList["logins"][number];

interface Props {
  list: LoginList;
  nowMs: number;
  onSignOut(login: Login): void;
}

export function LoginTable({ list, nowMs, onSignOut }: Props) {
  return (
    <section className="table-rows" aria-label="Browsers" tabIndex={0}>
      <table>
        <TableHead columns={["Browser", "As", "Address", "Signed in", "Last seen", "Ends"]} />
        <tbody>
          {list.logins.map((login) => (
            <tr key={login.id}>
              <td>
                {deviceWords(login)}
                {login.id === list.current && <b className="med"> · this browser</b>}
              </td>
              <td>{login.people.map(personWords).join("; ")}</td>
              <td className="mono">{login.ip}</td>
              <td>{dayAndTime(login.createdAt)}</td>
              <td className="num">{login.id === list.current ? "now" : seenWords(login.lastSeenAt, nowMs)}</td>
              <td>{dayAndTime(login.endsAt)}</td>
              <td>
                {login.id !== list.current && (
                  <span className="row-actions">
                    <Button size="sm" onClick={() => onSignOut(login)}>
                      Sign out
                      <span className="sr">
                        {" "}
                        {deviceWords(login)}, signed in {dayAndTime(login.createdAt)}
                      </span>
                    </Button>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function deviceWords({ device }: Pick<Login, "device">): string {
  return device === "" ? "A browser that does not say what it is" : device;
}

/** "dana, SRE-Operator in harbor-prod (111122223333)". */
function personWords({ name, role, account, accountName }: Login["people"][number]): string {
  return `${name}, ${role} in ${accountName === undefined ? account : `${accountName} (${account})`}`;
}
